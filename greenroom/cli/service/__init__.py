"""`greenroom service`: everything about one service. Each command is imported when it is asked for."""

from __future__ import annotations

import click

from greenroom.cli.groups import LazyGroup

COMMANDS = {
    "create": ("greenroom.cli.service.create:create", "Create a service: repository, catalog entry, deployment."),
    "validate": ("greenroom.cli.service.documents:validate", "Check service documents, and name every error at once."),
    "render": ("greenroom.cli.service.render:render", "Render everything that a service document becomes."),
    "plan": ("greenroom.cli.service.plan:plan", "Show what a service document would change."),
    "apply": ("greenroom.cli.service.apply:apply", "Bring a service document into its environments."),
    "upgrade": (
        "greenroom.cli.service.upgrade:upgrade",
        "Propose a newer release of the platform to a service's repository.",
    ),
    "delete": ("greenroom.cli.service.delete:delete", "Delete a service, after what it holds was saved."),
    "schema": ("greenroom.cli.service.documents:schema", "Print the JSON Schema of the service document."),
}


@click.command(cls=LazyGroup, commands=COMMANDS)
def command() -> None:
    """Create, check, plan and change services."""
