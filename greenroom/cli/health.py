"""`greenroom health`: how services are doing, and why."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from foundation.backstage.entities import EntityRef
from foundation.errors import InputError, NotFoundError
from foundation.suggestions import remedy
from greenroom.cli.client import Client, UnavailableError, connect
from greenroom.cli.groups import DefaultGroup
from greenroom.cli.output import STYLES, console, output_option, print_json, print_table

# Seconds between attempts to reach a server that restarts, which takes it about ten.
PAUSE = 1.0


COMMANDS = {
    "show": (
        "greenroom.cli.health:show",
        "Every service, worst first, or one with the reason; what `health` alone does.",
    ),
    "history": ("greenroom.cli.history:command", "How a service was over the last days, and for how long."),
    "explain": ("greenroom.cli.explain:command", "Judge objects from files or a pipe, without a server."),
}


@click.command(cls=DefaultGroup, commands=COMMANDS)
def command() -> None:
    """Show how services are doing, and why.

    \b
      greenroom health                                        every service, worst first
      greenroom health order-api                              one, with the reason and what to do
      greenroom health history order-api --days 30            how it was, and for how long
      greenroom health --watch                                each change as it happens
      kubectl get pods -o yaml | greenroom health explain -   any objects, offline

    `greenroom health show --help` has the options of the first three.
    """


@click.command()
@click.argument("name", required=False)
@click.option("--watch", "-w", is_flag=True, help="Keep showing changes until stopped.")
@click.option("--environment", "-e", default="", help="How it is in this environment alone.")
@click.option("--verdict", type=click.Choice(list(STYLES), case_sensitive=False), help="Only services with it.")
@click.option("--owner", default="", help="Only services of this team, as a name or an entity reference.")
@output_option
def show(name: str | None, watch: bool, environment: str, verdict: str | None, owner: str, output: str) -> None:
    """Show how every service is doing, worst first, or one service with the reason and what to do.

    \b
      greenroom health
      greenroom health order-api
      greenroom health --environment production --verdict Degraded
      greenroom health --owner commerce
      greenroom health --watch

    With --output json, --watch prints one JSON document a line.
    """
    for option, given in (("--verdict", verdict), ("--owner", owner)):
        if given and (name or watch):
            raise InputError(f"{option} chooses from the list of services.", remedy="Leave out NAME and --watch.")
    if environment and watch:
        raise InputError("--watch shows every environment.", remedy="Leave out --environment.")
    client = connect()
    if watch:
        _watch(client, name, output)
    elif name:
        _one(client, name, environment, output)
    else:
        _all(client, environment, verdict or "", owner, output)


def _all(client: Client, environment: str, verdict: str, owner: str, output: str) -> None:
    items = client.get("live/v1/health", environment=environment, verdict=verdict, owner=owner)["items"]
    if output == "json":
        print_json(items)
        return
    if not items:
        whose, where = f" of {owner}" if owner else "", f" in {environment}" if environment else ""
        is_so = f" is {verdict}" if verdict else " has health to show"
        console().print(f"No service{whose}{is_so}{where}.", markup=False)
        return
    rows = [(_short(item["entityRef"]), each) for item in items for each in _asked_for(item, environment)]
    print_table([(name, each["status"], since(each["since"]), each["message"]) for name, each in rows])


def _asked_for(item: dict[str, Any], environment: str) -> list[dict[str, Any]]:
    """A service as a whole, or as it is in each cluster of the environment that was asked for."""
    return [each for each in item["environments"] if each["name"] == environment] if environment else [item]


def _one(client: Client, name: str, environment: str, output: str) -> None:
    ref = EntityRef.parse(name, default_kind="component", default_namespace="default")
    detail = client.get(f"live/v1/health/{ref.kind}/{ref.namespace}/{ref.name}")
    if environment:
        names = [str(each["name"]) for each in detail["environments"]]
        if environment not in names:
            raise NotFoundError(f'{name} has no environment "{environment}".', remedy=remedy(environment, names))
        detail["environments"] = [each for each in detail["environments"] if each["name"] == environment]
    if output == "json":
        print_json(detail)
        return
    rows = []
    for number, each in enumerate(detail["environments"]):
        version = f", version {each['version']}" if each.get("version") else ""
        sentence = f"{each['message']}{version} ({since(each['since'])})"
        rows.append((_short(detail["entityRef"]) if number == 0 else "", each["status"], each["name"], sentence))
    print_table(rows or [(_short(detail["entityRef"]), detail["status"], "", detail["message"])])
    _print_details(detail)


def _print_details(detail: dict[str, Any]) -> None:
    """What the verdicts rest on, what to do, where to look, and what is wrong with the document."""
    for each in detail["environments"]:
        for line in _reasons(each):
            console().print(f"  why      {each['name']}: {line}", markup=False)
    for step in detail.get("next", []):
        how = step.get("command") or step.get("url") or ""
        console().print(f"  next     {step['title']}{': ' if how else ''}{how}", markup=False)
    unwell = {each["name"] for each in detail["environments"] if each["status"] != "Healthy"}
    for link in detail.get("links", []) if detail["status"] != "Healthy" else ():
        if link["environment"] in {None, *unwell}:
            console().print(f"  link     {link['title']}: {link['url']}", markup=False)
    document = detail.get("document") or {}
    for problem in document.get("problems", []):
        place = f"{problem['file']}:{problem['line']}:{problem['column']}"
        console().print(f"  document {place}  {problem['message']} {problem['remedy']}", style="red", markup=False)
    if detail.get("simulated"):
        console().print("  The cluster is simulated: nothing runs in its pods, so they have no logs.", style="dim")


def _reasons(environment: dict[str, Any]) -> Iterator[str]:
    """What the verdict rests on, and what is not wrong yet."""
    cause = environment.get("cause")
    if cause:
        container = f", container {cause['container']}" if cause["container"] else ""
        ended = f", exit {cause['exitCode']}" if cause["exitCode"] is not None else ""
        yield f"{cause['kind']} {cause['namespace']}/{cause['name']}{container}{ended}"
    yield from environment.get("concerns", [])
    for event in environment.get("events", [])[:1] if environment["status"] != "Healthy" else ():
        times = f"{event['count']} times, last " if event["count"] > 1 else ""
        yield f"{event['kind']} {event['name']}: {event['message']} ({times}{since(event['at'])} ago)"


def _watch(client: Client, name: str | None, output: str) -> None:
    query = {}
    if name:
        ref = EntityRef.parse(name, default_kind="component", default_namespace="default")
        query["entityRef"] = str(ref)
    try:
        client.get("live/v1/health")  # a wrong address or token is an error, not something to wait for
        for item in _changes(client, query):
            _show_change(item, output)
    except KeyboardInterrupt:
        return


def _changes(client: Client, query: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Each change of a verdict or its sentence, without end: a server that restarts is waited for."""
    seen: dict[str, tuple[object, object]] = {}
    lost = False
    while True:
        try:
            for event in client.follow("live/v1/health/stream", **query):
                lost = False
                for item in event.data["items"].values() if event.name == "snapshot" else [event.data]:
                    # A new connection begins with all there is, and not every change is one of words.
                    words = (item["status"], item.get("message"))
                    if seen.get(item["entityRef"]) != words:
                        seen[item["entityRef"]] = words
                        yield item
        except UnavailableError as error:
            if not lost:
                console(error=True).print(f"{error.message} Trying again.", style="dim", markup=False)
            lost = True
        time.sleep(PAUSE)


def _show_change(item: dict[str, Any], output: str) -> None:
    if output == "json":
        click.echo(json.dumps(item, ensure_ascii=False))
        return
    clock = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
    status = item["status"] or "gone"
    print_table([(clock, _short(item["entityRef"]), status, item["message"] if item["status"] else "")])


def _short(ref: str) -> str:
    return ref.removeprefix("component:default/")


def since(moment: str | None) -> str:
    """How long ago, such as `6 min`; `-` where that is not known."""
    if not moment:
        return "-"
    seconds = int((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{max(seconds, 0)} s"
