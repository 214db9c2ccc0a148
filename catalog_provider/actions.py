"""What `live` offers over Backstage's actions registry, and so to templates and as MCP tools."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from catalog_provider.health.offline import explain
from foundation.backstage import Caller, EntityRef, RegistryAction
from foundation.health.manifests import read_objects
from foundation.health.rulebook import Rulebook
from foundation.jsontypes import JsonObject

_TEXT: JsonObject = {"type": "string"}
_REFERENCE: JsonObject = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "description": "The entity, such as component:default/order-api or just order-api.",
}
_OPTIONAL_TEXT: JsonObject = {"type": ["string", "null"]}
_OBJECTS: JsonObject = {"type": "array", "items": {"type": "object"}}
_ITEMS: JsonObject = {"type": "object", "required": ["items"], "properties": {"items": _OBJECTS}}
_STATUSES: JsonObject = {"enum": ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"]}
_FILTERS = ("verdict", "environment", "owner")
# Characters of manifests that an action takes: what a person pastes, and not a cluster.
_LONGEST_MANIFESTS = 1_000_000


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
            "properties": {"entityRef": _REFERENCE},
        },
        output={
            "type": "object",
            "required": ["entityRef", "status", "message", "environments", "next"],
            "properties": {
                "entityRef": _TEXT,
                "status": _STATUSES,
                "message": {**_TEXT, "description": "Why, in a sentence."},
                "reason": _OPTIONAL_TEXT,
                "since": _OPTIONAL_TEXT,
                "simulated": {"type": "boolean"},
                "environments": _OBJECTS,
                "next": _OBJECTS,
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


def get_health_timeline(timeline: Callable[[str, int], JsonObject]) -> RegistryAction:
    """The action `get-health-timeline`; `timeline` gives the Timeline of a reference over some days."""

    def invoke(given: JsonObject, _: Caller) -> JsonObject:
        ref = EntityRef.parse(str(given["entityRef"]), default_kind="component")
        return timeline(str(ref), int(str(given.get("days", 7))))

    return RegistryAction(
        name="get-health-timeline",
        title="Get how a service was",
        description=(
            "The transitions of a service's health over the last days, in each environment and cluster, with the time "
            "spent in each status and the share of the known time in which it was healthy."
        ),
        input={
            "type": "object",
            "additionalProperties": False,
            "required": ["entityRef"],
            "properties": {
                "entityRef": _REFERENCE,
                "days": {"type": "integer", "minimum": 1, "maximum": 90, "default": 7},
            },
        },
        output={
            "type": "object",
            "required": ["from", "until", "environments"],
            "properties": {
                "from": _TEXT,
                "until": _TEXT,
                "environments": _OBJECTS,
            },
        },
        examples=[{"title": "Ask how a service was this month", "input": {"entityRef": "order-api", "days": 30}}],
        invoke=invoke,
        read_only=True,
        destructive=False,
        idempotent=True,
    )


def list_health(listed: Callable[[str | None, str | None, str | None], JsonObject]) -> RegistryAction:
    """The action `list-health`; `listed` gives the summaries of a verdict, an environment and an owner, worst first."""

    def invoke(given: JsonObject, _: Caller) -> JsonObject:
        verdict, environment, owner = (str(given[each]) if each in given else None for each in _FILTERS)
        return listed(verdict, environment, owner)

    return RegistryAction(
        name="list-health",
        title="List services by health",
        description=(
            "Every service that has health, worst first, with its verdict and why, as a whole and in each environment. "
            "Narrowed to a verdict, an environment or the services of a team."
        ),
        input={
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "verdict": {**_STATUSES, "description": "Only services with this verdict."},
                "environment": {"type": "string", "minLength": 1, "maxLength": 63},
                "owner": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Only this team's."},
            },
        },
        output=_ITEMS,
        examples=[
            {"title": "What is wrong in production", "input": {"verdict": "Degraded", "environment": "production"}}
        ],
        invoke=invoke,
        read_only=True,
        destructive=False,
        idempotent=True,
    )


def explain_objects(rulebook: Rulebook, clock: Callable[[], datetime]) -> RegistryAction:
    """The action `explain-objects`, which judges manifests by `rulebook` and asks no cluster."""

    def invoke(given: JsonObject, _: Caller) -> JsonObject:
        objects = read_objects(str(given["manifests"]).encode(), "manifests", largest=4 * _LONGEST_MANIFESTS)
        return {"items": [each.to_json() for each in explain(objects, rulebook, clock())]}

    return RegistryAction(
        name="explain-objects",
        title="Explain the health of objects",
        description=(
            "Judges Kubernetes objects by what they say of themselves, without asking a cluster: each with its status and "
            "a sentence. Pods that come with their Deployment count against it."
        ),
        input={
            "type": "object",
            "additionalProperties": False,
            "required": ["manifests"],
            "properties": {
                "manifests": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": _LONGEST_MANIFESTS,
                    "description": "YAML or JSON, as kubectl get -o yaml prints it.",
                }
            },
        },
        output=_ITEMS,
        examples=[
            {
                "title": "Ask about one object",
                "input": {"manifests": "apiVersion: v1\nkind: PersistentVolumeClaim\nstatus:\n  phase: Lost\n"},
            }
        ],
        invoke=invoke,
        read_only=True,
        destructive=False,
        idempotent=True,
    )
