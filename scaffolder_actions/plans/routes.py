"""Which hosts and paths are taken by another service's route."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.plans.impact import hosts_of
from scaffolder_actions.rollouts.paths import collection, mapping_of, metadata_of, plural_of
from scaffolder_actions.rollouts.removing import NAME

KIND = "HTTPRoute"


def claimed_elsewhere(api: KubernetesApi, route: JsonObject) -> str | None:
    """Who else has a host and path of `route` in the cluster, in a sentence; None where nobody has.

    Services may share a host on paths of their own. Raises ClusterError.
    """
    mine = set(_claims(route))
    address = collection(str(route["apiVersion"]), plural_of(KIND))
    items = cast("JsonObject", api.request("GET", address).body).get("items")
    for other in cast("Sequence[JsonObject]", items or ()):
        if not _is_same_service(route, other):
            for host, path in mine.intersection(_claims(other)):
                metadata = metadata_of(other)
                where = host if path == "/" else f"{host}{path}"
                return (
                    f"{where} is claimed by HTTPRoute {metadata['name']} in namespace {metadata['namespace']} of cluster "
                    f"{api.cluster}. Give one of them another host or path."
                )
    return None


def _is_same_service(route: JsonObject, other: JsonObject) -> bool:
    mine, its = metadata_of(route), metadata_of(other)
    if mine.get("namespace") != its.get("namespace"):
        return False
    name = mapping_of(mine, "labels").get(NAME)
    return mine.get("name") == its.get("name") or (name is not None and mapping_of(its, "labels").get(NAME) == name)


def _claims(route: JsonObject) -> Iterator[tuple[str, str]]:
    rules = _list(mapping_of(route, "spec").get("rules")) or [{}]
    for host in hosts_of(route):
        for rule in rules:
            # A rule without matches takes every path.
            for match in _list(rule.get("matches")) or [{}]:
                yield host, str(mapping_of(match, "path").get("value", "/"))


def _list(value: Json) -> list[JsonObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list | tuple) else []
