"""`greenroom health explain`: objects judged offline, from files or a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foundation.errors import InputError, Problem
from greenroom.cli.output import STYLES, console, output_option, print_table

if TYPE_CHECKING:
    from catalog_provider.health.offline import Judged
    from foundation.jsontypes import JsonObject

# How manifests are called; of a folder these alone are read.
_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--rules", type=click.Path(path_type=Path), help="A folder of your own rules (*.yaml).")
@click.option(
    "--scripts", type=click.Path(path_type=Path), help="Argo CD's health scripts: a folder, or its argocd-cm."
)
@click.option(
    "--fail-on",
    type=click.Choice(list(STYLES), case_sensitive=False),
    multiple=True,
    help="End with 1 when an object is so; may be given again.",
)
@output_option
def command(
    files: Sequence[str], rules: Path | None, scripts: Path | None, fail_on: Sequence[str], output: str
) -> None:
    """Judge the health of Kubernetes objects in FILES, without a server and without a cluster.

    \b
      kubectl get deploy,pods -o yaml | greenroom health explain -
      greenroom health explain must-gather/ --output json
      greenroom health explain app.yaml --rules platform/health --fail-on Degraded

    Pods that come with their Deployment count against it, as in the portal. A folder stands for all manifests in it.
    With --output json, each object is one line, in the order in which it came.
    """
    from catalog_provider.health.offline import explain
    from foundation.health.rulebook import load_rulebook

    rulebook = load_rulebook(rules, scripts)
    judged = list(explain(_objects(files), rulebook, datetime.now(UTC)))
    if output == "json":
        for each in judged:
            click.echo(json.dumps(each.to_json(), ensure_ascii=False))
    else:
        _show(judged)
    failing = {each.lower() for each in fail_on}
    if any(each.verdict.status.value.lower() in failing for each in judged):
        sys.exit(1)


def _objects(files: Sequence[str]) -> list[JsonObject]:
    """All of them, or one error with what is wrong in each file."""
    from foundation.health.manifests import ManifestError, read_objects

    found: list[JsonObject] = []
    problems: list[Problem] = []
    for name in files:
        for each in _expanded(name, problems):
            try:
                found += read_objects(_content(each), "the pipe" if each == "-" else each)
            except OSError as error:
                problems.append(Problem(each, 0, 0, f"cannot be read: {error.strerror}."))
            except ManifestError as error:
                problems += error.problems
    if problems:
        raise InputError("Not every file could be read, so none was judged.", problems=problems)
    return found


def _expanded(name: str, problems: list[Problem]) -> list[str]:
    folder = Path(name)
    if name == "-" or not folder.is_dir():
        return [name]
    found = sorted(str(each) for each in folder.rglob("*") if each.suffix in _SUFFIXES and each.is_file())
    if not found:
        problems.append(Problem(name, 0, 0, "has no *.yaml, *.yml or *.json in it."))
    return found


def _content(name: str) -> bytes:
    if name != "-":
        return Path(name).read_bytes()
    if sys.stdin.isatty():
        raise InputError("Nothing is piped in.", remedy="Try: kubectl get pods -o yaml | greenroom health explain -")
    return sys.stdin.buffer.read()


def _show(judged: Sequence[Judged]) -> None:
    worst_first = sorted(judged, key=lambda each: -each.verdict.status.severity)
    print_table(
        [
            (
                each.kind,
                f"{each.namespace}/{each.name}" if each.namespace else each.name,
                each.verdict.status.value,
                each.verdict.message,
            )
            for each in worst_first
        ]
    )
    counts = {status: sum(each.verdict.status.value == status for each in judged) for status in STYLES}
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    console().print(f"{len(judged)} object{'' if len(judged) == 1 else 's'}: {said}", style="dim", markup=False)
