"""`platform:render-service`: the Kubernetes objects that a Service document becomes."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.schemas import DEFAULT_VERSION, DOCUMENT, DOCUMENT_EXAMPLE, ENVIRONMENT, VERSION
from scaffolder_actions.actions.validate_service import FILE
from scaffolder_actions.workload import render_service as rendered


def render_service(settings: PlatformSettings) -> Action:
    """The action, for documents of this platform."""

    def run(_context: ActionContext, given: JsonObject) -> JsonObject:
        service = load_service(str(given["document"]), FILE, settings)
        versions = {str(given["environment"]): str(given.get("version", DEFAULT_VERSION))}
        return {"files": {path: file.text for path, file in rendered(service, versions, settings).items()}}

    return Action(
        id="platform:render-service",
        title="Render a service document",
        description="Gives the Kubernetes objects that a service document becomes in an environment, as YAML files.",
        input={
            "type": "object",
            "required": ["document", "environment"],
            "additionalProperties": False,
            "properties": {"document": DOCUMENT, "environment": ENVIRONMENT, "version": VERSION},
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
            Example(
                "See what runs in staging",
                {"document": DOCUMENT_EXAMPLE, "environment": "staging", "version": "1.4.2"},
            )
        ],
        run=run,
        plan=run,
        offered_as="registry",
        read_only=True,
    )
