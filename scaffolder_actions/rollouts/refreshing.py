"""Brings changed secrets to where they are used: the ExternalSecret reads them again, and pods start with them anew.

Which version of the secrets an object has is noted in an annotation of a field manager of our own, so that it is
neither part of what is rendered nor in the way of who applies that. Pods restart only when the version is another one
than they were started with.
"""

from __future__ import annotations

from typing import Final, cast

from foundation.connections.kubernetes import KubernetesApi
from foundation.errors import NotFoundError
from foundation.jsontypes import JsonObject
from scaffolder_actions.errors import RolloutError
from scaffolder_actions.rollouts.apply import standing
from scaffolder_actions.rollouts.judging import judge
from scaffolder_actions.rollouts.paths import mapping_of, metadata_of, path_of
from scaffolder_actions.rollouts.watching import LOOK_SECONDS, Waiting

MANAGER: Final = "greenroom-secrets"
MERGE: Final = "application/merge-patch+json"


def noted_version(item: JsonObject, annotation: str) -> str | None:
    """The version of the secrets that an object of a cluster was given; None where none is noted."""
    found = mapping_of(metadata_of(item), "annotations").get(annotation)
    return None if found is None else str(found)


def synced_version(api: KubernetesApi, external: JsonObject, annotation: str, version: str) -> str | None:
    """What an ExternalSecret has read last, where that is to be read again for `version`; None where it is not."""
    current = _existing(api, external)
    if noted_version(current, annotation) == version:
        return None
    return str(mapping_of(current, "status").get("syncedResourceVersion") or "")


def refresh(
    api: KubernetesApi,
    external: JsonObject,
    annotations: JsonObject,
    *,
    before: str,
    deadline: float,
    waiting: Waiting,
) -> None:
    """Let an ExternalSecret read its values again, and wait until it has; `before` is what it had read before.

    External Secrets reads at once when an annotation changes: https://external-secrets.io/latest/introduction/faq/.
    Raises RolloutError where it does not within `deadline` seconds, and ClusterError.
    """
    _note(api, external, {"metadata": {"annotations": annotations}})
    begun = waiting.clock()
    while True:
        current = _existing(api, external)
        synced = mapping_of(current, "status").get("syncedResourceVersion")
        judgement = judge(current)
        if judgement.status == "Healthy" and synced != before:
            return
        if waiting.clock() - begun >= deadline:
            name, namespace = metadata_of(external)["name"], metadata_of(external)["namespace"]
            raise RolloutError(
                f"ExternalSecret {name} in cluster {api.cluster} does not bring the changed secrets: "
                f"{judgement.reason or 'nothing says why'} after {deadline:.0f} s.",
                remedy=f"Look at it: kubectl describe -n {namespace} externalsecret/{name}",
            )
        waiting.pause(LOOK_SECONDS)


def restart_for(api: KubernetesApi, deployment: JsonObject, annotation: str, version: str) -> bool:
    """Let pods that were started with another version of the secrets start anew; whether they do. Raises ClusterError."""
    before = noted_version(_existing(api, deployment), annotation)
    if before == version:
        return False
    mark: JsonObject = {"metadata": {"annotations": {annotation: version}}}
    # Pods of which nothing is noted yet have been started by this very deployment.
    template: JsonObject = {} if before is None else {"spec": {"template": mark}}
    _note(api, deployment, {**mark, **template})
    return before is not None


def _existing(api: KubernetesApi, item: JsonObject) -> JsonObject:
    current = standing(api, item)
    if current is None:
        raise NotFoundError(f"{item['kind']} {metadata_of(item)['name']} is gone from cluster {api.cluster}.")
    return current


def _note(api: KubernetesApi, item: JsonObject, change: JsonObject) -> JsonObject:
    query = {"fieldManager": MANAGER}
    return cast("JsonObject", api.request("PATCH", path_of(item), query=query, body=change, content_type=MERGE).body)
