"""The catalog in versions: a snapshot of one, and the changes from one to the next.

A version is `<epoch>-<counter>`. The epoch is chosen anew at each start of the server, so a version
of an earlier life is recognised as unknown instead of being mistaken for a recent one.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog_provider.feed.signal import Signal
from foundation.errors import GoneError
from foundation.jsontypes import JsonObject

# Entity references kept in the history of changes. A reader that is further behind than this many
# single changes is better served by a snapshot; at some 100 bytes a reference it is a few MiB.
HISTORY_REFERENCES = 20_000
# Versions whose snapshot can still be paged through. A reader pages within seconds, and each version
# costs one tuple of references to entities that are mostly shared with its neighbours.
SNAPSHOTS_KEPT = 8
_COUNTED = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Snapshot:
    """Every entity of one version, ordered by reference."""

    version: str
    entities: tuple[JsonObject, ...]


@dataclass(frozen=True)
class Changes:
    """What leads to `version`: entities that are new or different, and references that are gone."""

    version: str
    upserted: tuple[JsonObject, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.upserted or self.removed)


class EntityFeed:
    """Turns what is published into one version, if anything is different.

    Safe to use from any thread. `changed` rings after each new version.
    """

    def __init__(self, epoch: str | None = None, *, history: int = HISTORY_REFERENCES) -> None:
        self.changed = Signal()
        self._epoch = epoch or secrets.token_hex(3)
        self._counter = 0
        self._capacity = history
        self._lock = threading.Lock()
        self._entities: dict[str, JsonObject] = {}
        # (counter, references touched by it), oldest first, without gaps up to the current counter.
        self._history: deque[tuple[int, frozenset[str]]] = deque()
        self._held = 0
        self._snapshots: OrderedDict[str, Snapshot] = OrderedDict()

    @property
    def version(self) -> str:
        return f"{self._epoch}-{self._counter}"

    def publish(self, changes: Mapping[str, JsonObject | None]) -> Changes:
        """Take what became of entities, by reference, None for what is gone; falsy when all is what it was."""
        with self._lock:
            different = {ref: each for ref, each in changes.items() if self._entities.get(ref) != each}
            for ref, entity in different.items():
                if entity is None:
                    del self._entities[ref]
                else:
                    self._entities[ref] = entity
            if different:
                self._remember(frozenset(different))
            told = self._changes(different)
        if told:
            self.changed.ring()
        return told

    def snapshot(self, version: str | None = None) -> Snapshot:
        """The catalog at `version`, or now. Raises GoneError for a version that is kept no more."""
        with self._lock:
            wanted = version or self.version
            if wanted in self._snapshots:
                return self._snapshots[wanted]
            if wanted != self.version:
                raise GoneError(f'Version "{version}" is gone.', remedy="Take the snapshot again, without a cursor.")
            snapshot = Snapshot(wanted, tuple(self._entities[ref] for ref in sorted(self._entities)))
            self._snapshots[wanted] = snapshot
            while len(self._snapshots) > SNAPSHOTS_KEPT:
                self._snapshots.popitem(last=False)
            return snapshot

    def changes_since(self, version: str) -> Changes:
        """Everything that happened after `version`, folded into one set of changes.

        Raises GoneError when the version is of another epoch, or further back than the history.
        """
        epoch, _, text = version.rpartition("-")
        with self._lock:
            counter = counted(text)
            oldest = self._history[0][0] - 1 if self._history else self._counter
            if epoch != self._epoch or counter is None or not oldest <= counter <= self._counter:
                raise GoneError(f'Version "{version[:64]}" is unknown or too old.', remedy="Take the snapshot again.")
            touched: set[str] = set()
            for number, references in reversed(self._history):
                if number <= counter:
                    break
                touched |= references
            return self._changes(touched)

    def entity(self, ref: str) -> JsonObject | None:
        """The entity of this reference in the current version."""
        return self._entities.get(ref)

    def _remember(self, references: frozenset[str]) -> None:
        self._counter += 1
        self._history.append((self._counter, references))
        self._held += len(references)
        while self._held > self._capacity and self._history:
            self._held -= len(self._history.popleft()[1])

    def _changes(self, touched: Iterable[str]) -> Changes:
        ordered = sorted(touched)
        return Changes(
            self.version,
            upserted=tuple(self._entities[ref] for ref in ordered if ref in self._entities),
            removed=tuple(ref for ref in ordered if ref not in self._entities),
        )


def counted(text: str) -> int | None:
    """The number that callers hand back to us, or None for what we never gave.

    Nine digits are more versions, and more entities, than a server lives to see; more go unparsed.
    """
    return int(text) if _COUNTED.fullmatch(text) else None
