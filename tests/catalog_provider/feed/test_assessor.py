from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping

import pytest

from catalog_provider.feed.assessor import HealthAssessor
from catalog_provider.feed.board import HealthBoard
from catalog_provider.health import EntityHealth, Status

from .samples import health as health_of


class Health:
    """Health that a test sets, and the questions asked about it."""

    def __init__(self) -> None:
        self.status: dict[str, Status] = {"a": Status.HEALTHY}
        self.asked: list[frozenset[str]] = []
        self.answered = threading.Condition()
        self.fail_on: str | None = None

    def assess(self, refs: Collection[str]) -> Mapping[str, EntityHealth | None]:
        with self.answered:
            self.asked.append(frozenset(refs))
            self.answered.notify_all()
        if self.fail_on in refs:
            raise ValueError("cannot be assessed")
        return {ref: health_of(self.status[ref]) if ref in self.status else None for ref in refs}

    def wait_for(self, refs: set[str]) -> None:
        with self.answered:
            assert self.answered.wait_for(lambda: frozenset(refs) in self.asked, timeout=10)


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def board() -> HealthBoard:
    return HealthBoard()


@pytest.fixture
def assessor(health: Health, board: HealthBoard) -> Iterator[HealthAssessor]:
    assessor = HealthAssessor(board, health.assess, lambda: set(health.status), tick=3600)
    assessor.start()
    yield assessor
    assessor.stop()


def test_everything_is_assessed_at_the_start(assessor: HealthAssessor, health: Health) -> None:
    """The board is filled without waiting for a change."""
    health.wait_for({"a"})


def test_only_what_was_touched_is_assessed_again(assessor: HealthAssessor, health: Health, board: HealthBoard) -> None:
    """A change of one entity costs one entity."""
    health.wait_for({"a"})
    health.status["b"] = Status.DEGRADED
    assessor.touch(["b"])
    health.wait_for({"b"})
    assessor.touch(["c"])
    health.wait_for({"c"})
    assert board.health("b") == health_of(Status.DEGRADED)


def test_an_entity_that_cannot_be_assessed_hurts_no_other(
    assessor: HealthAssessor, health: Health, board: HealthBoard
) -> None:
    """The thread outlives an error of the rules."""
    health.wait_for({"a"})
    health.fail_on = "bad"
    assessor.touch(["bad"])
    health.wait_for({"bad"})
    health.status["a"] = Status.DEGRADED
    assessor.touch(["a", "other"])
    health.wait_for({"a", "other"})
    assessor.stop()
    assert board.health("a") == health_of(Status.DEGRADED)
