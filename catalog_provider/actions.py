"""What `live` offers over Backstage's actions registry, and so to templates and as MCP tools."""

from __future__ import annotations

from collections.abc import Callable

from foundation.backstage import Caller, EntityRef, RegistryAction
from foundation.jsontypes import JsonObject

_TEXT: JsonObject = {"type": "string"}
_OPTIONAL_TEXT: JsonObject = {"type": ["string", "null"]}


def get_health(detail: Callable[[str], JsonObject]) -> RegistryAction:
    """The action `get-health`; `detail` gives the HealthDetail of a reference, or raises NotFoundError."""

    def invoke(given: JsonObject, _: Caller) -> JsonObject:
        ref = EntityRef.parse(str(given["entityRef"]), default_kind="component")
        return detail(str(ref))

    return RegistryAction(
        name="get-health",
        title="Get the health of a service",
        description=(
            "How a service is in each environment, as its Kubernetes clusters tell it: the verdict, a sentence "
            "that says why, since when, the version that runs, its workloads and pods, and what to do next."
        ),
        input={
            "type": "object",
            "additionalProperties": False,
            "required": ["entityRef"],
            "properties": {
                "entityRef": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 200,
                    "description": "The entity, such as component:default/order-api or just order-api.",
                }
            },
        },
        output={
            "type": "object",
            "required": ["entityRef", "status", "message", "environments", "next"],
            "properties": {
                "entityRef": _TEXT,
                "status": {"enum": ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"]},
                "message": {**_TEXT, "description": "Why, in a sentence."},
                "reason": _OPTIONAL_TEXT,
                "since": _OPTIONAL_TEXT,
                "simulated": {"type": "boolean"},
                "environments": {"type": "array", "items": {"type": "object"}},
                "next": {"type": "array", "items": {"type": "object"}},
            },
        },
        examples=[
            {
                "title": "Ask how a service is",
                "input": {"entityRef": "component:default/order-api"},
            }
        ],
        invoke=invoke,
        read_only=True,
        destructive=False,
        idempotent=True,
    )
