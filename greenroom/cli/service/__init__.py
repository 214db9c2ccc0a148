"""`greenroom service`: everything about one service. Each command is imported when it is asked for."""

from __future__ import annotations

import click

from greenroom.cli.groups import LazyGroup

COMMANDS = {
    "create": ("greenroom.cli.service.create:create", "Create a service: repository, catalog entry, deployment."),
    "validate": ("greenroom.cli.service.documents:validate", "Check service documents, and name every error at once."),
    "render": ("greenroom.cli.service.render:render", "Render everything that a service document becomes."),
    "schema": ("greenroom.cli.service.documents:schema", "Print the JSON Schema of the service document."),
}


@click.command(cls=LazyGroup, commands=COMMANDS)
def command() -> None:
    """Create, check, plan and change services."""
