"""Asking before something is done, and following it while it is."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from foundation.errors import InputError
from greenroom.cli.actions import say
from greenroom.cli.output import console, print_table

# What lines of a table begin with, which the command prints by itself at the end.
_ROWS = ("Healthy  ", "Skipped  ")


def require_name(name: str, confirm: str | None, what: str) -> str:
    """The name as it was typed to confirm `what`, such as "delete it", given beforehand or on the terminal."""
    if confirm is None and not sys.stdin.isatty():
        raise InputError(f"Nobody is there to type {name} to {what}.", remedy=f"Add --confirm {name}.")
    typed = confirm if confirm is not None else str(click.prompt(f"Type {name} to {what}", err=True))
    if typed != name:
        raise InputError(f'"{typed[:63]}" is not {name}. Nothing was done.')
    return typed


def require_yes(question: str, *, yes: bool) -> None:
    """Go on only where somebody agrees."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError("Nobody is there to agree.", remedy="Add --yes.")
    click.confirm(question, abort=True, err=True)


def follow(level: str, message: str) -> None:
    """Tell a line of a run's log, but for the table of what is well."""
    if level != "info" or not message.startswith(_ROWS):
        say(level, message)


def print_children(children: Sequence[Mapping[str, Any]]) -> None:
    """Each part of a service, and how it is doing."""
    rows = [
        (
            str(each["status"]),
            str(each["cluster"] or each["where"]),
            f"{each['kind']}/{each['name']}",
            str(each["reason"]),
        )
        for each in children
    ]
    print_table(rows)


def print_saved(saved: Sequence[Mapping[str, Any]]) -> None:
    """What was saved, and where it is."""
    for each in saved:
        how = "a snapshot" if each["entries"] is None else f"{each['entries']} entries"
        console().print(f"saved {each['name']} ({each['kind']}): {how} at {each['place']}", markup=False)
