"""`greenroom service delete`: a service goes, with all that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from foundation.errors import NotFoundError
from foundation.suggestions import remedy
from greenroom.cli.client import Client, connect
from greenroom.cli.output import console, output_option, print_json, print_table
from greenroom.cli.runs import run_action
from greenroom.cli.service.asking import follow, print_saved, require_name
from greenroom.cli.service.create import all_entities

DELETE = "greenroom:service:delete"


@click.command()
@click.argument("name")
@click.option("--team", help="The team that has it (default: as the catalog says).")
@click.option(
    "--environment", "-e", "environments", multiple=True, help="From this environment alone; may be repeated."
)
@click.option("--confirm", metavar="NAME", help="The service's name, where nobody can be asked to type it.")
@output_option
def delete(name: str, team: str | None, environments: tuple[str, ...], confirm: str | None, output: str) -> None:
    """Delete a service: its routes, its pods, what it has at AWS, its secrets, and its entry in the catalog.

    Shows what goes, and asks to type its name. What holds data is saved before, and where is told. Secrets can be
    brought back in Vault. The repository stays.

    \b
      greenroom service delete order-api
      greenroom service delete order-api -e staging --confirm order-api

    Exit codes: 0 it is gone; 1 not done.
    """
    client = connect()
    given: dict[str, Any] = {"name": name, "team": team or _team(client, name)}
    if environments:
        given["environments"] = list(environments)
    if confirm is None:
        _show(run_action(client, DELETE, given, dry_run=True).outputs)
    typed = require_name(name, confirm, "delete it")
    outputs = run_action(client, DELETE, {**given, "confirm": typed}, say=follow).outputs
    if output == "json":
        print_json(outputs)
        return
    print_saved(outputs["saved"])
    console().print(f"[green]✓[/green] {name} is deleted{'' if outputs['fromCatalog'] else ' there'}")
    if outputs["repository"]:
        console().print(f"  its repository stays: {outputs['repository']}", markup=False)


def _show(planned: Mapping[str, Any]) -> None:
    """What goes, on standard error, beside the question."""
    rows = [
        (
            str(each["environment"]),
            str(each["place"]),
            f"{each['kind']}/{each['name']}",
            "holds data, is saved first" if each["holdsData"] else "",
        )
        for each in planned["removed"]
    ]
    print_table(rows, error=True)
    if planned["fromCatalog"]:
        console(error=True).print("It leaves the catalog.")


def _team(client: Client, name: str) -> str:
    """The team of a service, as the catalog has it."""
    entities = all_entities(client)
    components = {each["metadata"]["name"]: each for each in entities if each["kind"] == "Component"}
    if name not in components:
        guess = remedy(name, components)
        raise NotFoundError(
            f'The catalog has no service "{name}".', remedy=f"{guess} Or name its team with --team.".strip()
        )
    return str(components[name]["spec"]["owner"]).rpartition("/")[2].rpartition(":")[2]
