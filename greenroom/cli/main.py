"""The command's entry: its groups, and what happens to errors."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from foundation.errors import GreenroomError

# Each group's module is imported when it is asked for: `greenroom --help` answers at once.
GROUPS = {
    "service": ("greenroom.cli.service", "Create, check and render services."),
    "health": ("greenroom.cli.health", "Show how services are doing, and why."),
    "docs": ("greenroom.cli.docs", "Build documentation."),
    "actions": ("greenroom.cli.actions", "List and run what the platform can do."),
    "local": ("greenroom.cli.local", "The platform on this machine: start, stop, break and heal."),
    "serve": ("greenroom.cli.serve", "Run the server."),
}


class _Groups(click.Group):
    """A group that knows the names and summaries of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in GROUPS:
            return None
        command: click.Command = import_module(GROUPS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from foundation.suggestions import closest

        name = args[0]
        if name not in GROUPS and (guess := closest(name, GROUPS)):
            ctx.fail(f'There is no command "{name}". Did you mean "{guess}"?')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in GROUPS.items()])


@click.command(cls=_Groups, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="greenroom", prog_name="greenroom")
def greenroom() -> None:
    """Greenroom: services, health and documentation of your Backstage portal, from a terminal.

    \b
    Try first:
      greenroom local up                           start the platform on this machine
      greenroom health                             every service, worst first
      greenroom service create python-service      a new service from a golden path
      greenroom local break order-api --how crash  see what the portal makes of it

    Commands talk to GREENROOM_URL with GREENROOM_TOKEN, or to the platform on this machine.
    """


def main() -> None:
    """Run the command. Exit codes: 0 done, 1 failed or wrong input, 2 (plans alone) there are changes."""
    try:
        sys.exit(greenroom.main(prog_name="greenroom", standalone_mode=False) or 0)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "greenroom"
        click.echo(f"error: {error.format_message()}\n`{command} --help` shows how.", err=True)
    except click.ClickException as error:
        click.echo(f"error: {error.format_message()}", err=True)
    except click.Abort:
        click.echo("Stopped.", err=True)
    except GreenroomError as error:
        click.echo(f"error: {error}", err=True)
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        sys.stderr.close()
    sys.exit(1)
