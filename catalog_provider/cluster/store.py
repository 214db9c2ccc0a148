"""The objects of one cluster, in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from catalog_provider.cluster.kinds import key_of_kind
from catalog_provider.cluster.references import Key, targets_of
from catalog_provider.cluster.services import service_of
from foundation.health.kinds import group_kind_of
from foundation.json_fields import mappings_at, text_at
from foundation.jsontypes import JsonObject

# Deployment → ReplicaSet → Pod, and one more for what owns a Deployment; a cycle of owners ends here too.
DEEPEST_OWNERSHIP = 4


def key_of(item: JsonObject) -> Key:
    """What tells `item` apart from every other object that is there now."""
    kind = key_of_kind(group_kind_of(item))
    return kind, text_at(item, "metadata", "namespace"), text_at(item, "metadata", "name")


def controller_of(item: JsonObject) -> JsonObject | None:
    """The reference to the one owner that manages `item`."""
    owners = mappings_at(item, "metadata", "ownerReferences")
    return next((each for each in owners if each.get("controller") is True), None)


class ClusterStore:
    """Slimmed objects by key, by owner and by service. Safe to use from any thread.

    Each change gives the names of the services it may concern: that of the label, or where an object
    has none, that of the object that owns it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: dict[Key, JsonObject] = {}
        self._by_uid: dict[str, Key] = {}
        self._by_owner: dict[str, set[Key]] = {}
        self._by_service: dict[str, set[Key]] = {}
        # What points at a key: an autoscaler at its workload, a pod at its volumes.
        self._pointers: dict[Key, set[Key]] = {}

    def put(self, item: JsonObject) -> frozenset[str]:
        """Keep `item` in place of what had its name."""
        with self._lock:
            return frozenset(self._put(item))

    def remove(self, item: JsonObject) -> frozenset[str]:
        """Forget what has the name of `item`."""
        with self._lock:
            return frozenset(self._drop(key_of(item)))

    def replace(self, kind: str, items: Iterable[JsonObject]) -> frozenset[str]:
        """Keep exactly `items` of this kind; only what differs from before concerns anyone."""
        fresh = {key_of(item): item for item in items}
        with self._lock:
            gone = [key for key in self._items if key[0] == kind and key not in fresh]
            touched = {service for key in gone for service in self._drop(key)}
            for key, item in fresh.items():
                if not _same_version(self._items.get(key), item):
                    touched |= self._put(item)
            return frozenset(touched)

    def objects_of(self, service: str) -> tuple[JsonObject, ...]:
        """All that is labelled with `service`, what those own, and what they point at or are pointed at by."""
        with self._lock:
            found: dict[Key, JsonObject] = {}
            layer = self._by_service.get(service, set())
            for _ in range(DEEPEST_OWNERSHIP):
                fresh = {key: self._items[key] for key in layer if key not in found}
                if not fresh:
                    break
                found |= fresh
                layer = {key for item in fresh.values() for key in self._by_owner.get(_uid(item), ())}
            beside = {near for key, item in found.items() for near in self._beside(key, item)}
            found |= {key: self._items[key] for key in beside if key in self._items and key not in found}
            return tuple(found.values())

    def objects(self, kind: str) -> tuple[JsonObject, ...]:
        """All objects of one kind."""
        with self._lock:
            return tuple(item for key, item in self._items.items() if key[0] == kind)

    def services(self) -> frozenset[str]:
        """The services that have at least one labelled object."""
        with self._lock:
            return frozenset(self._by_service)

    def __len__(self) -> int:
        return len(self._items)

    def _put(self, item: JsonObject) -> set[str]:
        key = key_of(item)
        touched = self._drop(key)
        self._items[key] = item
        self._by_uid[_uid(item)] = key
        for index, entry in self._entries(item):
            index.setdefault(entry, set()).add(key)
        for target in targets_of(item):
            self._pointers.setdefault(target, set()).add(key)
        return touched | self._concerned(item)

    def _drop(self, key: Key) -> set[str]:
        item = self._items.get(key)
        if item is None:
            return set()
        touched = self._concerned(item)
        del self._items[key]
        # A namesake that was made anew may have taken the place already.
        if self._by_uid.get(_uid(item)) == key:
            del self._by_uid[_uid(item)]
        for index, entry in self._entries(item):
            index[entry].discard(key)
            if not index[entry]:
                del index[entry]
        for target in targets_of(item):
            self._pointers.get(target, set()).discard(key)
            if not self._pointers.get(target):
                self._pointers.pop(target, None)
        return touched

    def _entries(self, item: JsonObject) -> Iterator[tuple[dict[str, set[Key]], str]]:
        controller = controller_of(item)
        if controller:
            yield self._by_owner, text_at(controller, "uid")
        service = service_of(item)
        if service:
            yield self._by_service, service

    def _beside(self, key: Key, item: JsonObject) -> Iterator[Key]:
        """What `item` points at, and what points at it; pods belong to those that own them alone."""
        yield from targets_of(item)
        yield from (each for each in self._pointers.get(key, ()) if each[0] != "Pod")

    def _concerned(self, item: JsonObject) -> set[str]:
        """The services of `item` and its owners, which show it as theirs, and of what it stands beside."""
        touched = self._of_owners(item)
        key = key_of(item)
        if key[0] not in {"Pod", "ReplicaSet"}:
            for near in (*targets_of(item), *self._pointers.get(key, ())):
                other = self._items.get(near)
                if other is not None:
                    touched |= self._of_owners(other)
        return touched

    def _of_owners(self, item: JsonObject) -> set[str]:
        touched: set[str] = set()
        current: JsonObject | None = item
        for _ in range(DEEPEST_OWNERSHIP):
            if current is None:
                break
            service = service_of(current)
            if service:
                touched.add(service)
            controller = controller_of(current)
            owner = self._by_uid.get(text_at(controller, "uid")) if controller else None
            current = self._items.get(owner) if owner else None
        return touched


def _uid(item: JsonObject) -> str:
    return text_at(item, "metadata", "uid")


def _same_version(before: JsonObject | None, now: JsonObject) -> bool:
    if before is None:
        return False
    identity = ("uid", "resourceVersion")
    return all(text_at(before, "metadata", name) == text_at(now, "metadata", name) for name in identity)
