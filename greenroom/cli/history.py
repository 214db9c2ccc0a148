"""`greenroom health history`: how a service was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from foundation.backstage.entities import EntityRef
from greenroom.cli.client import connect
from greenroom.cli.output import console, output_option, print_json, print_table


@click.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 90), default=7, show_default=True, help="How far back.")
@click.option("--environment", "-e", default="", help="In this environment alone.")
@output_option
def command(name: str, days: int, environment: str, output: str) -> None:
    """Show how the service NAME was: each transition of its health, and the share of time in which it was healthy.

    \b
      greenroom health history order-api
      greenroom health history order-api --days 30 --environment production
    """
    ref = EntityRef.parse(name, default_kind="component", default_namespace="default")
    path = f"live/v1/health/{ref.kind}/{ref.namespace}/{ref.name}/timeline"
    timeline = connect().get(path, days=str(days), environment=environment)
    if output == "json":
        print_json(timeline)
        return
    if not timeline["environments"]:
        console().print(f"Nothing is known of the health of {name} in the last {days} days.", markup=False)
    for number, each in enumerate(timeline["environments"]):
        if number:
            console().print()
        _show(each, several=sum(other["name"] == each["name"] for other in timeline["environments"]) > 1)


def _show(environment: dict[str, Any], *, several: bool) -> None:
    where = f"{environment['name']} on {environment['cluster']}" if several else environment["name"]
    share = environment["healthy"]
    said = "no data" if share is None else f"healthy {_percent(share)} of the time that is known"
    console().print(f"{where}: {said}", style="bold", markup=False)
    print_table(
        [(_local(each["at"]), each["status"], each["message"]) for each in reversed(environment["transitions"])]
    )


def _percent(share: float) -> str:
    """Such as `99.3%`; only what is whole is 100%."""
    return f"{min(share * 100, 99.99) if share < 1 else 100:.4g}%"


def _local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
