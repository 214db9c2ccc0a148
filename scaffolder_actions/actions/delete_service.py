"""`greenroom:service:delete`: a service goes, with nothing left that costs money, and nothing unsaved that held data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from foundation.backstage.entities import EntityRef
from foundation.jsontypes import JsonObject
from scaffolder_actions.actions import deleting
from scaffolder_actions.actions.catalog_client import Withdraw
from scaffolder_actions.actions.deleting.order import Deletion
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.actions.schemas import ENVIRONMENT, SAVED


def delete_service(parts: Parts, withdraw: Withdraw, namespace: str) -> Action:
    """The action; `namespace` is that of the catalog's entities."""

    def deletion(context: ActionContext, given: JsonObject) -> Deletion:
        name, confirm = str(given["name"]), given.get("confirm")
        return Deletion(
            context,
            parts,
            withdraw,
            name=name,
            team=EntityRef.parse(str(given["team"]), default_kind="group").name,
            asked=cast("Sequence[str] | None", given.get("environments")),
            confirm=None if confirm is None else str(confirm),
            entity=str(EntityRef("component", namespace, name)),
        )

    return Action(
        id="greenroom:service:delete",
        title="Delete a service",
        description=(
            "Takes a service away: its routes, its pods, then what it has at AWS, after all that holds data was saved, its "
            "secrets, which can be brought back, and its entry in the catalog. The repository stays."
        ),
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example("Delete a service", {"name": "order-api", "team": "commerce", "confirm": "order-api"}),
            Example(
                "Delete it from staging alone",
                {"name": "order-api", "team": "commerce", "environments": ["staging"], "confirm": "order-api"},
            ),
        ],
        run=lambda context, given: deleting.delete_service(deletion(context, given)),
        plan=lambda context, given: deleting.plan_deletion(deletion(context, given)),
        destructive=True,
    )


# Names as documents have them: nothing else can be in a path or a selector.
_NAME = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"
_INPUT: JsonObject = {
    "type": "object",
    "required": ["name", "team"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "title": "Service", "description": "The name of the service.", "pattern": _NAME},
        "team": {
            "type": "string",
            "title": "Team",
            "description": "The team that has it: its name, or its entity reference.",
            "pattern": "^(group:([a-z0-9-]+/)?)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        },
        "environments": {
            "type": "array",
            "title": "Environments",
            "description": "The environments to delete it from; all of them by default.",
            "items": {**ENVIRONMENT, "pattern": _NAME},
            "minItems": 1,
            "maxItems": 50,
            "uniqueItems": True,
        },
        "confirm": {
            "type": "string",
            "title": "Confirmation",
            "description": "The name of the service, typed once more.",
            "maxLength": 63,
        },
    },
}

_OUTPUT: JsonObject = {
    "type": "object",
    "required": ["name", "status", "removed", "saved", "fromCatalog", "repository"],
    "properties": {
        "name": {"type": "string", "description": "The name of the service."},
        "status": {"type": "string", "description": "Deleted; in a dry run, Planned.", "enum": ["Deleted", "Planned"]},
        "removed": {
            "type": "array",
            "description": "Each thing that went.",
            "items": {
                "type": "object",
                "required": ["where", "environment", "place", "kind", "name", "holdsData"],
                "properties": {
                    "where": {"type": "string", "enum": ["cluster", "aws", "vault"]},
                    "environment": {"type": "string"},
                    "place": {"type": "string", "description": "The name of the cluster, stack or secret store."},
                    "kind": {"type": "string"},
                    "name": {"type": "string"},
                    "holdsData": {"type": "boolean"},
                },
            },
        },
        "saved": {"type": "array", "description": "What was saved before, and where it is.", "items": SAVED},
        "fromCatalog": {"type": "boolean", "description": "Whether the catalog has it no more."},
        "repository": {
            "type": "string",
            "description": "Where its repository is, which stays; empty where there is none.",
        },
    },
}
