"""`platform:render-service`: the files that a Service document becomes."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.documents import NAMES
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.schemas import DEFAULT_VERSION, DOCUMENT, DOCUMENT_EXAMPLE, ENVIRONMENT, VERSION
from scaffolder_actions.plans.standing import environment_of
from scaffolder_actions.workload import render_service as rendered


def render_service(settings: PlatformSettings) -> Action:
    """The action, for documents of this platform."""

    def run(_context: ActionContext, given: JsonObject) -> JsonObject:
        service = load_service(str(given["document"]), NAMES[0], settings)
        environment = given.get("environment")
        version = str(given.get("version", DEFAULT_VERSION))
        files = rendered(
            service, dict.fromkeys([str(environment)] if environment else service.environments, version), settings
        )
        chosen = {
            path: file.text for path, file in files.items() if not environment or environment_of(path) == environment
        }
        return {"files": chosen}

    return Action(
        id="platform:render-service",
        title="Render a service document",
        description=(
            "Gives everything that a service document becomes, as files of the service's repository: Kubernetes objects and "
            "the stack at AWS of each environment, the pipeline, the catalog's file and the first pages of documentation."
        ),
        input={
            "type": "object",
            "required": ["document"],
            "additionalProperties": False,
            "properties": {
                "document": DOCUMENT,
                "environment": {
                    **ENVIRONMENT,
                    "description": "The files of one environment alone; all files by default.",
                },
                "version": VERSION,
            },
        },
        output={
            "type": "object",
            "required": ["files"],
            "properties": {
                "files": {
                    "type": "object",
                    "description": "The text of each file by its path.",
                    "additionalProperties": {"type": "string"},
                }
            },
        },
        examples=[
            Example("See everything", {"document": DOCUMENT_EXAMPLE}),
            Example(
                "See what runs in staging",
                {"document": DOCUMENT_EXAMPLE, "environment": "staging", "version": "1.4.2"},
            ),
        ],
        run=run,
        plan=run,
        offered_as="registry",
        read_only=True,
    )
