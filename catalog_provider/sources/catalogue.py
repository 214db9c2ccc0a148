"""All sources together: one set of entities, and what is to be said about where they came from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from catalog_provider.entities.origin import Origin
from catalog_provider.sources.contradictions import contradictions
from catalog_provider.sources.memory import CatalogMemory, GoodDocument
from catalog_provider.sources.model import DocumentReading, SourceReading
from foundation.backstage.entities import EntityRef
from foundation.errors import GreenroomError, Problem, ServiceUnavailableError
from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject
from foundation.service.entities import KUBERNETES_ID

State = Literal["starting", "ready", "failing"]
Publish = Callable[[Mapping[str, JsonObject]], object]


@dataclass(frozen=True)
class KeptDocument:
    """A document as the catalog shows it: its last good entities, and what is wrong with it now."""

    origin: Origin
    good: GoodDocument | None
    problems: tuple[Problem, ...] = ()

    @property
    def stale(self) -> bool:
        """Whether the entities are older than the document."""
        return self.good is not None and bool(self.problems)


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


@dataclass(frozen=True)
class Collation:
    """The entities of all documents by reference, whose they are, and who else claimed them."""

    entities: Mapping[str, JsonObject]
    owners: Mapping[str, KeptDocument]
    conflicts: Mapping[str, tuple[Problem, ...]]


class Catalogue:
    """Takes what the sources read and publishes the whole whenever it is different.

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
        self._collation = Collation({}, {}, {})

    def take(self, source: str, reading: SourceReading) -> None:
        """What a source has just read. Published when this returns, if all sources have answered."""
        now = self._clock()
        with self._lock:
            state = self._states[source]
            first = state.reading is None
            unchanged = not first and state.reading == reading
            state.state, state.message, state.last_good_at = "ready", None, now
            if unchanged:
                return
            if first:
                remembered = self._memory.good_documents(source)
            else:
                remembered = {place: each.good for place, each in state.documents.items() if each.good}
            documents = {each.origin.location: self._kept(each, remembered, now) for each in reading.documents}
            self._remember(source, remembered, documents)
            state.reading, state.documents = reading, documents
            self._collate()

    def fail(self, source: str, error: GreenroomError) -> None:
        """A source could not be read: its entities stay as they were, and it says why."""
        with self._lock:
            state = self._states[source]
            state.state, state.message = "failing", " ".join(filter(None, (error.message, error.remedy)))

    def not_ready(self) -> dict[str, str]:
        """The sources that have not answered once, and why."""
        with self._lock:
            waiting = [each for each in self._states.values() if each.reading is None]
            return {each.name: each.message or "is being read for the first time" for each in waiting}

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
        collation = self._collation
        document = collation.owners.get(ref)
        if document is None:
            return None
        return document, (*document.problems, *collation.conflicts.get(document.origin.location, ()))

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
        document = self._collation.owners.get(ref)
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

    def _remember(self, source: str, before: Mapping[str, GoodDocument], documents: Mapping[str, KeptDocument]) -> None:
        good = {place: each.good for place, each in documents.items() if each.good}
        changed = {place: each for place, each in good.items() if before.get(place) is not each}
        gone = before.keys() - good.keys()
        if changed or gone:
            self._memory.remember(source, changed, gone)

    def _collate(self) -> None:
        if self._is_starting():
            return
        withdrawn = self._withdrawn
        known = {location for each in self._states.values() for location in each.documents}
        if gone := withdrawn - known:
            # A withdrawal lasts as long as its document: one that comes later, at the same place, is another.
            self._memory.restore(gone)
        self._collation = collate([_without(withdrawn, each.documents) for each in self._states.values()])
        self._publish(self._collation.entities)

    @property
    def _withdrawn(self) -> frozenset[str]:
        readings = (each.reading for each in self._states.values())
        return frozenset().union(*(each.withdrawn for each in readings if each))

    def _problems(self, state: SourceState) -> Iterator[Problem]:
        yield from state.reading.problems if state.reading else ()
        for document in _without(self._withdrawn, state.documents):
            yield from document.problems
            yield from self._collation.conflicts.get(document.origin.location, ())


def _without(withdrawn: Collection[str], documents: Mapping[str, KeptDocument]) -> list[KeptDocument]:
    return [each for location, each in documents.items() if location not in withdrawn]


def collate(sources: Sequence[Sequence[KeptDocument]]) -> Collation:
    """One entity for each reference.

    A document that two sources give counts for the first of them. Of two documents that claim one
    name or one host, the one that had it first keeps it, and the other has a problem that names both. Components that
    wait for one another in a circle have a problem too.
    """
    unique: dict[str, tuple[int, KeptDocument]] = {}
    for position, documents in enumerate(sources):
        for each in documents:
            held = unique.get(each.origin.location)
            if held is None or (held[1].good is None and each.good is not None):
                unique[each.origin.location] = (position, each)
    ordered = sorted(unique.values(), key=_seniority)
    entities: dict[str, JsonObject] = {}
    owners: dict[str, KeptDocument] = {}
    conflicts: dict[str, tuple[Problem, ...]] = {}
    for _, document in ordered:
        for entity in document.good.declared if document.good else ():
            ref = str(EntityRef.of(entity))
            if ref in owners:
                location = document.origin.location
                conflicts[location] = (*conflicts.get(location, ()), _conflict(ref, document, owners[ref]))
            else:
                entities[ref], owners[ref] = entity, document
    claimed = {_kubernetes_id(entity) for entity in entities.values()} - {None}
    for _, document in ordered:
        for entity in document.good.implied if document.good else ():
            ref = str(EntityRef.of(entity))
            # A workload may go by another name in the document that describes it.
            if ref not in owners and _kubernetes_id(entity) not in claimed:
                entities[ref], owners[ref] = entity, document
    return _with_contradictions(Collation(entities, owners, conflicts))


def _kubernetes_id(entity: JsonObject) -> str | None:
    return text_at(entity, "metadata", "annotations", KUBERNETES_ID) or None


def _with_contradictions(collation: Collation) -> Collation:
    components = [
        (ref, collation.owners[ref].origin.file, entity)
        for ref, entity in collation.entities.items()
        if entity["kind"] == "Component"
    ]
    conflicts = dict(collation.conflicts)
    for ref, problem in contradictions(components):
        location = collation.owners[ref].origin.location
        conflicts[location] = (*conflicts.get(location, ()), problem)
    return Collation(collation.entities, collation.owners, conflicts)


def _seniority(placed: tuple[int, KeptDocument]) -> tuple[str, int, str]:
    position, document = placed
    return (document.good.first_read_at.isoformat() if document.good else "", position, document.origin.location)


def _conflict(ref: str, loser: KeptDocument, winner: KeptDocument) -> Problem:
    message = f"{ref} is also claimed by {winner.origin.file}, which had the name first."
    return Problem(loser.origin.file, 0, 0, message, "Give one of them another name.")
