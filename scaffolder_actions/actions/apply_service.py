"""`greenroom:service:apply`: a service runs in an environment, at a version, with all that it needs."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import load_service
from scaffolder_actions.actions.applying import apply_to_environment, plan_environment
from scaffolder_actions.actions.applying.order import Order, standing_version
from scaffolder_actions.actions.documents import RELATIVE_PATH, read_document
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.actions.schemas import ENVIRONMENT, SAVED, STANDING_VERSION
from scaffolder_actions.rollouts.children import CHILD_SCHEMA
from scaffolder_actions.workload import compile_environment

DEFAULT_DOCUMENT = "service.yaml"
# Minutes. Kubernetes itself calls a roll-out stuck after 10 without progress.
DEFAULT_MINUTES = 10


def apply_service(parts: Parts) -> Action:
    """The action, for what stands in these places."""

    def order(context: ActionContext, given: JsonObject) -> Order:
        path, environment = str(given.get("document", DEFAULT_DOCUMENT)), str(given["environment"])
        service = load_service(read_document(context.workspace, path), path, parts.platform)
        version = given.get("version")
        if version is None:
            version = context.step("version", lambda: standing_version(context, parts, service, environment))
        compiled = compile_environment(service, environment, str(version), parts.platform)
        minutes = given.get("timeoutMinutes")
        confirm = given.get("confirm")
        return Order(
            context,
            parts,
            compiled,
            confirm=None if confirm is None else str(confirm),
            deadline=60.0 * (minutes if isinstance(minutes, int | float) else DEFAULT_MINUTES),
        )

    return Action(
        id="greenroom:service:apply",
        title="Apply a service",
        description=(
            "Brings a service into an environment: what it needs of AWS, its connections in Vault, its objects in every "
            "cluster, until each part of it is well. Data that would go is saved first, and only with a confirmation."
        ),
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example("Apply to staging, at the version that runs there", {"environment": "staging"}),
            Example("Apply a version to production", {"environment": "production", "version": "1.4.2"}),
            Example(
                "Apply a document without the database that it had", {"environment": "staging", "confirm": "order-api"}
            ),
        ],
        run=lambda context, given: apply_to_environment(order(context, given)),
        plan=lambda context, given: plan_environment(order(context, given)),
        workspace="read",
        destructive=True,
    )


_INPUT: JsonObject = {
    "type": "object",
    "required": ["environment"],
    "additionalProperties": False,
    "properties": {
        "environment": ENVIRONMENT,
        "document": {
            **RELATIVE_PATH,
            "title": "Service document",
            "description": "The service document in the workspace; service.yaml by default.",
        },
        "version": STANDING_VERSION,
        "confirm": {
            "type": "string",
            "title": "Confirmation",
            "description": "The service's name, where applying takes away what holds data.",
            "maxLength": 63,
        },
        "timeoutMinutes": {
            "type": "number",
            "title": "Timeout",
            "description": "Minutes until what does not become well is a failure; 10 by default. AWS takes its own time.",
            "minimum": 0.05,
            "maximum": 240,
        },
    },
}

_OUTPUT: JsonObject = {
    "type": "object",
    "required": ["namespace", "version", "status", "objects", "children", "saved"],
    "properties": {
        "namespace": {"type": "string", "description": "The namespace that the service runs in."},
        "version": {"type": "string", "description": "The version of its image."},
        "status": {"type": "string", "description": "Healthy; in a dry run, Planned.", "enum": ["Healthy", "Planned"]},
        "objects": {
            "type": "array",
            "description": "Each object in a cluster, and what was done about it; in a dry run, resources at AWS as well.",
            "items": {
                "type": "object",
                "properties": {
                    "where": {"type": "string", "enum": ["cluster", "aws"]},
                    "cluster": {"type": "string"},
                    "kind": {"type": "string"},
                    "name": {"type": "string"},
                    "change": {
                        "type": "string",
                        "enum": ["created", "configured", "replaced", "removed", "unchanged"],
                    },
                },
            },
        },
        "children": {
            "type": "array",
            "description": "Each part of the service, how it is doing and why; empty in a dry run.",
            "items": CHILD_SCHEMA,
        },
        "saved": {"type": "array", "description": "What was saved before it went, and where it is.", "items": SAVED},
    },
}
