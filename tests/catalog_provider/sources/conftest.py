"""A catalogue of two sources over a real state database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog_provider.sources.catalogue import Catalogue
from catalog_provider.sources.memory import CatalogMemory
from foundation.jsontypes import JsonObject
from foundation.runs.tables import normalised_url, open_database

Published = list[Mapping[str, JsonObject]]


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def memory(tmp_path: Path) -> CatalogMemory:
    memory = CatalogMemory(open_database(normalised_url(f"sqlite:///{tmp_path / 'state' / 'state.sqlite'}")))
    memory.create_tables()
    return memory


@pytest.fixture
def published() -> Published:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(memory: CatalogMemory, published: Published, clock: Clock) -> Callable[[], Catalogue]:
    """Begins anew, as after a restart of the server; each time something is published, the whole is noted."""

    def begin() -> Catalogue:
        whole: dict[str, JsonObject] = {}

        def publish(changes: Mapping[str, JsonObject | None]) -> None:
            for ref, entity in changes.items():
                whole.pop(ref, None)
                if entity is not None:
                    whole[ref] = entity
            published.append(dict(whole))

        return Catalogue([("git", "git"), ("folder", "folder")], memory, publish, clock)

    return begin
