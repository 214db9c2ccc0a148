"""`greenroom local`: the platform on this machine."""

from __future__ import annotations

import dataclasses
import json
import sys
import time

import click

from foundation.errors import GreenroomError, InputError
from foundation.suggestions import remedy
from greenroom.cli.output import console, output_option, print_json, print_table
from greenroom.local import disturbances
from greenroom.local.layout import Layout, find_layout

KINDS = ("crash", "image", "oom", "init", "slow", "stuck", "secret")


@click.group()
def command() -> None:
    """The platform on this machine: start and stop it, break and heal what runs on it."""


@command.command()
@click.option("--without-portal", is_flag=True, help="Start all but the Backstage app.")
def up(*, without_portal: bool) -> None:
    """Start everything that does not run yet, and print where it is.

    GREENROOM_LOCAL_PORTS=portal=3001,server=7200 moves parts to other ports; GREENROOM_HOME moves the state.
    """
    from greenroom.local.platform import LocalPlatform

    started = time.monotonic()
    layout = find_layout()
    with console().status("Starting"):
        LocalPlatform(layout).up(_say, with_portal=not without_portal)
    _welcome(layout, time.monotonic() - started, with_portal=not without_portal)


@command.command()
def down() -> None:
    """Stop everything. What was created stays for the next start."""
    from greenroom.local.platform import LocalPlatform

    LocalPlatform(find_layout()).down(_say)


@command.command(short_help="Stop everything, and remove what was created.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Stop everything and remove what was created: repositories, clusters, runs, docs."""
    from greenroom.local.platform import LocalPlatform

    layout = find_layout()
    if not yes and not click.confirm(f"Remove everything in {layout.home}?"):
        raise GreenroomError("Nothing was removed.")
    LocalPlatform(layout).reset(_say)


@command.command()
@click.argument("part")
def restart(part: str) -> None:
    """Stop and start one PART, such as server or portal.

    `greenroom local status` lists the parts.
    """
    from greenroom.local.platform import LocalPlatform

    LocalPlatform(find_layout()).restart(part, _say)


@command.command(short_help="Install and build the portal, without starting it.")
def install() -> None:
    """Install the portal's packages and build its pages, without starting anything."""
    from greenroom.local import portal

    portal.prepare(find_layout(), _say)


@command.command(
    short_help="Run yarn with the portal's Node.",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def yarn(arguments: tuple[str, ...]) -> None:
    """Run yarn in the portal's folder, with the Node that the portal runs on."""
    from greenroom.local import portal

    sys.exit(portal.yarn(find_layout(), arguments))


@command.command()
@output_option
def status(output: str) -> None:
    """Show each part, where it is, and whether it answers."""
    from greenroom.local.platform import LocalPlatform

    states = LocalPlatform(find_layout()).status()
    if output == "json":
        print_json([dataclasses.asdict(each) for each in states])
        return
    words = {(True, True): "up", (True, False): "not answering", (False, False): "down"}
    print_table([(each.name, words[each.running, each.ready], each.address, each.title) for each in states])


@command.command("logs")
@click.argument("part")
@click.option(
    "--lines", "-n", type=click.IntRange(min=1), default=50, show_default=True, help="How many of the last lines."
)
def logs(part: str, lines: int) -> None:
    """Print the last lines of what a PART wrote.

    `greenroom local status` lists the parts.
    """
    file = find_layout().logs / f"{part}.log"
    if not file.is_file():
        known = sorted(path.stem for path in find_layout().logs.glob("*.log"))
        raise GreenroomError(f'There is no log of "{part}".', remedy=f"There are: {', '.join(known) or 'none yet'}.")
    click.echo("\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]))


@command.command(short_help="Print the platform's token.")
def token() -> None:
    """Print the platform's token: for GREENROOM_TOKEN, and the password of pushes to the Git host."""
    click.echo(_token(find_layout()))


@command.command("break", short_help="Break a SERVICE, to see what the portal makes of it.")
@click.argument("service")
@click.option("--how", type=click.Choice(KINDS), default="crash", show_default=True, help="What goes wrong.")
@click.option("--environment", "-e", help="Where (default: every environment that it runs in).")
def break_service(service: str, how: str, environment: str | None) -> None:
    """Break a SERVICE in the simulated clusters, to see what the portal makes of it.

    \b
      crash  every container ends with exit code 1      init   its init container crashes
      image  the image cannot be pulled                 slow   pods take long to become ready
      oom    containers are killed at their limit       stuck  a rollout that never finishes
      secret its secrets are no longer brought from the secret store

    \b
      greenroom local break order-api --how oom --environment staging
    """
    _known(environment, "environment")
    for name in disturbances.break_service(find_layout(), service, how, environment):
        console().print(f"{service} is broken in {name} ({how}). Mend it: greenroom local heal {service}")


@command.command()
@click.argument("service")
@click.option("--environment", "-e", help="Where (default: every environment that it runs in).")
def heal(service: str, environment: str | None) -> None:
    """Mend a SERVICE that was broken."""
    _known(environment, "environment")
    for name in disturbances.heal_service(find_layout(), service, environment):
        console().print(f"{service} is mended in {name}.")


@command.command()
@click.argument("cluster")
def disconnect(cluster: str) -> None:
    """Make a simulated CLUSTER unreachable.

    CLUSTER is staging or production. What runs there becomes Unknown, with the age of the last answer.
    """
    _known(cluster, "cluster")
    disturbances.disconnect(find_layout(), cluster)
    console().print(f"{cluster} is out of reach. Bring it back: greenroom local reconnect {cluster}")


@command.command()
@click.argument("cluster")
def reconnect(cluster: str) -> None:
    """Make a simulated CLUSTER reachable again."""
    _known(cluster, "cluster")
    disturbances.reconnect(find_layout(), cluster)
    console().print(f"{cluster} is reachable.")


def _known(name: str | None, what: str) -> None:
    """Each environment of this machine is one cluster of the same name."""
    from greenroom.local.parts import ENVIRONMENTS

    if name is not None and name not in ENVIRONMENTS:
        raise InputError(f'There is no {what} "{name}" on this machine.', remedy=remedy(name, ENVIRONMENTS))


def _token(layout: Layout) -> str:
    try:
        return str(json.loads(layout.credentials.read_text(encoding="utf-8"))["token"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise GreenroomError("There is no platform on this machine yet.", remedy="Start one: make up") from error


def _say(text: str) -> None:
    console().print(f"  [green]•[/green] {text}")


def _welcome(layout: Layout, seconds: float, *, with_portal: bool) -> None:
    ports = layout.ports
    portal = f"\n  Portal      {ports.url('portal')}" if with_portal else ""
    watching = "watch the Health column" if with_portal else "greenroom health --watch shows it"
    create = f"{ports.url('portal')}/create" if with_portal else "greenroom service create"
    console().print(f"""
[bold green]Greenroom is up[/bold green] [dim]({seconds:.0f} s)[/dim]
{portal}
  Greenroom   {ports.url("server")}
  Git         {ports.url("git")}
  Kubernetes  export KUBECONFIG={layout.kubeconfig}   [dim](simulated: contexts staging and production)[/dim]

Try first
  {"greenroom local break order-api --how crash":45} {watching}
  {"greenroom health order-api":45} why, and what to do
  {"greenroom local heal order-api":45} and back
  {create:45} make a new service

[dim]The command is .venv/bin/greenroom. Stop everything with make down; what you created stays.[/dim]""")
