"""`greenroom:golden-path:render`: a golden path and values become the files of a new service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from foundation.errors import InputError
from foundation.golden_path import golden_path_folders
from foundation.jsontypes import JsonObject
from foundation.settings import PlatformSettings
from foundation.suggestions import remedy
from scaffolder_actions.actions.documents import RELATIVE_PATH, within
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.platform_files import platform_files
from scaffolder_actions.golden_paths import GoldenPathRenderer


def render_golden_path(root: Path | None, renderer: GoldenPathRenderer, settings: PlatformSettings) -> Action:
    """The action, for the golden paths in the folders of `root`."""

    def run(context: ActionContext, given: JsonObject) -> JsonObject:
        name = str(given["goldenPath"])
        values = cast("Mapping[str, object]", given["values"])
        into = within(context.workspace, str(given.get("targetPath", ".")))
        context.log(f"Rendering the golden path {name}")
        rendered = renderer.render(golden_path_folder(root, name), values, into, platform_files(settings))
        for path in rendered.files:
            context.log(f"  {path}")
        context.log(f"Rendered {len(rendered.files)} files of {rendered.name}")
        return {"name": rendered.name, "files": list(rendered.files)}

    return Action(
        id="greenroom:golden-path:render",
        title="Render a golden path",
        description="Renders a golden path into the workspace: a new service with all that it needs.",
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example(
                "Render a Python service",
                {
                    "goldenPath": "python-service",
                    "values": {"name": "order-api", "team": "commerce", "description": "Takes orders."},
                },
            )
        ],
        run=run,
        # Its only effect is the workspace, which a dry run is there to show.
        plan=run,
        workspace="write",
    )


def golden_path_folder(root: Path | None, name: str) -> Path:
    """The folder of a golden path. Raises InputError for an unknown one."""
    folders = {folder.name: folder for folder in golden_path_folders(root)} if root else {}
    if name not in folders:
        raise InputError(f'There is no golden path "{name[:63]}".', remedy=remedy(name, folders))
    return folders[name]


GOLDEN_PATH: JsonObject = {
    "type": "string",
    "title": "Golden path",
    "description": "The name of the golden path, such as python-service.",
    "minLength": 1,
    "maxLength": 63,
}
VALUES: JsonObject = {
    "type": "object",
    "title": "Values",
    "description": "The values of the golden path's fields; those left out get their defaults.",
    "maxProperties": 100,
}
_INPUT: JsonObject = {
    "type": "object",
    "required": ["goldenPath", "values"],
    "additionalProperties": False,
    "properties": {
        "goldenPath": GOLDEN_PATH,
        "values": VALUES,
        "targetPath": {
            **RELATIVE_PATH,
            "title": "Folder",
            "description": "The folder of the workspace to render into; by default the workspace itself.",
        },
    },
}

_OUTPUT: JsonObject = {
    "type": "object",
    "required": ["name", "files"],
    "properties": {
        "name": {"type": "string", "description": "The name of what was rendered."},
        "files": {"type": "array", "items": {"type": "string"}, "description": "The paths of its files, sorted."},
    },
}
