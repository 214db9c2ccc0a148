"""`platform:plan-service`: what a Service document would change, before anything is."""

from __future__ import annotations

from typing import Final

from foundation.jsontypes import JsonObject
from foundation.service import load_service
from scaffolder_actions.actions.documents import NAMES, given_document
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.schemas import DOCUMENT, DOCUMENT_EXAMPLE, ENVIRONMENT, REPOSITORY, STANDING_VERSION
from scaffolder_actions.plans.planning import plan_service as planned
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.workload import check_service


def plan_service(sources: Sources) -> Action:
    """The action, for what stands in these places."""

    def run(_context: ActionContext, given: JsonObject) -> JsonObject:
        service = load_service(given_document(given, sources.git, "plan"), NAMES[0], sources.platform)
        check_service(service, sources.platform)
        environments = [str(given["environment"])] if "environment" in given else None
        version = given.get("version")
        versions = dict.fromkeys(environments or service.environments, str(version)) if version else {}
        repository = str(given["repository"]) if "repository" in given else None
        return planned(service, environments, versions, sources, repository=repository).as_json()

    return Action(
        id="platform:plan-service",
        title="Plan a service",
        description=(
            "Compares what a service document gives with what stands in the repository, the clusters and at AWS, and says "
            "what would be made, changed, replaced and removed, field by field, and what becomes unavailable meanwhile."
        ),
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example("See what a document would change", {"document": DOCUMENT_EXAMPLE}),
            Example(
                "See whether anything drifted in production",
                {"repository": "commerce/order-api", "environment": "production"},
            ),
            Example(
                "See what another version changes",
                {"repository": "commerce/order-api", "environment": "staging", "version": "1.5.0"},
            ),
        ],
        run=run,
        plan=run,
        offered_as="registry",
        read_only=True,
    )


_INPUT: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "document": {**DOCUMENT, "description": "The text of a service.yaml; by default that of the repository."},
        "repository": {
            **REPOSITORY,
            "description": "The service's repository, such as commerce/order-api; by default its team's, of its name.",
        },
        "environment": {**ENVIRONMENT, "description": "One environment of the document; all of them by default."},
        "version": STANDING_VERSION,
    },
}

_TEXTS: Final[JsonObject] = {"type": "array", "items": {"type": "string"}}
_CHANGE: Final[JsonObject] = {
    "type": "object",
    "required": [
        "where",
        "environment",
        "place",
        "kind",
        "name",
        "verb",
        "fields",
        "impact",
        "holdsData",
        "needsConfirmation",
        "blocked",
    ],
    "properties": {
        "where": {"type": "string", "enum": ["repository", "cluster", "aws"]},
        "environment": {"type": "string", "description": "Empty for what all environments share."},
        "place": {"type": "string", "description": "The name of the repository, cluster or stack."},
        "kind": {"type": "string", "description": "A Kubernetes kind, a CloudFormation type, or File."},
        "name": {"type": "string"},
        "verb": {"type": "string", "enum": ["create", "update", "replace", "delete", "keep"]},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "before", "after"],
                "properties": {
                    "path": {"type": "string", "description": "Such as spec.maxReplicas."},
                    "before": {"description": "The value that stands; null where there is none."},
                    "after": {"description": "The value that is to be; null where there is none."},
                },
            },
        },
        "impact": {"type": "string", "description": "What becomes unavailable and for how long; empty for nothing."},
        "holdsData": {"type": "boolean", "description": "Whether removing it loses data that a snapshot would save."},
        "needsConfirmation": {"type": "boolean", "description": "Whether the service's name must be typed first."},
        "blocked": {"type": ["string", "null"], "description": "Why it cannot be done."},
    },
}
_COST: Final[JsonObject] = {
    "type": "object",
    "required": ["before", "after", "currency", "date"],
    "properties": {
        "before": {"type": "number"},
        "after": {"type": "number"},
        "currency": {"type": "string", "description": "Such as USD."},
        "date": {"type": "string", "description": "Of the list of prices."},
    },
}
_OUTPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["service", "changes", "counts", "hasChanges", "needsConfirmation", "blocked", "unknown", "cost"],
    "properties": {
        "service": {"type": "string", "description": "The name of the service."},
        "changes": {
            "type": "array",
            "description": "Each thing, and what would be done about it; what stays as it is has the verb keep.",
            "items": _CHANGE,
        },
        "counts": {
            "type": "object",
            "description": "How many there are of each verb.",
            "additionalProperties": {"type": "integer"},
        },
        "hasChanges": {"type": "boolean", "description": "Whether anything would change, as far as is known."},
        "needsConfirmation": {"type": "boolean", "description": "Whether the service's name must be typed first."},
        "blocked": {**_TEXTS, "description": "Why some of it cannot be done."},
        "unknown": {
            "type": "object",
            "description": "By environment (empty: the repository), what could not be compared, and why.",
            "additionalProperties": _TEXTS,
        },
        "cost": {
            "type": "object",
            "description": "By environment, about what its databases and caches cost a month; left out where unknown.",
            "additionalProperties": _COST,
        },
    },
}
