"""The current health of every entity, and what has changed on it since a position."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from catalog_provider.feed.signal import Signal
from catalog_provider.health import EntityHealth
from foundation.jsontypes import JsonObject
from foundation.web import ServerSentEvent

# What says how fresh a summary is, and not what it says; alone it is no change.
_FRESHNESS = "observedAt"
# Entities without health whose end is remembered for readers that are behind; enough for a whole
# cluster's services going at once, and a few hundred kB.
ENDED_KEPT = 5_000


@dataclass(frozen=True)
class HealthChanges:
    """What happened up to the position `sequence`: reference → summary, None where health is gone.

    `events` are what streams tell of the same, each made once for all of them.
    """

    sequence: int
    items: Mapping[str, JsonObject | None]
    events: tuple[ServerSentEvent, ...] = ()


@dataclass(frozen=True)
class _Held:
    health: EntityHealth
    summary: JsonObject

    @cached_property
    def event(self) -> ServerSentEvent:
        """What streams are told, encoded once for all of them."""
        return ServerSentEvent("health", self.summary)


class HealthBoard:
    """Holds the health of each entity. Safe to use from any thread; `changed` rings after changes."""

    def __init__(self) -> None:
        self.changed = Signal()
        self._lock = threading.Lock()
        self._sequence = 0
        # Positions up to this one are forgotten.
        self._floor = 0
        self._held: dict[str, _Held] = {}
        # Reference → sequence of its last change, in that order, the ended ones among them.
        self._changed_at: OrderedDict[str, int] = OrderedDict()
        self._ended = 0

    def update(self, assessed: Mapping[str, EntityHealth | None]) -> frozenset[str]:
        """Take newly assessed health; give the references of those whose summary really says something else."""
        held = {ref: _Held(health, health.to_summary_json(ref)) if health else None for ref, health in assessed.items()}
        with self._lock:
            different = {ref for ref, each in held.items() if self._differs(ref, each)}
            for ref, each in held.items():
                self._place(ref, each, changed=ref in different)
            self._forget()
        if different:
            self.changed.ring(different)
        return frozenset(different)

    def health(self, ref: str) -> EntityHealth | None:
        """All that is known of the health of one entity; None: it has none."""
        held = self._held.get(ref)
        return held.health if held else None

    def references(self) -> frozenset[str]:
        """The entities that have health now."""
        with self._lock:
            return frozenset(self._held)

    def current(self, refs: Iterable[str] | None = None) -> HealthChanges:
        """The summaries of `refs` (None: of all) that have health, and the position they are of."""
        with self._lock:
            chosen = self._held.keys() if refs is None else refs
            items = {ref: self._summary(ref) for ref in chosen if ref in self._held}
            return HealthChanges(self._sequence, items)

    def since(self, sequence: int, refs: Collection[str] | None = None) -> HealthChanges | None:
        """The latest of each of `refs` (None: of all) that changed after `sequence`, oldest first; None: too far back."""
        with self._lock:
            if sequence < self._floor:
                return None
            changed = self._changed_after(sequence) if refs is None else self._changed_of(refs, sequence)
            items = {ref: self._summary(ref) for ref in changed}
            return HealthChanges(self._sequence, items, tuple(self._event(ref) for ref in changed))

    def _changed_after(self, sequence: int) -> list[str]:
        refs = list(takewhile(lambda ref: self._changed_at[ref] > sequence, reversed(self._changed_at)))
        return refs[::-1]

    def _changed_of(self, refs: Collection[str], sequence: int) -> list[str]:
        """A reader of few that was long asleep looks at those few, and not at all that happened meanwhile."""
        found = [(at, ref) for ref in refs if (at := self._changed_at.get(ref, 0)) > sequence]
        return [ref for _, ref in sorted(found)]

    def _summary(self, ref: str) -> JsonObject | None:
        held = self._held.get(ref)
        return held.summary if held else None

    def _event(self, ref: str) -> ServerSentEvent:
        held = self._held.get(ref)
        return held.event if held else ServerSentEvent("health", {"entityRef": ref, "status": None})

    def _differs(self, ref: str, now: _Held | None) -> bool:
        before = self._held.get(ref)
        if before is None or now is None:
            return before is not now
        return _without_freshness(before.summary) != _without_freshness(now.summary)

    def _place(self, ref: str, now: _Held | None, *, changed: bool) -> None:
        if changed:
            self._sequence += 1
            self._ended += (now is None) - (ref in self._changed_at and ref not in self._held)
            self._changed_at[ref] = self._sequence
            self._changed_at.move_to_end(ref)
        if now is None:
            self._held.pop(ref, None)
        else:
            self._held[ref] = now

    def _forget(self) -> None:
        if self._ended <= ENDED_KEPT:
            return
        for ref in [ref for ref in self._changed_at if ref not in self._held]:
            self._floor = self._changed_at.pop(ref)
        self._ended = 0


def _without_freshness(summary: JsonObject) -> dict[str, object]:
    return {key: value for key, value in summary.items() if key != _FRESHNESS}
