"""`platform:describe-service`: the release that a service follows, and what it owns in each environment."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final, get_args

from foundation.jsontypes import Json, JsonObject
from foundation.service import Service, find_release, load_service, releases
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.documents import NAMES, given_document
from scaffolder_actions.actions.model import Action, ActionContext, Example
from scaffolder_actions.actions.schemas import DOCUMENT, REPOSITORY
from scaffolder_actions.plans.owned import Kind, Owned, OwnedStatus, Silent, StackStates, owned_by
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.plans.standing import FIRST_VERSION
from scaffolder_actions.workload import Compiled, check_service, compile_environment

# Environments asked at once. Few services have more, and the others wait no longer than a second.
WORKERS = 4
# Seconds until all of an environment counts as out of reach; whoever opens a page waits for it.
SECONDS = 20.0


def describe_service(sources: Sources, stacks: StackStates) -> Action:
    """The action, for what stands in these places; `stacks` are those of `sources`, asked for their state."""

    def run(_context: ActionContext, given: JsonObject) -> JsonObject:
        service = load_service(given_document(given, sources.git, "describe"), NAMES[0], sources.platform)
        check_service(service, sources.platform)
        # What is owned is the same at every version.
        made = [compile_environment(service, each, FIRST_VERSION, sources.platform) for each in service.environments]
        pool = ThreadPoolExecutor(WORKERS, "describe")
        asked = [pool.submit(owned_by, each, sources.clusters, stacks) for each in made]
        done, _ = wait(asked, timeout=SECONDS)
        # Whoever is late would hold up the answer.
        pool.shutdown(wait=False, cancel_futures=True)
        silent = Silent(f"did not answer within {SECONDS:.0f} s")
        owned = [
            each.result() if each in done else owned_by(it, silent, silent)
            for each, it in zip(asked, made, strict=True)
        ]
        return {
            "service": service.name,
            "release": _release(service, sources.platform),
            "environments": [_environment(*each) for each in zip(made, owned, strict=True)],
        }

    return Action(
        id="platform:describe-service",
        title="Describe a service",
        description=(
            "Says which release of the platform a service follows, whether there is a newer one, and what the service owns "
            "in each environment: databases, caches, buckets, queues, DNS names and certificates, each with its state."
        ),
        input={
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "document": {
                    **DOCUMENT,
                    "description": "The text of a service.yaml; by default that of the repository.",
                },
                "repository": {**REPOSITORY, "description": "The service's repository, such as commerce/order-api."},
            },
        },
        output=_OUTPUT,
        examples=[Example("See what a service owns", {"repository": "commerce/order-api"})],
        run=run,
        plan=run,
        offered_as="registry",
        read_only=True,
    )


def _environment(compiled: Compiled, owned: Sequence[Owned]) -> Json:
    return {
        "environment": compiled.workload.environment,
        "host": compiled.workload.host,
        "visibility": compiled.workload.service.exposure.visibility,
        "owns": [each.as_json() for each in owned],
    }


def _release(service: Service, settings: PlatformSettings) -> Json:
    known = list(releases(settings).values())
    used = find_release(service.platform, settings)
    newer = known[known.index(used) + 1 :]
    return {
        "pinned": service.platform,
        "used": used.name,
        "newest": known[-1].name,
        "newer": [{"name": each.name, "date": each.date, "notes": list(each.notes)} for each in newer],
    }


_OWNED: Final[JsonObject] = {
    "type": "object",
    "required": ["kind", "name", "where", "place", "status", "reason", "details"],
    "properties": {
        "kind": {"type": "string", "enum": list(get_args(Kind))},
        "name": {"type": "string", "description": "What the service calls it, or the host."},
        "where": {"type": "string", "enum": ["aws", "cluster"]},
        "place": {"type": "string", "description": "The stack or the cluster that has it."},
        "status": {"type": "string", "enum": list(get_args(OwnedStatus))},
        "reason": {"type": "string", "description": "Why it is not healthy; empty where it is."},
        "details": {
            "type": "object",
            "description": "Type, size, instance, version, supportedUntil and storageGib, as far as it has them.",
        },
    },
}
_OUTPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["service", "release", "environments"],
    "properties": {
        "service": {"type": "string", "description": "The name of the service."},
        "release": {
            "type": "object",
            "description": "The release of the platform's decisions.",
            "required": ["pinned", "used", "newest", "newer"],
            "properties": {
                "pinned": {"type": ["string", "null"], "description": "Null for a service that follows the newest."},
                "used": {"type": "string"},
                "newest": {"type": "string"},
                "newer": {
                    "type": "array",
                    "description": "The releases after the one that is used, oldest first.",
                    "items": {
                        "type": "object",
                        "required": ["name", "date", "notes"],
                        "properties": {
                            "name": {"type": "string"},
                            "date": {"type": "string"},
                            "notes": {"type": "array", "items": {"type": "string"}},
                        },
                    },
                },
            },
        },
        "environments": {
            "type": "array",
            "description": "Each environment of the document, in its order.",
            "items": {
                "type": "object",
                "required": ["environment", "host", "visibility", "owns"],
                "properties": {
                    "environment": {"type": "string"},
                    "host": {"type": ["string", "null"], "description": "Null for a service that is not exposed."},
                    "visibility": {"type": "string", "enum": ["public", "internal", "none"]},
                    "owns": {"type": "array", "items": _OWNED},
                },
            },
        },
    },
}
