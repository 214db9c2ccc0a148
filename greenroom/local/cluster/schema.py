"""How lists and maps merge: the part of Kubernetes' OpenAPI that merging needs.

Taken from `x-kubernetes-list-type`, `-list-map-keys`, `-map-type` and `x-kubernetes-patch-merge-key`
of the API's own types and of the custom kinds' definitions. A list that is not named here is replaced as a whole,
which most lists of custom kinds are: a route's parents, rules and host names are each one value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from greenroom.local.cluster.objects import Manifest


@dataclass(frozen=True)
class KeyedList:
    """A list whose items are told apart by `keys`.

    `patch_key`: what strategic merge patch tells them apart by, where that differs. `defaults`: of keys
    that may be left out.
    """

    keys: tuple[str, ...]
    patch_key: str = ""
    defaults: Mapping[str, Any] | None = None

    def key_of(self, item: Manifest) -> tuple[Any, ...] | None:
        """The item's key, or None when a part of it is missing."""
        values = tuple(item.get(key, (self.defaults or {}).get(key)) for key in self.keys)
        return None if None in values else values

    @property
    def merge_key(self) -> str:
        """The one field by which a strategic merge patch matches items."""
        return self.patch_key or self.keys[0]


_BY_NAME: Final = KeyedList(("name",))
_BY_TYPE: Final = KeyedList(("type",))
_CONTAINER_PORTS: Final = KeyedList(("containerPort", "protocol"), defaults={"protocol": "TCP"})
_SERVICE_PORTS: Final = KeyedList(("port", "protocol"), defaults={"protocol": "TCP"})
_SPREAD: Final = KeyedList(("topologyKey", "whenUnsatisfiable"))

# By the field that holds the list; `ports` is told apart by the field around it (see `keyed_list`).
_KEYED_LISTS: Final[Mapping[str, KeyedList]] = {
    "containers": _BY_NAME,
    "initContainers": _BY_NAME,
    "ephemeralContainers": _BY_NAME,
    "env": _BY_NAME,
    "volumes": _BY_NAME,
    "imagePullSecrets": _BY_NAME,
    "volumeMounts": KeyedList(("mountPath",)),
    "volumeDevices": KeyedList(("devicePath",)),
    "hostAliases": KeyedList(("ip",)),
    "topologySpreadConstraints": _SPREAD,
    "resourceClaims": _BY_NAME,
    "conditions": _BY_TYPE,
    "ownerReferences": KeyedList(("uid",)),
    "podIPs": KeyedList(("ip",)),
    "hostIPs": KeyedList(("ip",)),
    "listeners": _BY_NAME,  # of a Gateway and a ListenerSet
    "groups": _BY_NAME,  # of a PrometheusRule
}
_SET_LISTS: Final = frozenset({"finalizers"})

# Maps that have one owner as a whole.
_ATOMIC_MAPS: Final = frozenset(
    {
        "selector",
        "labelSelector",
        "namespaceSelector",
        "podSelector",
        "nodeSelector",
        "scaleTargetRef",
        "secretKeyRef",
        "configMapKeyRef",
        "fieldRef",
        "resourceFieldRef",
        "involvedObject",
        "claimRef",
        "roleRef",
        "nodeSelectorTerms",
    }
)

# Structures that are always there in the API's Go types, so adding a field in them does not add them.
ALWAYS_PRESENT: Final = frozenset({"metadata", "spec", "status", "template", "strategy", "updateStrategy"})


def keyed_list(field: str, items: Any, around: str = "") -> KeyedList | None:
    """How items of the list in `field` are told apart, or None when the list is one value.

    `around` is the field that holds the structure with that list; it tells a container's ports from a service's.
    """
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return None
    if field == "ports":
        if around == "spec":
            return _SERVICE_PORTS
        return _CONTAINER_PORTS if around in {"containers", "initContainers", "ephemeralContainers"} else None
    return _KEYED_LISTS.get(field)


def is_set(field: str, items: Any) -> bool:
    """Whether the list in `field` is a set of plain values."""
    return field in _SET_LISTS and isinstance(items, list)


def is_atomic_map(field: str) -> bool:
    """Whether the map in `field` has one owner as a whole."""
    return field in _ATOMIC_MAPS


def encode_key(key: Mapping[str, Any]) -> str:
    """A list item's key as a path element of `fieldsV1`."""
    return "k:" + json.dumps(key, separators=(",", ":"), sort_keys=True)
