"""`platform:validate-service`: whether a Service document is right."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import ServiceDocumentError, load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.documents import NAMES
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.schemas import DOCUMENT, DOCUMENT_EXAMPLE, PROBLEMS
from scaffolder_actions.workload import check_service


def validate_service(settings: PlatformSettings) -> Action:
    """The action, for documents of this platform."""

    def run(_context: ActionContext, given: JsonObject) -> JsonObject:
        try:
            service = load_service(str(given["document"]), NAMES[0], settings)
            check_service(service, settings)
        except ServiceDocumentError as error:
            return {"valid": False, "problems": [each.as_json() for each in error.problems]}
        return {"valid": True, "problems": [], "service": service.as_json()}

    return Action(
        id="platform:validate-service",
        title="Validate a service document",
        description=(
            "Reads and compiles a service document, and names every error in it, with line, column, what to do, and the page "
            "that explains the field."
        ),
        input={
            "type": "object",
            "required": ["document"],
            "additionalProperties": False,
            "properties": {"document": DOCUMENT},
        },
        output={
            "type": "object",
            "required": ["valid", "problems"],
            "properties": {
                "valid": {"type": "boolean", "description": "Whether the document can be used."},
                "problems": PROBLEMS,
                "service": {"type": "object", "description": "The service with every default filled in, when valid."},
            },
        },
        examples=[Example("Check a document before it is committed", {"document": DOCUMENT_EXAMPLE})],
        run=run,
        plan=run,
        offered_as="registry",
        read_only=True,
    )
