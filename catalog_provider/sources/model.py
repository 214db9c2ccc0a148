"""What a source of entities is, and what it gives at each look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from catalog_provider.entities.origin import Origin
from foundation.errors import Problem
from foundation.jsontypes import JsonObject

Key = TypeVar("Key")


@dataclass(frozen=True)
class DocumentReading:
    """One document at one look: its entities, or the problems for which it has none.

    `implied` entities, such as the System a service names, give way to declared ones of the same name.
    """

    origin: Origin
    declared: tuple[JsonObject, ...] = ()
    implied: tuple[JsonObject, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class SourceReading:
    """All documents of a source, and what is wrong with it beyond any of them.

    `withdrawn` are the locations of documents, of whatever source, that somebody took out of the catalog.
    """

    documents: tuple[DocumentReading, ...]
    problems: tuple[Problem, ...] = ()
    withdrawn: frozenset[str] = frozenset()


class Source(Protocol):
    """Answers what documents there are now. Used by one thread at a time."""

    @property
    def name(self) -> str:
        """What people call it, unique among all."""

    @property
    def kind(self) -> str:
        """git, folder, golden-paths, organisation, registrations or clusters."""

    def read(self) -> SourceReading:
        """Every document of the source, the unchanged ones as the objects given before.

        Raises GreenroomError when the source as a whole cannot be read.
        """


@dataclass
class Remembered(Generic[Key]):
    """What was read at a revision, so that a look at something unchanged costs nothing."""

    _held: dict[Key, tuple[str, tuple[DocumentReading, ...]]] = field(default_factory=dict)

    def at(
        self, key: Key, revision: str, read: Callable[[], tuple[DocumentReading, ...]]
    ) -> tuple[DocumentReading, ...]:
        """What `read` gave at this revision; it is called once for each."""
        held = self._held.get(key)
        if held is None or held[0] != revision:
            held = self._held[key] = (revision, read())
        return held[1]

    def last(self, key: Key) -> tuple[DocumentReading, ...] | None:
        """What was read last, at whatever revision."""
        held = self._held.get(key)
        return held[1] if held else None

    def keep_only(self, keys: set[Key]) -> None:
        for key in self._held.keys() - keys:
            del self._held[key]
