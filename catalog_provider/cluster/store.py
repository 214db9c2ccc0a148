"""The objects of one cluster, in memory."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from catalog_provider.cluster.kept import Group, Kept, added, key_of, without
from catalog_provider.cluster.references import Key
from foundation.jsontypes import JsonObject

# Deployment → ReplicaSet → Pod, and one more for what owns a Deployment; a cycle of owners ends here too.
DEEPEST_OWNERSHIP = 4

Entry = TypeVar("Entry", str, Key)


class ClusterStore:
    """Slimmed objects by key, by owner and by service. Safe to use from any thread.

    Each change gives the names of the services it may concern: that of the label, or where an object
    has none, that of the object that owns it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: dict[Key, Kept] = {}
        self._by_uid: dict[str, Key] = {}
        self._by_owner: dict[str, Group] = {}
        self._by_service: dict[str, Group] = {}
        # What points at a key: an autoscaler at its workload, a pod at its volumes.
        self._pointers: dict[Key, Group] = {}
        self._changes: Counter[str] = Counter()

    def put(self, item: JsonObject) -> frozenset[str]:
        """Keep `item` in place of what had its name."""
        kept = Kept(item)
        with self._lock:
            return frozenset(self._put(kept))

    def remove(self, item: JsonObject) -> frozenset[str]:
        """Forget what has the name of `item`."""
        with self._lock:
            return frozenset(self._drop(key_of(item)))

    def replace(self, kind: str, items: Iterable[Kept]) -> frozenset[str]:
        """Keep exactly `items` of this kind; only what differs from before concerns anyone."""
        fresh = {each.key: each for each in items}
        with self._lock:
            gone = [key for key in self._items if key[0] == kind and key not in fresh]
            touched = {service for key in gone for service in self._drop(key)}
            for key, kept in fresh.items():
                before = self._items.get(key)
                if before is None or before.identity != kept.identity:
                    touched |= self._put(kept)
            return frozenset(touched)

    def objects_of(self, service: str) -> tuple[JsonObject, ...]:
        """All that is labelled with `service`, what those own, and what they point at or are pointed at by."""
        with self._lock:
            found: dict[Key, Kept] = {}
            layer: Iterable[Key] = self._by_service.get(service, ())
            for _ in range(DEEPEST_OWNERSHIP):
                fresh = {key: self._items[key] for key in layer if key not in found}
                if not fresh:
                    break
                found |= fresh
                layer = {key for each in fresh.values() for key in self._by_owner.get(each.uid, ())}
            beside = {near for each in found.values() for near in self._beside(each)}
            found |= {key: self._items[key] for key in beside if key in self._items and key not in found}
            kept = list(found.values())
        return tuple(each.item for each in kept)

    def objects(self, kind: str) -> tuple[JsonObject, ...]:
        """All objects of one kind."""
        with self._lock:
            kept = [each for key, each in self._items.items() if key[0] == kind]
        return tuple(each.item for each in kept)

    def changes(self, kind: str) -> int:
        """How often an object of this kind came, went or changed."""
        return self._changes[kind]

    def services(self) -> frozenset[str]:
        """The services that have at least one labelled object."""
        with self._lock:
            return frozenset(self._by_service)

    def __len__(self) -> int:
        return len(self._items)

    def _put(self, kept: Kept) -> set[str]:
        touched = self._drop(kept.key)
        self._changes[kept.key[0]] += 1
        self._items[kept.key] = kept
        self._by_uid[kept.uid] = kept.key
        if kept.owner:
            _add(self._by_owner, kept.owner, kept.key)
        if kept.service:
            _add(self._by_service, kept.service, kept.key)
        for target in kept.targets:
            _add(self._pointers, target, kept.key)
        return touched | self._concerned(kept)

    def _drop(self, key: Key) -> set[str]:
        kept = self._items.get(key)
        if kept is None:
            return set()
        touched = self._concerned(kept)
        self._changes[key[0]] += 1
        del self._items[key]
        # A namesake that was made anew may have taken the place already.
        if self._by_uid.get(kept.uid) == key:
            del self._by_uid[kept.uid]
        if kept.owner:
            _discard(self._by_owner, kept.owner, key)
        if kept.service:
            _discard(self._by_service, kept.service, key)
        for target in kept.targets:
            _discard(self._pointers, target, key)
        return touched

    def _beside(self, kept: Kept) -> Iterator[Key]:
        """What `kept` points at, and what points at it; pods belong to those that own them alone."""
        yield from kept.targets
        yield from (each for each in self._pointers.get(kept.key, ()) if each[0] != "Pod")

    def _concerned(self, kept: Kept) -> set[str]:
        """The services of `kept` and its owners, which show it as theirs, and of what it stands beside."""
        touched = self._of_owners(kept)
        if kept.key[0] not in {"Pod", "ReplicaSet"}:
            for near in (*kept.targets, *self._pointers.get(kept.key, ())):
                other = self._items.get(near)
                if other is not None:
                    touched |= self._of_owners(other)
        return touched

    def _of_owners(self, kept: Kept) -> set[str]:
        touched: set[str] = set()
        current: Kept | None = kept
        for _ in range(DEEPEST_OWNERSHIP):
            if current is None:
                break
            if current.service:
                touched.add(current.service)
            owner = self._by_uid.get(current.owner) if current.owner else None
            current = self._items.get(owner) if owner else None
        return touched


def _add(index: dict[Entry, Group], entry: Entry, key: Key) -> None:
    index[entry] = added(index.get(entry, ()), key)


def _discard(index: dict[Entry, Group], entry: Entry, key: Key) -> None:
    left = without(index.get(entry, ()), key)
    if left:
        index[entry] = left
    else:
        index.pop(entry, None)
