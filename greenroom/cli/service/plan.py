"""`greenroom service plan`: what a service document would change."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from foundation.errors import InputError
from greenroom.cli.client import Client, ServerError, connect
from greenroom.cli.output import console, output_option, print_json, print_problems
from greenroom.cli.service.documents import read_document
from greenroom.cli.service.plan_text import plan_lines

ACTION = "platform:plan-service"
SAME, FAILED, CHANGES = 0, 1, 2


@click.command()
@click.argument("target", metavar="FILE|NAME")
@click.option("--environment", "-e", help="This environment alone (default: all, and what is left in others).")
@click.option("--version", help="The image's tag or digest (default: the one that stands in each environment).")
@click.option("--repository", help="Where the service's files are, such as commerce/order-api (default: its team's).")
@output_option
def plan(target: str, environment: str | None, version: str | None, repository: str | None, output: str) -> None:
    """Show what a service document would change: in the repository, the clusters and at AWS. Changes nothing.

    FILE is a document on this machine; NAME is a service or a repository, whose document on the default branch is
    compared with what stands, so that drift shows.

    \b
      greenroom service plan service.yaml
      greenroom service plan service.yaml --environment production --version 1.5.0
      greenroom service plan order-api

    Signs: + made, ~ changed, ± replaced by a new one, - removed.

    Exit codes: 0 nothing would change; 2 there are changes; 1 wrong input, or no change was found and some of it could
    not be compared, which is not the same as no change.
    """
    client = connect()
    file = _file(target, client)
    given = {"environment": environment, "version": version, "repository": repository}
    if isinstance(file, Path):
        given["document"] = read_document(file).decode(errors="replace")
    else:
        given["repository"] = file
    found = ask_for_plan(client, given, str(file))
    if output == "json":
        print_json(found)
    else:
        for line in plan_lines(found):
            console().print(line.text, style=line.style or None, markup=False)
    sys.exit(CHANGES if found["hasChanges"] else FAILED if found["unknown"] else SAME)


def ask_for_plan(client: Client, given: dict[str, str | None], file: str) -> dict[str, Any]:
    """The answer of `platform:plan-service`. What is wrong with the document, `file`, is printed, and ends the command."""
    try:
        found: dict[str, Any] = client.invoke(ACTION, {name: value for name, value in given.items() if value})
    except ServerError as error:
        if not error.problems:
            raise
        print_problems([replace(each, file=file) for each in error.problems])
        sys.exit(FAILED)
    return found


def _file(target: str, client: Client) -> Path | str:
    """The document that is meant, or the repository that has it."""
    path = Path(target)
    if path.is_file() or path.suffix in {".yaml", ".yml"}:
        return path
    if path.is_dir():
        raise InputError(f"{target} is a folder.", remedy="Name the document in it, such as service.yaml.")
    if "/" in target:
        return target
    return document_of(client.get(f"live/v1/health/component/default/{target}"), target)


def document_of(health: dict[str, Any], name: str) -> Path | str:
    """Where the catalog has a service from: a page of a repository, `url:…/commerce/order-api/blob/…`, or a file."""
    location = str((health.get("document") or {}).get("location", ""))
    kind, _, place = location.partition(":")
    if kind == "url":
        return place.partition("/blob/")[0]
    if kind == "file" and Path(place).is_file():
        return Path(place)
    raise InputError(f"The document of {name} is not in a repository.", remedy="Name its file.")
