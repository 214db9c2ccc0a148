"""The command's entry: its groups, and what happens to errors."""

from __future__ import annotations

import sys

import click

from foundation.errors import GreenroomError
from greenroom.cli.groups import LazyGroup

COMMANDS = {
    "service": ("greenroom.cli.service:command", "Create, check, plan and change services."),
    "health": ("greenroom.cli.health:command", "Show how services are doing, and why."),
    "docs": ("greenroom.cli.docs:command", "Build documentation."),
    "actions": ("greenroom.cli.actions:command", "List and run what the platform can do."),
    "local": ("greenroom.cli.local:command", "The platform on this machine: start, stop, break and heal."),
    "serve": ("greenroom.cli.serve:command", "Run the server."),
}


@click.command(
    cls=LazyGroup,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
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
