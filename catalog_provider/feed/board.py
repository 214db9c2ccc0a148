"""The current health of every entity, and what has changed on it since a position."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog_provider.feed.signal import Signal
from foundation.jsontypes import JsonObject

# What says how fresh a summary is, and not what it says; alone it is no change.
FRESHNESS = "observedAt"
# Entities without health whose end is remembered for readers that are behind; enough for a whole
# cluster's services going at once, and a few hundred kB.
ENDED_KEPT = 5_000


@dataclass(frozen=True)
class HealthChanges:
    """What happened up to the position `sequence`: reference → summary, None where health is gone."""

    sequence: int
    items: Mapping[str, JsonObject | None]


class HealthBoard:
    """Holds the summary of each entity. Safe to use from any thread; `changed` rings after changes."""

    def __init__(self) -> None:
        self.changed = Signal()
        self._lock = threading.Lock()
        self._sequence = 0
        # Positions up to this one are forgotten.
        self._floor = 0
        self._summaries: dict[str, JsonObject] = {}
        # Reference → sequence of its last change, in that order, the ended ones among them.
        self._changed_at: OrderedDict[str, int] = OrderedDict()
        self._ended = 0

    def update(self, summaries: Mapping[str, JsonObject | None]) -> frozenset[str]:
        """Take newly assessed summaries; give the references of those that really say something else."""
        with self._lock:
            different = {ref for ref, summary in summaries.items() if self._differs(ref, summary)}
            for ref, summary in summaries.items():
                self._place(ref, summary, changed=ref in different)
            self._forget()
        if different:
            self.changed.ring()
        return frozenset(different)

    def summary(self, ref: str) -> JsonObject | None:
        return self._summaries.get(ref)

    def references(self) -> frozenset[str]:
        """The entities that have health now."""
        with self._lock:
            return frozenset(self._summaries)

    def current(self, refs: Iterable[str] | None = None) -> HealthChanges:
        """The summaries of `refs` (None: of all) that have health, and the position they are of."""
        with self._lock:
            chosen = self._summaries.keys() if refs is None else refs
            items: dict[str, JsonObject | None] = {
                ref: self._summaries[ref] for ref in chosen if ref in self._summaries
            }
            return HealthChanges(self._sequence, items)

    def since(self, sequence: int) -> HealthChanges | None:
        """The latest of each entity that changed after `sequence`, oldest first; None: too far back."""
        with self._lock:
            if sequence < self._floor:
                return None
            refs: list[str] = []
            for ref in reversed(self._changed_at):
                if self._changed_at[ref] <= sequence:
                    break
                refs.append(ref)
            return HealthChanges(self._sequence, {ref: self._summaries.get(ref) for ref in reversed(refs)})

    def _differs(self, ref: str, summary: JsonObject | None) -> bool:
        before = self._summaries.get(ref)
        if before is None or summary is None:
            return before is not summary
        return _without_freshness(before) != _without_freshness(summary)

    def _place(self, ref: str, summary: JsonObject | None, *, changed: bool) -> None:
        if changed:
            self._sequence += 1
            self._ended += (summary is None) - (ref in self._changed_at and ref not in self._summaries)
            self._changed_at[ref] = self._sequence
            self._changed_at.move_to_end(ref)
        if summary is None:
            self._summaries.pop(ref, None)
        else:
            self._summaries[ref] = summary

    def _forget(self) -> None:
        if self._ended <= ENDED_KEPT:
            return
        for ref in [ref for ref in self._changed_at if ref not in self._summaries]:
            self._floor = self._changed_at.pop(ref)
        self._ended = 0


def _without_freshness(summary: JsonObject) -> dict[str, object]:
    kept: dict[str, object] = {key: value for key, value in summary.items() if key != FRESHNESS}
    environments = summary.get("environments")
    if isinstance(environments, (list, tuple)):
        kept["environments"] = [
            {key: value for key, value in each.items() if key != FRESHNESS} if isinstance(each, Mapping) else each
            for each in environments
        ]
    return kept
