"""All sources together: one set of entities, and what is to be said about where they came from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from catalog_provider.entities.origin import Origin
from catalog_provider.sources.claims import KeptDocument
from catalog_provider.sources.collation import Collation
from catalog_provider.sources.difference import difference
from catalog_provider.sources.memory import CatalogMemory, GoodDocument
from catalog_provider.sources.model import DocumentReading, SourceReading
from foundation.backstage.entities import EntityRef
from foundation.errors import GreenroomError, Problem, ServiceUnavailableError
from foundation.jsontypes import JsonObject

State = Literal["starting", "ready", "failing"]
Publish: TypeAlias = "Callable[[Mapping[str, JsonObject | None]], object]"


@dataclass
class SourceState:
    """How a source fares. `last_good_at` is when it could last be read."""

    name: str
    kind: str
    state: State = "starting"
    message: str | None = None
    last_good_at: datetime | None = None
    reading: SourceReading | None = None
    documents: dict[str, KeptDocument] = field(default_factory=dict)


class Catalogue:
    """Takes what the sources read and publishes what is different: by reference, and None for what is gone.

    Safe to use from any thread. Nothing is published before every source has answered once: a part of
    the catalog would delete the rest of it in Backstage.
    """

    def __init__(
        self,
        sources: Sequence[tuple[str, str]],
        memory: CatalogMemory,
        publish: Publish,
        clock: Callable[[], datetime],
    ) -> None:
        self._states = {name: SourceState(name, kind) for name, kind in sources}
        self._memory = memory
        self._publish = publish
        self._clock = clock
        self._started = clock()
        self._lock = threading.Lock()
        self._collation = Collation()
        self._withdrawn: frozenset[str] = frozenset()
        # The locations of documents that have changed and are not collated yet.
        self._due: set[str] = set()
        # Whether the whole has been published.
        self._complete = False

    def take(self, source: str, reading: SourceReading) -> None:
        """What a source has just read. Published when this returns, if all sources have answered."""
        now = self._clock()
        with self._lock:
            state = self._states[source]
            state.state, state.message, state.last_good_at = "ready", None, now
            before = state.reading
            different = difference(before.documents if before else (), reading.documents)
            is_news = before is None or different or before.withdrawn != reading.withdrawn
            if is_news:
                good = _good(state.documents, different) if before else self._memory.good_documents(source)
                fresh = {place: self._kept(each, good, now) for place, each in different.items() if each}
                self._remember(source, good, fresh)
                # A new mapping each time, so that who reads the one before is not disturbed.
                documents = {**state.documents, **fresh}
                if len(documents) > len(state.documents) or len(fresh) < len(different):
                    places = (each.origin.location for each in reading.documents)
                    documents = {place: documents[place] for place in places}
                state.documents = documents
                self._due |= different.keys()
            state.reading = reading
            if is_news:
                self._collate()

    def fail(self, source: str, error: GreenroomError) -> None:
        """A source could not be read: its entities stay as they were, and it says why."""
        with self._lock:
            state = self._states[source]
            state.state, state.message = "failing", " ".join(filter(None, (error.message, error.remedy)))

    def not_ready(self) -> dict[str, str]:
        """The sources that have not answered once, and why."""
        # Without the lock, since each request asks: what a source has read once it does not lose.
        waiting = [each for each in self._states.values() if each.reading is None]
        if waiting or self._complete:
            return {each.name: each.message or "is being read for the first time" for each in waiting}
        return {"all": "what they gave is being put together"}

    def require_ready(self) -> None:
        """Raises ServiceUnavailableError, which names each source that has not answered once."""
        if missing := self.not_ready():
            reasons = "; ".join(f"{name}: {reason}" for name, reason in missing.items())
            raise ServiceUnavailableError(
                f"Not every source of entities has answered yet. {reasons}", remedy="Ask again in a moment."
            )

    def sources(self) -> list[tuple[SourceState, list[Problem]]]:
        """Each source with every problem in it and in its documents, as it is now."""
        with self._lock:
            return [(each, list(self._problems(each))) for each in self._states.values()]

    def document_of(self, ref: str) -> tuple[KeptDocument, tuple[Problem, ...]] | None:
        """The document that an entity comes from, and its problems; None for an unknown entity."""
        with self._lock:
            document = self._collation.owner(ref)
            if document is None:
                return None
            return document, (*document.problems, *self._collation.problems(document.origin.location))

    def declaring(self, ref: str) -> list[KeptDocument]:
        """The documents in the catalog that declare an entity, and those that would if these were not there."""
        with self._lock:
            return [
                document
                for state in self._states.values()
                for location, document in state.documents.items()
                if location not in self._withdrawn and document.good
                if ref in (str(EntityRef.of(each)) for each in document.good.declared)
            ]

    def owner(self, ref: str) -> Origin | None:
        """Who has the name `ref` now."""
        document = self._collation.owner(ref)
        return document.origin if document else None

    def _kept(self, reading: DocumentReading, remembered: Mapping[str, GoodDocument], now: datetime) -> KeptDocument:
        before = remembered.get(reading.origin.location)
        if reading.problems:
            return KeptDocument(reading.origin, before, reading.problems)
        same = before and (before.declared, before.implied) == (reading.declared, reading.implied)
        if before and same:
            return KeptDocument(reading.origin, before)
        # Of documents that are all there at the first start, none is older than another.
        first = before.first_read_at if before else self._started if self._is_starting() else now
        return KeptDocument(reading.origin, GoodDocument(first, now, reading.declared, reading.implied))

    def _is_starting(self) -> bool:
        return any(each.reading is None for each in self._states.values())

    def _remember(self, source: str, before: Mapping[str, GoodDocument], fresh: Mapping[str, KeptDocument]) -> None:
        """`before` is what is remembered of those that are different now or gone."""
        good = {place: each.good for place, each in fresh.items() if each.good}
        changed = {place: each for place, each in good.items() if before.get(place) is not each}
        gone = before.keys() - good.keys()
        if changed or gone:
            self._memory.remember(source, changed, gone, known=before.keys())

    def _collate(self) -> None:
        """Publish what comes of the documents that have changed."""
        if self._is_starting():
            return
        documents = [each.documents for each in self._states.values()]
        readings = (each.reading for each in self._states.values())
        withdrawn = frozenset().union(*(each.withdrawn for each in readings if each))
        touched = self._collation.update(self._due | (withdrawn ^ self._withdrawn), documents, withdrawn)
        self._withdrawn = withdrawn
        self._due.clear()
        if touched:
            self._publish({ref: self._collation.entity(ref) for ref in touched})
        self._complete = True
        if gone := {place for place in withdrawn if not any(place in each for each in documents)}:
            # A withdrawal lasts as long as its document: one that comes later, at the same place, is another.
            self._memory.restore(gone)

    def _problems(self, state: SourceState) -> Iterator[Problem]:
        yield from state.reading.problems if state.reading else ()
        for location, document in state.documents.items():
            if location not in self._withdrawn:
                yield from document.problems
                yield from self._collation.problems(location)


def _good(documents: Mapping[str, KeptDocument], locations: Iterable[str]) -> dict[str, GoodDocument]:
    """What is remembered of the documents at these locations."""
    return {place: good for place in locations if (kept := documents.get(place)) and (good := kept.good)}
