"""`greenroom:service:apply`: a service runs in an environment, at a version."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import JsonObject
from foundation.service import Service, load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.documents import RELATIVE_PATH, read_document
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.schemas import DEFAULT_VERSION, ENVIRONMENT, VERSION
from scaffolder_actions.rollouts import apply, ensure_namespace, wait_until_well
from scaffolder_actions.rollouts.clusters import Clusters
from scaffolder_actions.rollouts.watching import Waiting, Watched
from scaffolder_actions.workload import compile_environment

DEFAULT_DOCUMENT = "service.yaml"
# Minutes. Kubernetes itself calls a roll-out stuck after 10 without progress.
DEFAULT_MINUTES = 10


def apply_service(clusters: Clusters, settings: PlatformSettings) -> Action:
    """The action, for these clusters."""

    def prepare(context: ActionContext, given: JsonObject) -> tuple[Service, Sequence[JsonObject]]:
        path = str(given.get("document", DEFAULT_DOCUMENT))
        service = load_service(read_document(context.workspace, path), path, settings)
        version = str(given.get("version", DEFAULT_VERSION))
        return service, compile_environment(service, str(given["environment"]), version, settings).objects

    def apply_all(context: ActionContext, given: JsonObject, *, dry_run: bool) -> JsonObject:
        service, objects = prepare(context, given)
        changes: list[JsonObject] = []
        for api in clusters.of(str(given["environment"])):
            changes += _apply_to(context, api, service, objects, dry_run=dry_run)
        return {"namespace": service.team, "objects": changes, "status": "Planned"}

    def plan(context: ActionContext, given: JsonObject) -> JsonObject:
        return apply_all(context, given, dry_run=True)

    def run(context: ActionContext, given: JsonObject) -> JsonObject:
        output = apply_all(context, given, dry_run=False)
        _, objects = prepare(context, given)
        minutes = given.get("timeoutMinutes", DEFAULT_MINUTES)
        deadline = 60.0 * (minutes if isinstance(minutes, int | float) else DEFAULT_MINUTES)
        watched = [Watched(api, item) for api in clusters.of(str(given["environment"])) for item in objects]
        waiting = Waiting(log=context.log, pause=context.pause)
        context.step("wait until it is well", lambda: wait_until_well(watched, deadline=deadline, waiting=waiting))
        context.log("Healthy")
        return {**output, "status": "Healthy"}

    return Action(
        id="greenroom:service:apply",
        title="Apply a service",
        description="Applies a service's objects to the clusters of an environment, and waits until it works there.",
        input=_INPUT,
        output=_OUTPUT,
        examples=[
            Example("Apply to staging", {"environment": "staging"}),
            Example("Apply a version to production", {"environment": "production", "version": "1.4.2"}),
        ],
        run=run,
        plan=plan,
        workspace="read",
    )


def _apply_to(
    context: ActionContext, api: KubernetesApi, service: Service, objects: Sequence[JsonObject], *, dry_run: bool
) -> Sequence[JsonObject]:
    would = "would be " if dry_run else ""
    namespace = context.step(
        f"namespace on {api.cluster}", lambda: ensure_namespace(api, service.team, dry_run=dry_run)
    )
    context.log(f"{api.cluster}: Namespace {service.team} {would if namespace == 'created' else ''}{namespace}")
    changes: list[JsonObject] = []
    for item in objects:

        def put(item: JsonObject = item) -> JsonObject:
            done = apply(api, item, warn=lambda message: context.log(message, "warn"), dry_run=dry_run)
            return {"cluster": api.cluster, "kind": done.kind, "name": done.name, "change": done.change}

        if dry_run and namespace == "created":
            # In a namespace that is not there the server refuses even to say what it would do.
            change: JsonObject = {
                "cluster": api.cluster,
                "kind": item["kind"],
                "name": service.name,
                "change": "created",
            }
        else:
            change = context.step(f"apply {item['kind']} on {api.cluster}", put)
        verb = f"{would if change['change'] != 'unchanged' else ''}{change['change']}"
        context.log(f"{api.cluster}: {change['kind']} {change['name']} {verb}")
        changes.append(change)
    return changes


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
        "version": VERSION,
        "timeoutMinutes": {
            "type": "number",
            "title": "Timeout",
            "description": "Minutes until a roll-out that does not come up is a failure; 10 by default.",
            "minimum": 0.05,
            "maximum": 240,
        },
    },
}

_OUTPUT: JsonObject = {
    "type": "object",
    "required": ["namespace", "objects", "status"],
    "properties": {
        "namespace": {"type": "string", "description": "The namespace that the service runs in."},
        "objects": {
            "type": "array",
            "description": "Each object, and what was done about it.",
            "items": {
                "type": "object",
                "properties": {
                    "cluster": {"type": "string"},
                    "kind": {"type": "string"},
                    "name": {"type": "string"},
                    "change": {"type": "string", "enum": ["created", "configured", "unchanged"]},
                },
            },
        },
        "status": {"type": "string", "description": "Healthy; in a dry run, Planned.", "enum": ["Healthy", "Planned"]},
    },
}
