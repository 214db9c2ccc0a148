"""What commands print: text for people, one JSON document for programs. Colour only on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import click

from foundation.errors import Problem
from foundation.jsontypes import Json

if TYPE_CHECKING:
    from rich.console import Console

Command = TypeVar("Command", bound=Callable[..., object])

STYLES = {
    "Healthy": "green",
    "Progressing": "cyan",
    "Suspended": "blue",
    "Missing": "yellow",
    "Degraded": "red",
    "Unknown": "magenta",
}


def output_option(command: Command) -> Command:
    """`--output text|json`, handed to the command as `output`."""
    kinds = click.Choice(["text", "json"])
    return click.option("--output", "-o", type=kinds, default="text", help="For people or for programs.")(command)


@cache
def console(*, error: bool = False) -> Console:
    """Where text goes. Long lines wrap on a terminal and stay whole in a pipe."""
    from rich.console import Console

    return Console(stderr=error, highlight=False, soft_wrap=True)


def print_json(value: Json) -> None:
    """One JSON document."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(rows: Sequence[Sequence[str]], *, header: Sequence[str] = (), error: bool = False) -> None:
    """Columns that line up, with a health word in its colour."""
    from rich.text import Text

    lines = [header, *rows] if header else list(rows)
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))] if lines else []
    for number, line in enumerate(lines):
        text = Text()
        for column, cell in enumerate(line):
            last = column == len(line) - 1
            style = "dim" if header and number == 0 else STYLES.get(cell, "")
            text.append(cell if last else cell.ljust(widths[column] + 2), style=style)
        console(error=error).print(text)


def print_problems(problems: Sequence[Problem]) -> None:
    """Each finding on its line, `file:line:column  what, what to do`; how many there are, and where they are explained."""
    for each in problems:
        place = f"{each.file}:{each.line}:{each.column}" if each.line else each.file
        click.echo(f"{place}  {each.message}{' ' + each.remedy if each.remedy else ''}")
    pages = list(dict.fromkeys(each.page for each in problems if each.page))
    count = f"{len(problems)} {'error' if len(problems) == 1 else 'errors'}"
    click.echo(f"{count}, explained at" if pages else count)
    for page in pages:
        click.echo(f"  {page}")
