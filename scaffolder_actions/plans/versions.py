"""Which version of a service runs in a cluster, for plans that name none and find none in files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.rollouts.apply import standing
from scaffolder_actions.rollouts.kinds import WORKLOADS


def version_in_cluster(api: KubernetesApi, name: str, namespace: str, image: str) -> str | None:
    """The version of `image` that the service's workload has in the cluster; None where it runs none.

    It is a tag, a digest, or `1.4.2@sha256:…`. Raises ClusterError.
    """
    for kind in WORKLOADS:
        metadata: JsonObject = {"name": name, "namespace": namespace}
        workload = standing(api, {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata})
        for used in _images(workload):
            if version := _version_of(used, image):
                return version
    return None


def _version_of(used: str, image: str) -> str | None:
    """`1.4.2` of `image:1.4.2`, with a digest where one stands behind it, or the digest alone."""
    version = used.removeprefix(image)
    return version[1:] or None if used.startswith(image) and version[:1] in {":", "@"} else None


def _images(value: Json) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key == "image" and isinstance(each, str):
                yield each
            else:
                yield from _images(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _images(each)
