"""Objects of one cluster in memory, with versions, a bounded history and subscribers.

All of it runs on one event loop; nothing here waits or locks. Every write gets the next resource
version, is kept in the history for watchers that resume, and is handed to the subscribers at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from greenroom.local.cluster.objects import Manifest, name_of, namespace_of, share, uid_of, with_metadata
from greenroom.local.cluster.resources import Resource, resource

ChangeType: TypeAlias = Literal["ADDED", "MODIFIED", "DELETED"]
Reference: TypeAlias = tuple[str, str, str]  # resource key, namespace, name

# Changes kept for watchers that resume: over a minute at 50 changes a second. Parts of objects that
# did not change are shared, so one entry costs a few KiB.
HISTORY_LENGTH: Final = 4096


@dataclass(slots=True)
class Change:
    """One write. `encoded` caches its form on the wire by event type, since many watchers may want it."""

    type: ChangeType
    version: int
    resource: Resource
    object: Manifest
    previous: Manifest | None
    encoded: dict[str, bytes] = field(default_factory=dict)


Listener: TypeAlias = Callable[[Change], None]


class CompactedError(LookupError):
    """The changes since that version are no longer kept; `oldest` is where the history begins."""

    def __init__(self, oldest: int) -> None:
        super().__init__(f"the history begins at version {oldest}")
        self.oldest = oldest


class Store:
    """The objects of a cluster, by resource, namespace and name."""

    def __init__(self, *, version: int = 1, history_length: int = HISTORY_LENGTH) -> None:
        self.version = version
        self._compacted = version
        self._objects: dict[str, dict[str, dict[str, Manifest]]] = {}
        self._dependents: dict[str, dict[Reference, None]] = {}
        self._uids: dict[str, Reference] = {}
        self._history: deque[Change] = deque(maxlen=history_length)
        self._listeners: list[Listener] = []

    def get(self, kind: Resource, namespace: str, name: str) -> Manifest | None:
        """The object, or None."""
        return self._objects.get(kind.key, {}).get(namespace, {}).get(name)

    def objects(self, kind: Resource, namespace: str | None = None) -> list[Manifest]:
        """All objects of a resource, in one namespace or in all, ordered by namespace and name."""
        spaces = self._objects.get(kind.key, {})
        chosen = sorted(spaces) if namespace is None else [namespace]
        return [spaces[space][name] for space in chosen if space in spaces for name in sorted(spaces[space])]

    def put(self, kind: Resource, manifest: Manifest) -> Manifest:
        """Store an object under the next version and return it as stored."""
        previous = self.get(kind, namespace_of(manifest), name_of(manifest))
        self.version += 1
        stored = with_metadata(manifest, resourceVersion=str(self.version))
        stored = share(previous, stored) if previous else stored
        self._insert(kind, stored, previous)
        self._record(Change("MODIFIED" if previous else "ADDED", self.version, kind, stored, previous))
        return stored

    def remove(self, kind: Resource, manifest: Manifest) -> Manifest:
        """Remove an object; what is returned and announced carries the version of the removal."""
        space = self._objects[kind.key][namespace_of(manifest)]
        previous = space.pop(name_of(manifest))
        self._uids.pop(uid_of(previous), None)
        self._unlink(kind, previous)
        self.version += 1
        last = with_metadata(manifest, resourceVersion=str(self.version))
        self._record(Change("DELETED", self.version, kind, last, previous))
        return last

    def load(self, manifests: Iterable[tuple[Resource, Manifest]]) -> None:
        """Take objects as they were saved, versions included, without announcing them."""
        for kind, manifest in manifests:
            self._insert(kind, manifest, None)

    def by_uid(self, uid: str) -> Manifest | None:
        """The object with that uid, of any resource."""
        reference = self._uids.get(uid)
        return self.get(resource(reference[0]), reference[1], reference[2]) if reference else None

    def dependents(self, uid: str) -> list[tuple[Resource, Manifest]]:
        """The objects that name that uid as an owner."""
        found = []
        for key, namespace, name in self._dependents.get(uid, {}):
            kind = resource(key)
            manifest = self.get(kind, namespace, name)
            if manifest is not None:
                found.append((kind, manifest))
        return found

    def owned(self, owner: Manifest, kind: Resource) -> list[Manifest]:
        """The objects of one resource that `owner` controls, ordered by name."""
        found = [manifest for resource, manifest in self.dependents(uid_of(owner)) if resource is kind]
        return sorted(found, key=name_of)

    def everything(self) -> list[tuple[Resource, Manifest]]:
        """Every object with its resource, in no particular order."""
        return [
            (resource(key), manifest)
            for key, spaces in self._objects.items()
            for space in spaces.values()
            for manifest in space.values()
        ]

    @property
    def oldest(self) -> int:
        """The earliest version from which a watch may still start."""
        return self._history[0].version - 1 if self._history else self._compacted

    def since(self, version: int) -> list[Change]:
        """The changes after `version`. Raises CompactedError when some of them are no longer kept."""
        if version < self.oldest:
            raise CompactedError(self.oldest)
        return [change for change in self._history if change.version > version]

    def compact(self) -> None:
        """Forget the history, as etcd does every five minutes."""
        self._history.clear()
        self._compacted = self.version

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each change from now on; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _insert(self, kind: Resource, manifest: Manifest, previous: Manifest | None) -> None:
        namespace, name = namespace_of(manifest), name_of(manifest)
        self._objects.setdefault(kind.key, {}).setdefault(namespace, {})[name] = manifest
        self._uids[uid_of(manifest)] = (kind.key, namespace, name)
        owners = manifest["metadata"].get("ownerReferences")
        if previous is None or owners != previous["metadata"].get("ownerReferences"):
            if previous is not None:
                self._unlink(kind, previous)
            for owner in owners or []:
                self._dependents.setdefault(owner["uid"], {})[kind.key, namespace, name] = None

    def _unlink(self, kind: Resource, manifest: Manifest) -> None:
        reference = (kind.key, namespace_of(manifest), name_of(manifest))
        for owner in manifest["metadata"].get("ownerReferences") or []:
            entries = self._dependents.get(owner["uid"], {})
            entries.pop(reference, None)
            if not entries:
                self._dependents.pop(owner["uid"], None)

    def _record(self, change: Change) -> None:
        self._history.append(change)
        for listener in tuple(self._listeners):
            listener(change)
