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


class Storm(Health):
    """Touches `again` whenever it is asked for one of `triggers`."""

    def __init__(self, triggers: set[str], again: str) -> None:
        super().__init__()
        self.triggers = triggers
        self.again = again
        self.assessor: HealthAssessor | None = None

    def assess(self, refs: Collection[str]) -> Mapping[str, EntityHealth | None]:
        if self.assessor and not self.triggers.isdisjoint(refs):
            self.assessor.touch([self.again])
        return super().assess(refs)

    def asked_for(self) -> list[str]:
        return [ref for refs in self.asked for ref in sorted(refs)]


MANY = [f"many-{number:03}" for number in range(500)]


def stormed(health: Storm, board: HealthBoard) -> list[str]:
    """What was asked for, in order, from the touch of many until the last of them."""
    assessor = HealthAssessor(board, health.assess, lambda: set(health.status), coalesce=0, tick=3600)
    health.assessor = assessor
    assessor.start()
    try:
        health.wait_for({"a"})
        health.asked.clear()
        assessor.touch(MANY)
        with health.answered:
            assert health.answered.wait_for(lambda: any(MANY[-1] in refs for refs in health.asked), timeout=10)
    finally:
        assessor.stop()
    return health.asked_for()


def test_a_change_of_one_does_not_wait_for_a_look_at_many(board: HealthBoard) -> None:
    """Touched while the first of many are looked at, it comes before the rest of them."""
    asked = stormed(Storm({MANY[0]}, "one"), board)
    assert asked.index("one") < asked.index(MANY[100])


def test_a_look_at_many_is_finished_in_any_storm_of_changes(board: HealthBoard) -> None:
    """Changes of one that follow upon one another without a pause leave room for the others."""
    asked = stormed(Storm({*MANY, "one"}, "one"), board)
    assert set(MANY) <= set(asked)
    assert asked.count("one") > 1
