"""The page on all actions, made from their declarations.

python -m scaffolder_actions.actions.reference > docs/reference/actions.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import cast

from foundation.jsontypes import Json, JsonObject
from foundation.settings import Settings
from foundation.yaml_text import as_yaml
from scaffolder_actions.actions.catalogue import all_actions
from scaffolder_actions.actions.model import Action
from scaffolder_actions.golden_paths import GoldenPathRenderer

_HEAD = """\
# Actions

What templates, the `greenroom actions` command and MCP clients can ask of the platform. Actions of the *registry*
answer at once and change nothing. *Runs* are durable: they take and give workspaces, stream their log, can be
cancelled, and survive the death of their server. Every action can be tried with a dry run.

This page is made from the actions themselves: `python -m scaffolder_actions.actions.reference`.
"""
_WORKSPACES = {
    "none": "needs no workspace",
    "read": "reads the workspace",
    "write": "reads and writes the workspace",
}


def actions_page() -> str:
    """The page in Markdown."""
    actions = all_actions(Settings(), GoldenPathRenderer()).values()
    return "\n".join([_HEAD, *(line for action in actions for line in _action(action))])


def _action(action: Action) -> Iterator[str]:
    kind = "Registry action" if action.offered_as == "registry" else f"Run; {_WORKSPACES[action.workspace]}"
    yield f"## `{action.id}`\n\n{action.description}\n\n{kind}.\n"
    yield "| input | type | what it is |\n| --- | --- | --- |"
    required = cast("list[str]", action.input.get("required", []))
    for name, schema in _properties(action.input):
        yield _row(f"`{name}`{'' if name in required else ' (optional)'}", schema)
    yield "\n| output | type | what it is |\n| --- | --- | --- |"
    for name, schema in _properties(action.output):
        yield _row(f"`{name}`", schema)
    for example in action.examples:
        text = as_yaml({"action": action.id, "input": example.input})
        yield f"\n{example.description}:\n\n```yaml\n{text}```"
    yield ""


def _properties(schema: JsonObject) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for name, each in cast("JsonObject", schema.get("properties", {})).items():
        yield name, cast("JsonObject", each)


def _row(name: str, schema: Mapping[str, Json]) -> str:
    kinds = schema["type"]
    kind = kinds if isinstance(kinds, str) else " or ".join(map(str, cast("list[str]", kinds)))
    if kind == "array":
        kind = f"list of {cast('JsonObject', schema['items'])['type']}s"
    return f"| {name} | {kind} | {schema['description']} |"


if __name__ == "__main__":
    sys.stdout.write(actions_page())
