"""`greenroom service create`: a new service from a golden path."""

from __future__ import annotations

import sys
from typing import Any

import click

from foundation.errors import NotFoundError
from foundation.suggestions import remedy
from greenroom.cli.actions import say
from greenroom.cli.client import Client, connect
from greenroom.cli.form import answers, fields, required
from greenroom.cli.output import console, output_option, print_json
from greenroom.cli.runs import new_run_id, run_action


@click.command(short_help="Create a service: repository, catalog entry, deployment.")
@click.argument("golden_path", required=False, metavar="[GOLDEN_PATH]")
@click.option("--set", "-s", "pairs", multiple=True, metavar="NAME=VALUE", help="An answer to the golden path's form.")
@click.option("--environment", "-e", default="staging", show_default=True, help="Where to deploy it first.")
@click.option("--no-deploy", is_flag=True, help="Make the repository and the catalog entry alone.")
@output_option
def create(golden_path: str | None, pairs: tuple[str, ...], environment: str, *, no_deploy: bool, output: str) -> None:
    """Create a service from a golden path: repository, catalog entry, deployment.

    On a terminal it asks for what is missing. Elsewhere every answer comes with --set, and without GOLDEN_PATH
    it lists what there is, with the questions of each.

    \b
      greenroom service create
      greenroom service create python-service -s name=invoice-api -s team=commerce -s description="Sends invoices"
    """
    client = connect()
    entities = all_entities(client)
    templates = {each["metadata"]["name"]: each for each in entities if each["kind"] == "Template"}
    if golden_path is None:
        _list_golden_paths(templates, output)
        if output == "json" or not templates or not sys.stdin.isatty():
            return
        only = next(iter(templates)) if len(templates) == 1 else None
        golden_path = str(click.prompt("\nGolden path", type=click.Choice(list(templates)), default=only))
    if golden_path not in templates:
        raise NotFoundError(f'There is no golden path "{golden_path}".', remedy=remedy(golden_path, templates))
    teams = sorted(each["metadata"]["name"] for each in entities if each["kind"] == "Group")
    values = answers(templates[golden_path], pairs, teams)
    outputs = create_service(client, golden_path, values, environment=None if no_deploy else environment)
    if output == "json":
        print_json(outputs)
        return
    console().print(f"[green]✓[/green] {values['name']} is created")
    for title in ("entityRef", "webUrl", "repositoryUrl"):
        console().print(f"  {title:14} {outputs[title]}", markup=False)
    console().print(f"  {'next':14} greenroom health {values['name']}", markup=False)


def create_service(
    client: Client, golden_path: str, values: dict[str, Any], *, environment: str | None
) -> dict[str, Any]:
    """The steps that the golden path's template runs in the portal, run from here."""
    key = new_run_id()

    def step(action: str, inputs: dict[str, Any], workspace: str | None = None) -> tuple[dict[str, Any], str | None]:
        say("info", action)
        name = action.replace(":", "-").removeprefix("greenroom-")
        done = run_action(client, action, inputs, workspace=workspace, run_id=f"{key}-{name}", say=say)
        return done.outputs, done.workspace

    rendered, workspace = step("greenroom:golden-path:render", {"goldenPath": golden_path, "values": values})
    about = {"name": rendered["name"], "owner": values["team"], "description": values.get("description", "")}
    if environment:
        # Before anything is made that would have to be cleared away: the project may not know this environment.
        plan = {"environment": environment}
        run_action(client, "greenroom:service:apply", plan, workspace=workspace, run_id=f"{key}-plan", dry_run=True)
    published, _ = step("greenroom:repository:publish", about, workspace)
    registered, _ = step("greenroom:catalog:register", {"repositoryUrl": published["repositoryUrl"]})
    deployed: dict[str, Any] = {}
    if environment:
        # At the version that its repository begins with; each further one is the pipeline's to deploy.
        deployed, _ = step("greenroom:service:apply", {"environment": environment}, workspace)
    return {**rendered, **published, **registered, **deployed}


def all_entities(client: Client) -> list[dict[str, Any]]:
    """What Greenroom gives to the catalog: a golden path's form stands in its Template."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("live/v1/entities", cursor=cursor)
        found += page["items"]
        cursor = page["nextCursor"]
    return found


def _list_golden_paths(templates: dict[str, dict[str, Any]], output: str) -> None:
    if output == "json":
        print_json([each["metadata"] for each in templates.values()])
        return
    for name, template in templates.items():
        metadata = template["metadata"]
        console().print(f"[bold]{name}[/bold]  {metadata['title']}: {metadata.get('description', '')}\n")
        for field, schema in fields(template).items():
            optional = "" if field in required(template) else " (optional)"
            told = schema.get("description") or schema.get("title", "")
            console().print(f"  {field:14} {told}{optional}", markup=False)
