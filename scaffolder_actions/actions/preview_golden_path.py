"""`platform:preview-golden-path`: what would be created from a golden path, before anything is."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from foundation.backstage.entities import EntityRef
from foundation.errors import GreenroomError
from foundation.golden_path import GoldenPath, load_golden_path
from foundation.jsontypes import Json, JsonObject
from foundation.service import Service, load_service
from scaffolder_actions.actions.documents import NAMES
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.platform_files import document_of, platform_files
from scaffolder_actions.actions.render_golden_path import GOLDEN_PATH, VALUES, golden_path_folder
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.plans.planning import plan_service
from scaffolder_actions.plans.sources import Sources


def preview_golden_path(root: Path | None, renderer: GoldenPathRenderer, sources: Sources) -> Action:
    """The action, for the golden paths in the folders of `root` and what stands in these places."""

    def run(_context: ActionContext, given: JsonObject) -> JsonObject:
        folder = golden_path_folder(root, str(given["goldenPath"]))
        values = _names(load_golden_path(folder), cast("Mapping[str, Json]", given["values"]))
        with tempfile.TemporaryDirectory(prefix="greenroom-preview-") as scratch:
            project = Path(scratch) / "project"
            rendered = renderer.render(folder, values, project, platform_files(sources.platform))
            document = document_of(project)
        service = None if document is None else load_service(document, NAMES[0], sources.platform)
        return {
            "name": rendered.name,
            "files": list(rendered.files),
            "document": None if document is None else document.decode(errors="replace"),
            "plan": None if service is None else plan_service(service, None, {}, sources).as_json(),
            "taken": None if service is None else _taken(service, sources),
        }

    return Action(
        id="platform:preview-golden-path",
        title="Preview a golden path",
        description=(
            "Renders a golden path for a look at it, and says which files and which resources would be created, by "
            "environment. Nothing is."
        ),
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example(
                "See what a new Python service brings",
                {
                    "goldenPath": "python-service",
                    "values": {
                        "name": "order-api",
                        "team": "commerce",
                        "description": "Takes orders.",
                        "database": "small",
                    },
                },
            )
        ],
        run=run,
        plan=run,
        offered_as="registry",
        read_only=True,
    )


def _names(golden_path: GoldenPath, values: Mapping[str, Json]) -> dict[str, Json]:
    """The values as golden paths take them: pickers of teams give references such as `group:default/commerce`."""
    found = dict(values)
    for field in golden_path.fields:
        value = found.get(field.name)
        if field.format == "team" and isinstance(value, str) and ":" in value:
            found[field.name] = EntityRef.parse(value).name
    return found


def _taken(service: Service, sources: Sources) -> str | None:
    """Why the name is somebody's already; None where it is free, and where the Git host does not say."""
    name = sources.repository_of(service)
    try:
        standing = sources.git.find(name)
        head = sources.git.revision(standing) if standing else None
    except GreenroomError:
        return None
    return f"The repository {name} is there already. Choose another name." if head else None


_INPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["goldenPath", "values"],
    "additionalProperties": False,
    "properties": {"goldenPath": GOLDEN_PATH, "values": VALUES},
}

_OUTPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["name", "files", "document", "plan", "taken"],
    "properties": {
        "name": {"type": "string", "description": "The name of what would be created."},
        "files": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The paths of the files that its repository begins with, sorted.",
        },
        "document": {
            "type": ["string", "null"],
            "description": "The text of its service.yaml; null for a golden path that makes no service.",
        },
        "plan": {
            "type": ["object", "null"],
            "description": "What its first applying would do, as platform:plan-service says it; null without a document.",
        },
        "taken": {
            "type": ["string", "null"],
            "description": "Why the name cannot be used; null where it can, as far as is known.",
        },
    },
}
