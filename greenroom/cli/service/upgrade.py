"""`greenroom service upgrade`: proposes a newer release of the platform to a service's repository."""

from __future__ import annotations

import click

from foundation.errors import InputError
from foundation.jsontypes import Json
from greenroom.cli.actions import say
from greenroom.cli.client import connect
from greenroom.cli.output import console, output_option, print_json
from greenroom.cli.runs import run_action
from greenroom.cli.service.plan import document_of

ACTION = "greenroom:service:upgrade"


@click.command()
@click.argument("name", metavar="NAME|REPOSITORY")
@click.option("--to", "release", help="The release of the platform (default: the newest).")
@click.option("--dry-run", is_flag=True, help="Say what would be proposed, and propose nothing.")
@output_option
def upgrade(name: str, release: str | None, *, dry_run: bool, output: str) -> None:
    """Propose a newer release of the platform to a service, as a branch or pull request of its repository.

    The change is the pin in the service document and all that is rendered anew; its text has the release's notes
    and the plan of what changes. Nothing happens until the team accepts it.

    \b
      greenroom service upgrade order-api
      greenroom service upgrade commerce/order-api --to 2026.10 --dry-run
    """
    client = connect()
    repository = name if "/" in name else document_of(client.get(f"live/v1/health/component/default/{name}"), name)
    if not isinstance(repository, str):
        raise InputError(f"{name} comes from the file {repository}.", remedy="Change `spec.platform` there.")
    given: dict[str, Json] = {"repository": repository}
    if release:
        given["release"] = release
    done = run_action(client, ACTION, given, dry_run=dry_run, say=say).outputs
    if output == "json":
        print_json(done)
    elif not done["changed"]:
        console().print(f"{name} has release {done['release']} already", markup=False)
    elif dry_run:
        console().print(f"Release {done['release']} would be proposed on {done['branch']}", markup=False)
    else:
        console().print(f"[green]✓[/green] release {done['release']} is proposed to {name}")
        console().print(f"  {'branch':10} {done['branch']}", markup=False)
        console().print(f"  {'look at it':10} {done['url']}", markup=False)
