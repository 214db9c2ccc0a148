"""Which hosts are taken by another service's route."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import JsonObject
from scaffolder_actions.plans.impact import hosts_of
from scaffolder_actions.rollouts.paths import collection, mapping_of, metadata_of, plural_of
from scaffolder_actions.rollouts.removing import NAME

KIND = "HTTPRoute"


def claimed_elsewhere(api: KubernetesApi, route: JsonObject) -> str | None:
    """Who else has a host of `route` in the cluster, in a sentence; None where nobody has.

    A host has one listener, which one service brings, so paths are no way to share it. Raises ClusterError.
    """
    mine = set(hosts_of(route))
    address = collection(str(route["apiVersion"]), plural_of(KIND))
    items = cast("JsonObject", api.request("GET", address).body).get("items")
    for other in cast("Sequence[JsonObject]", items or ()):
        if not _is_same_service(route, other):
            for host in mine.intersection(hosts_of(other)):
                metadata = metadata_of(other)
                return (
                    f"{host} is claimed by HTTPRoute {metadata['name']} in namespace {metadata['namespace']} of cluster "
                    f"{api.cluster}. Give one of them another host."
                )
    return None


def _is_same_service(route: JsonObject, other: JsonObject) -> bool:
    mine, its = metadata_of(route), metadata_of(other)
    if mine.get("namespace") != its.get("namespace"):
        return False
    name = mapping_of(mine, "labels").get(NAME)
    return mine.get("name") == its.get("name") or (name is not None and mapping_of(its, "labels").get(NAME) == name)
