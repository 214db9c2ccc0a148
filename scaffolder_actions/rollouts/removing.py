"""Takes a service's objects out of a cluster: those that are to go, in an order, each until it is really gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from foundation.connections.kubernetes import (
    ClusterConflictError,
    ClusterNotFoundError,
    ClusterRefusedError,
    ClusterUnreachableError,
    KubernetesApi,
)
from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.errors import RolloutError
from scaffolder_actions.rollouts.apply import FIELD_MANAGER, MANAGED_BY, standing
from scaffolder_actions.rollouts.kinds import KINDS, Kind, served_kinds
from scaffolder_actions.rollouts.paths import collection, mapping_of, metadata_of, path_of, plural_of

NAME = "app.kubernetes.io/name"
# Seconds between looks whether something is gone; pods get half a minute to end.
LOOK_SECONDS = 1.0
# Seconds. Pods get 35 to end, and a finalizer of a load balancer's controller a few minutes.
LONGEST = 300.0


@dataclass(frozen=True)
class Patience:
    """How to wait: `pause(seconds)`, and a clock in seconds that never goes back."""

    pause: Callable[[float], None]
    clock: Callable[[], float] = time.monotonic


def objects_of(api: KubernetesApi, service: str, namespace: str) -> Sequence[JsonObject]:
    """Everything in the cluster that Greenroom rendered for a service, in the order in which it is taken away.

    Raises ClusterError.
    """
    served = served_kinds(api, KINDS)
    return [each for kind in KINDS if kind in served for each in _list(api, kind, service, namespace)]


def is_in(item: JsonObject, kept: Collection[JsonObject]) -> bool:
    """Whether an object of that kind and name is among `kept`."""
    return _identity(item) in {_identity(each) for each in kept}


def remove(api: KubernetesApi, items: Sequence[JsonObject], patience: Patience) -> None:
    """Delete objects, with what controllers made of them, and wait until they are gone; one that is gone is fine.

    Raises RolloutError for one that stays, and ClusterError.
    """
    for item in items:
        _delete(api, item)
    begun = patience.clock()
    left = list(items)
    while left := [each for each in left if _stands(api, each)]:
        if patience.clock() - begun >= LONGEST:
            kind, metadata = left[0]["kind"], metadata_of(left[0])
            raise RolloutError(
                f"{kind} {metadata['name']} in cluster {api.cluster} is still there after {LONGEST:.0f} s.",
                remedy="Look at what holds it in metadata.finalizers: "
                f"kubectl get -n {metadata['namespace']} {str(kind).lower()}/{metadata['name']} -o yaml",
            )
        patience.pause(LOOK_SECONDS)


def _list(api: KubernetesApi, kind: Kind, service: str, namespace: str) -> Iterator[JsonObject]:
    query = {"labelSelector": f"{NAME}={service},{MANAGED_BY}={FIELD_MANAGER}"}
    body = cast("JsonObject", api.request("GET", _collection(kind, namespace), query=query).body)
    for each in cast("Sequence[JsonObject]", body.get("items") or ()):
        # What a controller made and gave the same labels goes with its owner.
        if not metadata_of(each).get("ownerReferences"):
            # Items of a list do not say what they are.
            yield {**each, "apiVersion": kind.api_version, "kind": kind.kind}


def _collection(kind: Kind, namespace: str) -> str:
    return collection(kind.api_version, plural_of(kind.kind), namespace)


def _delete(api: KubernetesApi, item: JsonObject) -> None:
    # In the foreground an object stays until what was made of it, such as pods, is gone. By its uid: one that someone
    # makes anew meanwhile is another.
    uid: Json = metadata_of(item).get("uid")
    options: JsonObject = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "propagationPolicy": "Foreground",
        **({"preconditions": {"uid": uid}} if uid else {}),
    }
    try:
        api.request("DELETE", path_of(item), body=options)
    except (ClusterNotFoundError, ClusterConflictError):
        return
    if item["kind"] == "Certificate":
        _delete_key(api, item)


def _delete_key(api: KubernetesApi, certificate: JsonObject) -> None:
    """The key stays in a Secret when its Certificate goes, unless cert-manager is told otherwise."""
    name, namespace = mapping_of(certificate, "spec").get("secretName"), str(metadata_of(certificate)["namespace"])
    try:
        api.request("DELETE", f"{collection('v1', 'secrets', namespace)}/{name}")
    except (ClusterNotFoundError, ClusterRefusedError):
        # Where the platform may not touch Secrets it stays: it is worth nothing without the route that it was for.
        return


def _stands(api: KubernetesApi, item: JsonObject) -> bool:
    try:
        current = standing(api, item)
    except ClusterUnreachableError:
        # The next look says; who waits too long is told what was waited for.
        return True
    return current is not None and metadata_of(current).get("uid") == metadata_of(item).get("uid")


def _identity(item: JsonObject) -> tuple[Json, Json]:
    return item["kind"], metadata_of(item)["name"]
