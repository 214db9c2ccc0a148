"""Groups of commands whose modules are imported when they are asked for: `--help` answers at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

# A command's name → where it is (`package.module:attribute`), and what it does in a sentence.
Commands = Mapping[str, tuple[str, str]]


class LazyGroup(click.Group):
    """A group that knows the names and summaries of its commands without importing them."""

    def __init__(self, commands: Commands, **settings: Any) -> None:
        super().__init__(**settings)
        self._known = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._known)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._known:
            return None
        module, _, attribute = self._known[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from foundation.suggestions import closest

        name = args[0]
        if name not in self._known and (guess := closest(name, self._known)):
            ctx.fail(f'There is no command "{name}". Did you mean "{guess}"?')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self._known.items()])


class DefaultGroup(LazyGroup):
    """A group that stands for its first command where none is named: `greenroom health order-api`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self._known or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else [next(iter(self._known)), *args])
