from __future__ import annotations

from datetime import timedelta

import pytest

from catalog_provider.feed import board as board_module
from catalog_provider.feed.board import HealthBoard, HealthChanges
from catalog_provider.health import Status

from .samples import NOON, health, status_of

HEALTHY, DEGRADED, UNKNOWN = Status.HEALTHY, Status.DEGRADED, Status.UNKNOWN


def statuses(changes: HealthChanges | None) -> list[tuple[str, object]]:
    """References and statuses, in order."""
    assert changes is not None
    return [(ref, status_of(summary)) for ref, summary in changes.items.items()]


def test_only_real_changes_count() -> None:
    """A later look at the same health is no change, though the newer time is kept."""
    board = HealthBoard()
    assert board.update({"a": health(HEALTHY)}) == {"a"}
    position = board.current().sequence
    later = NOON + timedelta(minutes=5)
    assert not board.update({"a": health(HEALTHY, later)})
    assert statuses(board.since(position)) == []
    kept = board.health("a")
    assert kept is not None
    assert kept.observed_at == later


def test_a_reader_gets_the_latest_of_each_entity() -> None:
    """Between two looks of a slow reader an entity may flip often; it is told once."""
    board = HealthBoard()
    board.update({"a": health(HEALTHY), "b": health(HEALTHY)})
    position = board.current().sequence
    for status in (DEGRADED, HEALTHY, UNKNOWN):
        board.update({"b": health(status)})
    board.update({"a": None})
    changes = board.since(position)
    assert statuses(changes) == [("b", "Unknown"), ("a", None)]
    assert statuses(board.since(board.current().sequence)) == []


def test_a_reader_of_some_gets_those_alone() -> None:
    """In the order in which they changed; what streams tell of one change is one object for all of them."""
    board = HealthBoard()
    board.update({name: health(HEALTHY) for name in "abc"})
    position = board.current().sequence
    for name in "cab":
        board.update({name: health(DEGRADED)})
    changes = board.since(position, frozenset("bc"))
    assert statuses(changes) == [("c", "Degraded"), ("b", "Degraded")]
    again = board.since(position)
    assert changes is not None
    assert again is not None
    assert changes.events[0] is again.events[0]


def test_health_that_ends_is_told_and_in_time_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is behind the forgotten ones is sent to the snapshot."""
    monkeypatch.setattr(board_module, "ENDED_KEPT", 2)
    board = HealthBoard()
    board.update({name: health(HEALTHY) for name in "abcd"})
    position = board.current().sequence
    board.update({"a": None, "b": None})
    assert statuses(board.since(position)) == [("a", None), ("b", None)]
    board.update({"c": None})
    assert board.since(position) is None
    assert statuses(board.current()) == [("d", "Healthy")]
    assert board.since(board.current().sequence) is not None


def test_health_that_comes_back_is_news() -> None:
    """An entity whose health ended and began again is reported as it is now."""
    board = HealthBoard()
    board.update({"a": health(HEALTHY)})
    board.update({"a": None})
    position = board.current().sequence
    board.update({"a": health(HEALTHY)})
    assert statuses(board.since(position)) == [("a", "Healthy")]


def test_unknown_entities_stay_absent() -> None:
    """No health for an unknown entity is no change."""
    board = HealthBoard()
    assert not board.update({"x": None})
    assert board.current(["x"]).items == {}
