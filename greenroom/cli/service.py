"""`greenroom service`: create services from golden paths, check and render their documents."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from foundation.errors import InputError, NotFoundError, Problem
from foundation.service import Service, ServiceDocumentError, load_service, service_schema
from foundation.settings import load_settings
from foundation.suggestions import remedy
from greenroom.cli.actions import say
from greenroom.cli.client import Client, connect
from greenroom.cli.output import console, output_option, print_json, print_problems
from greenroom.cli.runs import new_run_id, run_action

# A document is written by hand; the loader has its own, smaller limit.
LARGEST_DOCUMENT = 5 * 1024 * 1024


@click.group()
def command() -> None:
    """Create services from golden paths, check and render their documents."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option
def validate(files: tuple[Path, ...], output: str) -> None:
    """Check service documents, and name every error at once. Needs no server.

    \b
      greenroom service validate service.yaml
      greenroom service validate */service.yaml --output json
    """
    problems: list[Problem] = []
    services = []
    for file in files:
        try:
            services.append(_load(file))
        except ServiceDocumentError as error:
            problems += error.problems
    if output == "json":
        print_json({"valid": not problems, "problems": [vars(each) for each in problems]})
    elif problems:
        print_problems(problems)
    else:
        for service in services:
            console().print(f"[green]✓[/green] {service.name} is valid")
    sys.exit(1 if problems else 0)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--environment", "-e", help="Only this environment (default: each that the document names).")
@click.option("--version", default="latest-built", help="The image's tag.", show_default=True)
@click.option("--output-folder", "-d", type=click.Path(path_type=Path), help="Write files there instead of printing.")
@output_option
def render(file: Path, environment: str | None, version: str, output_folder: Path | None, output: str) -> None:
    """Render the Kubernetes objects of a service. Needs no server.

    \b
      greenroom service render service.yaml -e staging --version 1.4.2 | kubectl diff -f -
    """
    from scaffolder_actions.workload import render_workload

    service = _load(file)
    if environment and environment not in service.environments:
        raise InputError(
            f'{file} names no environment "{environment}".', remedy=remedy(environment, service.environments)
        )
    platform = load_settings().platform
    rendered = {
        f"{name}/{path}": text
        for name in ([environment] if environment else service.environments)
        for path, text in render_workload(service, name, version, platform).items()
    }
    if output_folder:
        for path, text in rendered.items():
            target = output_folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    if output == "json":
        print_json({"files": rendered})
    elif output_folder:
        console().print(f"{len(rendered)} files in {output_folder}", markup=False)
    else:
        click.echo("---\n".join(rendered.values()), nl=False)


@command.command()
def schema() -> None:
    """Print the JSON Schema of the service document, for editors."""
    print_json(service_schema())


@command.command()
@click.argument("golden_path", required=False)
@click.option("--set", "-s", "pairs", multiple=True, metavar="NAME=VALUE", help="An answer to the golden path's form.")
@click.option("--environment", "-e", default="staging", show_default=True, help="Where to deploy it first.")
@click.option("--no-deploy", is_flag=True, help="Make the repository and the catalog entry alone.")
@output_option
def create(golden_path: str | None, pairs: tuple[str, ...], environment: str, *, no_deploy: bool, output: str) -> None:
    """Create a service from a golden path: repository, catalog entry, deployment.

    Asks for what is missing when it runs on a terminal. Without GOLDEN_PATH it lists what there is.

    \b
      greenroom service create
      greenroom service create python-service -s name=invoice-api -s team=commerce
    """
    client = connect()
    templates = _templates(client)
    if golden_path is None:
        _list_golden_paths(templates, output)
        return
    if golden_path not in templates:
        raise NotFoundError(f'There is no golden path "{golden_path}".', remedy=remedy(golden_path, templates))
    values = _answers(templates[golden_path], pairs)
    outputs = create_service(client, golden_path, values, environment=None if no_deploy else environment)
    if output == "json":
        print_json(outputs)
        return
    console().print(f"[green]✓[/green] {values['name']} is created")
    for title in ("entityRef", "webUrl", "repositoryUrl"):
        console().print(f"  {title:14} {outputs[title]}", markup=False)


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
    published, _ = step("greenroom:repository:publish", about, workspace)
    registered, _ = step("greenroom:catalog:register", {"repositoryUrl": published["repositoryUrl"]})
    deployed: dict[str, Any] = {}
    if environment:
        version = str(published["commit"])[:12]
        deployed, _ = step("greenroom:service:deploy", {"environment": environment, "version": version}, workspace)
    return {**rendered, **published, **registered, **deployed}


def _templates(client: Client) -> dict[str, dict[str, Any]]:
    """The templates in the catalog by name: a golden path's form stands in its template."""
    found: dict[str, dict[str, Any]] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("live/v1/entities", cursor=cursor)
        found |= {each["metadata"]["name"]: each for each in page["items"] if each["kind"] == "Template"}
        cursor = page["nextCursor"]
    return found


def _list_golden_paths(templates: dict[str, dict[str, Any]], output: str) -> None:
    if output == "json":
        print_json([each["metadata"] for each in templates.values()])
        return
    for name, template in templates.items():
        metadata = template["metadata"]
        console().print(f"[bold]{name}[/bold]  {metadata['title']}: {metadata.get('description', '')}")
        for field, schema in _fields(template).items():
            console().print(f"  {field:14} {schema.get('description') or schema.get('title', '')}", markup=False)


def _pages(template: dict[str, Any]) -> list[dict[str, Any]]:
    parameters = template["spec"]["parameters"]
    return parameters if isinstance(parameters, list) else [parameters]


def _fields(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: schema for page in _pages(template) for name, schema in page.get("properties", {}).items()}


def _answers(template: dict[str, Any], pairs: tuple[str, ...]) -> dict[str, Any]:
    fields = _fields(template)
    given: dict[str, Any] = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator:
            raise InputError(f'"{pair}" is not NAME=VALUE.')
        if name not in fields:
            raise InputError(f'The golden path does not ask for "{name}".', remedy=remedy(name, fields))
        given[name] = text.lower() == "true" if fields[name].get("type") == "boolean" else text
    required = {name for page in _pages(template) for name in page.get("required", [])}
    missing = [name for name in fields if name not in given]
    if sys.stdin.isatty():
        return given | {name: _ask(fields[name], name, required=name in required) for name in missing}
    needed = [name for name in missing if name in required and "default" not in fields[name]]
    if needed:
        how = " ".join(f"-s {name}=…" for name in needed)
        raise InputError(f"{', '.join(needed)} must be given.", remedy=f"Add {how}")
    return given


def _ask(schema: dict[str, Any], name: str, *, required: bool) -> str | bool:
    default = schema.get("default", None if required else "")
    text = schema.get("title", name)
    if schema.get("type") == "boolean":
        return bool(click.confirm(text, default=bool(default)))
    kind = click.Choice(schema["enum"]) if schema.get("enum") else None
    return str(click.prompt(text, default=default, type=kind, show_default=bool(default)))


def _load(file: Path) -> Service:
    try:
        if file.stat().st_size > LARGEST_DOCUMENT:
            raise InputError(f"{file} is too large to be a service document.")
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}.", remedy="Name an existing service.yaml.") from error
    return load_service(content, str(file), load_settings().platform)
