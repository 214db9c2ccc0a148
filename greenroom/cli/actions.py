"""`greenroom actions`: what the platform can do, listed and run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import yaml

from foundation.errors import InputError, NotFoundError
from foundation.suggestions import remedy
from greenroom.cli.client import Client, connect
from greenroom.cli.output import console, output_option, print_json, print_table
from greenroom.cli.runs import run_action, upload_folder

# Plugins that offer short actions over Backstage's actions registry.
REGISTRIES = ("platform", "live")


@click.group()
def command() -> None:
    """List and run what the platform can do: the same actions that Backstage's templates call."""


@command.command("list")
@output_option
def list_actions(output: str) -> None:
    """List every action with what it does."""
    actions = _all_actions(connect())
    if output == "json":
        print_json(actions)
        return
    print_table([(each["id"], each["title"]) for each in actions])
    console().print("\n[dim]greenroom actions show ACTION says what one takes and gives.[/dim]")


@command.command()
@click.argument("action")
@output_option
def show(action: str, output: str) -> None:
    """Show what an action takes and gives, with examples."""
    found = _find(_all_actions(connect()), action)
    if output == "json":
        print_json(found)
        return
    console().print(f"[bold]{found['id']}[/bold]  {found['title']}\n{found['description']}\n")
    rows = []
    required = found["schema"]["input"].get("required", [])
    for name, schema in found["schema"]["input"].get("properties", {}).items():
        kind = schema.get("type", "any")
        rows.append((name, "required" if name in required else "optional", str(kind), schema.get("description", "")))
    print_table(rows, header=("input", "", "type", "what it is"))
    for example in found.get("examples", []):
        _print_example(action, example)


@command.command("run", short_help="Run an action, and follow its log.")
@click.argument("action")
@click.option(
    "--input", "-i", "pairs", multiple=True, metavar="NAME=VALUE", help="An input: YAML, or @file for a file's text."
)
@click.option("--input-file", type=click.Path(path_type=Path), help="All inputs, as YAML or JSON.")
@click.option("--workspace", type=click.Path(path_type=Path, file_okay=False, exists=True), help="A folder to work on.")
@click.option("--run-id", help="Attach to the run with this id if it was started before.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@output_option
def run(
    action: str,
    pairs: tuple[str, ...],
    input_file: Path | None,
    workspace: Path | None,
    run_id: str | None,
    dry_run: bool,
    output: str,
) -> None:
    """Run an action; its log goes to standard error, its outputs to standard output.

    \b
      greenroom actions run platform:validate-service -i document=@service.yaml
      greenroom actions run greenroom:service:apply -i environment=staging --workspace .
    """
    client = connect()
    found = _find(_all_actions(client), action)
    values = _inputs(pairs, input_file)
    if found["kind"] == "registry":
        outputs = client.invoke(action, values)
    else:
        if workspace is None and found.get("workspace", "none") == "read":
            raise InputError(f"{action} needs a folder to work on.", remedy="Add --workspace FOLDER.")
        digest = upload_folder(client, workspace) if workspace else None
        outputs = run_action(client, action, values, workspace=digest, run_id=run_id, dry_run=dry_run, say=say).outputs
    if output == "json":
        print_json(outputs)
        return
    for name, value in outputs.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        console().print(f"{name}: {shown}", markup=False)


def say(level: str, message: str) -> None:
    """A log line of a run, on standard error."""
    style = {"warn": "yellow", "error": "red"}.get(level, "dim")
    console(error=True).print(f"  {message}", style=style, markup=False)


def _print_example(action: str, example: dict[str, Any]) -> None:
    """Runs come with an example step of a template; short actions may come with an example input instead."""
    title = example.get("description") or example.get("title", "Example")
    console().print(f"\n{title}", style="dim", markup=False)
    if "example" in example:
        text = str(example["example"])
    else:
        text = yaml.safe_dump({"action": action, "input": example.get("input", {})}, sort_keys=False)
    console().print(text.strip(), markup=False)


def _all_actions(client: Client) -> list[dict[str, Any]]:
    runs = [{**each, "kind": "run"} for each in client.get("platform/v1/actions")["actions"]]
    short: list[dict[str, Any]] = []
    for plugin in REGISTRIES:
        listed = client.get(f"{plugin}/.backstage/actions/v1/actions")["actions"]
        short += [{**each, "kind": "registry"} for each in listed]
    return sorted([*runs, *short], key=lambda each: str(each["id"]))


def _find(actions: list[dict[str, Any]], action: str) -> dict[str, Any]:
    by_id = {str(each["id"]): each for each in actions}
    if action not in by_id:
        raise NotFoundError(f'There is no action "{action}".', remedy=remedy(action, by_id))
    return by_id[action]


def _inputs(pairs: tuple[str, ...], input_file: Path | None) -> dict[str, Any]:
    values = _yaml(_file(str(input_file)), str(input_file)) if input_file else {}
    if not isinstance(values, dict):
        raise InputError(f"{input_file} is not a mapping of inputs.")
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator:
            raise InputError(f'"{pair}" is not NAME=VALUE.', remedy="For example: -i environment=staging")
        # `@file` is the content of a file, as other tools have it; everything else may be YAML.
        values[name] = _file(text[1:]) if text.startswith("@") else _yaml(text, name)
    return values


def _file(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(f"{name} cannot be read: {reason}.", remedy="Name an existing file.") from error


def _yaml(text: str, place: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"{place} is not YAML.", remedy="Put text that looks like YAML into quotes.") from error
