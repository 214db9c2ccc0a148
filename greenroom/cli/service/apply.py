"""`greenroom service apply`: a service document becomes what runs."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from foundation.errors import InputError, Problem
from foundation.suggestions import remedy
from greenroom.cli.client import Client, connect
from greenroom.cli.output import console, output_option, print_json, print_problems
from greenroom.cli.runs import run_action, upload_folder
from greenroom.cli.service.asking import follow, print_children, print_saved, require_name, require_yes
from greenroom.cli.service.documents import read_document
from greenroom.cli.service.plan import ask_for_plan
from greenroom.cli.service.plan_text import plan_lines

VALIDATE = "platform:validate-service"
APPLY = "greenroom:service:apply"
DOCUMENT = "service.yaml"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--environment", "-e", help="This environment alone (default: each of the document, in its order).")
@click.option("--version", help="The image's tag or digest (default: the one that stands in each environment).")
@click.option("--yes", "-y", is_flag=True, help="Do not ask whether to do what the plan says.")
@click.option("--confirm", metavar="NAME", help="The service's name, to let go what holds data. Implies --yes.")
@click.option(
    "--timeout", metavar="MINUTES", type=float, help="Until what does not become well has failed (default: 10)."
)
@output_option
def apply(
    file: Path,
    environment: str | None,
    version: str | None,
    *,
    yes: bool,
    confirm: str | None,
    timeout: float | None,
    output: str,
) -> None:
    """Bring a service document into its environments: at AWS, in Vault, in the clusters, until all of it is well.

    Shows the plan first and asks, on a terminal. Environments come one after another, and a failure ends it. What
    holds data goes only when the service's name is typed, and is saved before. The repository stays as it is.

    \b
      greenroom service apply service.yaml -e staging
      greenroom service apply service.yaml -e production --version 1.5.0 --yes

    Exit codes: 0 everything is well; 1 not done, or not well.
    """
    client = connect()
    text = read_document(file)
    service = _service(client, text.decode(errors="replace"), str(file))
    environments = _environments(service, environment)
    plan = _plan(client, text, file, environment=environment, version=version)
    _tell_of_the_rest(plan, environments)
    plan = _of(plan, environments)
    if output == "text":
        for line in plan_lines(plan):
            console(error=True).print(line.text, style=line.style or None, markup=False)
    if plan["needsConfirmation"]:
        confirm = require_name(str(service["name"]), confirm, "go on")
    elif plan["hasChanges"]:
        require_yes("Apply this?", yes=yes or confirm is not None)
    given = {"version": version, "confirm": confirm, "timeoutMinutes": timeout}
    applied = []
    for each in environments:
        outputs = _apply(client, text, {**given, "environment": each})
        applied.append({"environment": each, **outputs})
        if output == "text":
            _print(each, str(service["name"]), outputs)
    if output == "json":
        print_json({"service": service["name"], "applied": applied})


def _service(client: Client, text: str, file: str) -> Mapping[str, Any]:
    """The service as the server reads its document. What is wrong with it is printed, and ends the command."""
    found = client.invoke(VALIDATE, {"document": text})
    if not found["valid"]:
        print_problems([Problem(**{**each, "file": file}) for each in found["problems"]])
        sys.exit(1)
    service: Mapping[str, Any] = found["service"]
    return service


def _environments(service: Mapping[str, Any], environment: str | None) -> Sequence[str]:
    known: Sequence[str] = service["environments"]
    if environment is None:
        return known
    if environment not in known:
        raise InputError(f'{service["name"]} does not run in "{environment}".', remedy=remedy(environment, known))
    return [environment]


def _plan(client: Client, text: bytes, file: Path, *, environment: str | None, version: str | None) -> dict[str, Any]:
    """What would change of what runs; files of the repository are not applying's to write."""
    given = {"document": text.decode(errors="replace"), "environment": environment, "version": version}
    plan = ask_for_plan(client, given, str(file))
    return {**plan, "changes": [each for each in plan["changes"] if each["where"] != "repository"]}


def _tell_of_the_rest(plan: Mapping[str, Any], environments: Sequence[str]) -> None:
    """What is left where the document has the service run no more: to apply it takes nothing away there."""
    for each in dict.fromkeys(each["environment"] for each in plan["changes"]):
        if each not in environments:
            hint = f"{each} still has parts of it: greenroom service delete {plan['service']} -e {each}"
            console(error=True).print(hint, style="yellow", markup=False)


def _of(plan: Mapping[str, Any], environments: Sequence[str]) -> dict[str, Any]:
    """The part of a plan that is about these environments."""
    changes = [each for each in plan["changes"] if each["environment"] in environments]
    return {
        **plan,
        "changes": changes,
        "unknown": {name: reasons for name, reasons in plan["unknown"].items() if name in environments},
        "hasChanges": any(each["verb"] != "keep" for each in changes),
        "needsConfirmation": any(each["needsConfirmation"] for each in changes),
    }


def _apply(client: Client, text: bytes, given: Mapping[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="greenroom-apply-") as folder:
        Path(folder, DOCUMENT).write_bytes(text)
        workspace = upload_folder(client, Path(folder))
    inputs = {name: value for name, value in given.items() if value is not None}
    return run_action(client, APPLY, inputs, workspace=workspace, say=follow).outputs


def _print(environment: str, name: str, outputs: Mapping[str, Any]) -> None:
    console().print(f"[bold]{environment}[/bold]")
    print_children(outputs["children"])
    print_saved(outputs["saved"])
    console().print(f"[green]✓[/green] {name} {outputs['version']} is well in {environment}\n")
