"""The objects of one cluster, in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator

from catalog_provider.cluster.indexes import Indexes
from catalog_provider.cluster.kept import Kept, keep, key_of
from catalog_provider.cluster.references import Key
from foundation.jsontypes import JsonObject

# Deployment → ReplicaSet → Pod, and one more for what owns a Deployment; a cycle of owners ends here too.
DEEPEST_OWNERSHIP = 4


class ClusterStore:
    """Slimmed objects by key, by owner and by service. Safe to use from any thread.

    Each change gives the names of the services it may concern: that of the label, or where an object
    has none, that of the object that owns it, and those of what it stands beside.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: dict[Key, Kept] = {}
        self._by_uid: dict[str, Key] = {}
        self._indexes = Indexes()
        # By kind, of those that somebody asked for: what came, went or changed since.
        self._touched: dict[str, set[Key]] = {}

    def put(self, item: JsonObject) -> frozenset[str]:
        """Keep `item` in place of what had its name."""
        kept = keep(item)
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
                if not kept.is_as(self._items.get(key)):
                    touched |= self._put(kept)
            return frozenset(touched)

    def objects_of(self, service: str, is_within: Callable[[str], bool] = lambda _: True) -> tuple[JsonObject, ...]:
        """All that is labelled with `service`, what those own, and what chooses the pods of these.

        With what all of them point at or are pointed at by, wherever that is. `is_within` chooses the namespaces of those that
        are labelled.
        """
        with self._lock:
            labelled = self._indexes.by_service.of(service)
            found = self._with_owned(key for key in labelled if is_within(key[1]))
            found |= {each.key: each for kept in list(found.values()) for each in self._choosers(kept)}
            beside = {each.key: each for kept in found.values() for each in self._beside(kept)}
            kept = list((found | beside).values())
        return tuple(each.item for each in kept)

    def objects(self, kind: str) -> tuple[JsonObject, ...]:
        """All objects of one kind."""
        with self._lock:
            kept = [each for key, each in self._items.items() if key[0] == kind]
        return tuple(each.item for each in kept)

    def take_touched(self, kinds: Collection[str]) -> set[Key]:
        """What came, went or changed of these kinds since they were last asked for, at first all there is.

        It is told once, so there is one who asks.
        """
        with self._lock:
            new = set(kinds) - self._touched.keys()
            found = {key for key in self._items if key[0] in new} if new else set()
            found.update(*(self._touched.get(kind, ()) for kind in kinds))
            self._touched.update({kind: set() for kind in kinds})
            return found

    def having(self, keys: Iterable[Key]) -> Iterator[JsonObject]:
        """The objects of these keys, of those that are there; unpacked one after another."""
        with self._lock:
            kept = [self._items[key] for key in keys if key in self._items]
        return (each.item for each in kept)

    def marks(self, keys: Iterable[Key]) -> dict[Key, int]:
        """What stands for whose the objects of these keys say that they are, of those that are there."""
        with self._lock:
            return {key: self._items[key].marks for key in keys if key in self._items}

    def services(self) -> frozenset[str]:
        """The services that have at least one labelled object."""
        with self._lock:
            return frozenset(self._indexes.by_service)

    def __len__(self) -> int:
        return len(self._items)

    def _put(self, kept: Kept) -> set[str]:
        touched = self._drop(kept.key)
        self._touch(kept.key)
        self._items[kept.key] = kept
        self._by_uid[kept.uid] = kept.key
        self._indexes.add(kept)
        return touched | self._concerned(kept)

    def _drop(self, key: Key) -> set[str]:
        kept = self._items.get(key)
        if kept is None:
            return set()
        touched = self._concerned(kept)
        self._touch(key)
        del self._items[key]
        # A namesake that was made anew may have taken the place already.
        if self._by_uid.get(kept.uid) == key:
            del self._by_uid[kept.uid]
        self._indexes.discard(kept)
        return touched

    def _touch(self, key: Key) -> None:
        touched = self._touched.get(key[0])
        if touched is not None:
            touched.add(key)

    def _with_owned(self, layer: Iterable[Key]) -> dict[Key, Kept]:
        found: dict[Key, Kept] = {}
        for _ in range(DEEPEST_OWNERSHIP):
            fresh = {key: self._items[key] for key in layer if key not in found}
            if not fresh:
                break
            found |= fresh
            layer = [key for each in fresh.values() for key in self._indexes.by_owner.of(each.uid)]
        return found

    def _beside(self, kept: Kept) -> Iterator[Kept]:
        """What `kept` points at, and what points at it; pods belong to those that own them alone."""
        yield from self._there(kept.targets)
        yield from self._there(key for key in self._indexes.pointers.of(kept.key) if key[0] != "Pod")

    def _choosers(self, kept: Kept) -> Iterator[Kept]:
        """What chooses the pods that `kept` makes."""
        for each in self._there(self._indexes.might_choose(kept)):
            if each.selector and each.selector.chooses(kept.labels):
                yield each

    def _chosen(self, kept: Kept) -> Iterator[Kept]:
        """The workloads whose pods `kept` chooses."""
        for each in self._there(self._indexes.might_be_chosen(kept)):
            if kept.selector and kept.selector.chooses(each.labels):
                yield each

    def _there(self, keys: Iterable[Key]) -> Iterator[Kept]:
        return (self._items[key] for key in keys if key in self._items)

    def _concerned(self, kept: Kept) -> set[str]:
        """The services that show `kept`: those that it is of, and those of what it stands beside."""
        touched = self._services_of(kept)
        if kept.key[0] not in {"Pod", "ReplicaSet"}:
            for near in self._there((*kept.targets, *self._indexes.pointers.of(kept.key))):
                touched |= self._services_of(near)
        return touched

    def _services_of(self, kept: Kept) -> set[str]:
        """The services of `kept` and its owners, which show it as theirs, and of the workloads that it chooses."""
        touched = self._of_owners(kept)
        for each in self._chosen(kept):
            touched |= self._of_owners(each)
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
