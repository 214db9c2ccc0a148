"""What an object points at: an autoscaler at its workload, a pod at its volumes, a route at the Services behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from catalog_provider.cluster.kinds import key_of_kind
from foundation.health.kinds import GroupKind, group_kind_of
from foundation.json_fields import mapping_at, mappings_at, text_at
from foundation.jsontypes import JsonObject

# Kind, namespace, name.
Key: TypeAlias = tuple[str, str, str]


def targets_of(item: JsonObject) -> tuple[Key, ...]:
    """The keys of what `item` points at, each once."""
    found = _TARGETS.get(text_at(item, "kind"))
    return tuple(dict.fromkeys(found(item))) if found else ()


def _scaled(item: JsonObject) -> Iterator[Key]:
    target = mapping_at(item, "spec", "scaleTargetRef")
    # KEDA's default is a Deployment.
    kind = group_kind_of(target) if "kind" in target else GroupKind("apps", "Deployment")
    yield key_of_kind(kind), _namespace(item), text_at(target, "name")


def _volumes(item: JsonObject) -> Iterator[Key]:
    for volume in mappings_at(item, "spec", "volumes"):
        claim = text_at(volume, "persistentVolumeClaim", "claimName")
        if claim:
            yield "PersistentVolumeClaim", _namespace(item), claim


def _backends(item: JsonObject) -> Iterator[Key]:
    """Of an Ingress."""
    found = [mapping_at(item, "spec", "defaultBackend")]
    for rule in mappings_at(item, "spec", "rules"):
        found += [mapping_at(path, "backend") for path in mappings_at(rule, "http", "paths")]
    for backend in found:
        name = text_at(backend, "service", "name")
        if name:
            yield "Service", _namespace(item), name


def _routed(item: JsonObject) -> Iterator[Key]:
    """Of a route of the Gateway API."""
    for rule in mappings_at(item, "spec", "rules"):
        for backend in mappings_at(rule, "backendRefs"):
            if (text_at(backend, "kind") or "Service") == "Service":
                yield "Service", text_at(backend, "namespace") or _namespace(item), text_at(backend, "name")


def _involved(item: JsonObject) -> Iterator[Key]:
    """Of an Event."""
    about = mapping_at(item, "involvedObject")
    yield key_of_kind(group_kind_of(about)), text_at(about, "namespace"), text_at(about, "name")


_TARGETS: Mapping[str, Callable[[JsonObject], Iterator[Key]]] = {
    "HorizontalPodAutoscaler": _scaled,
    "ScaledObject": _scaled,
    "Pod": _volumes,
    "Event": _involved,
    "Ingress": _backends,
    "HTTPRoute": _routed,
    "GRPCRoute": _routed,
}


def _namespace(item: JsonObject) -> str:
    return text_at(item, "metadata", "namespace")
