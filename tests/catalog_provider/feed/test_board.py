from __future__ import annotations

import pytest

from catalog_provider.feed import board as board_module
from catalog_provider.feed.board import HealthBoard
from foundation.jsontypes import JsonObject


def summary(status: str, observed: str = "12:00") -> JsonObject:
    return {
        "status": status,
        "observedAt": observed,
        "environments": [{"name": "production", "status": status, "observedAt": observed}],
    }


def test_only_real_changes_count() -> None:
    """A later look at the same health is no change, though the newer time is kept."""
    board = HealthBoard()
    assert board.update({"a": summary("Healthy")}) == {"a"}
    position = board.current().sequence
    assert not board.update({"a": summary("Healthy", "12:05")})
    changes = board.since(position)
    assert changes is not None
    assert not changes.items
    assert board.summary("a") == summary("Healthy", "12:05")


def test_a_reader_gets_the_latest_of_each_entity() -> None:
    """Between two looks of a slow reader an entity may flip often; it is told once."""
    board = HealthBoard()
    board.update({"a": summary("Healthy"), "b": summary("Healthy")})
    position = board.current().sequence
    for status in ("Degraded", "Progressing", "Unknown"):
        board.update({"b": summary(status)})
    board.update({"a": None})
    changes = board.since(position)
    assert changes is not None
    assert list(changes.items.items()) == [("b", summary("Unknown")), ("a", None)]
    after = board.since(changes.sequence)
    assert after is not None
    assert not after.items


def test_health_that_ends_is_told_and_in_time_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is behind the forgotten ones is sent to the snapshot."""
    monkeypatch.setattr(board_module, "ENDED_KEPT", 2)
    board = HealthBoard()
    board.update({name: summary("Healthy") for name in "abcd"})
    position = board.current().sequence
    board.update({"a": None, "b": None})
    changes = board.since(position)
    assert changes is not None
    assert changes.items == {"a": None, "b": None}
    board.update({"c": None})
    assert board.since(position) is None
    assert board.current().items == {"d": summary("Healthy")}
    assert board.since(board.current().sequence) is not None


def test_health_that_comes_back_is_news() -> None:
    """An entity whose health ended and began again is reported as it is now."""
    board = HealthBoard()
    board.update({"a": summary("Healthy")})
    board.update({"a": None})
    position = board.current().sequence
    board.update({"a": summary("Healthy")})
    changes = board.since(position)
    assert changes is not None
    assert changes.items == {"a": summary("Healthy")}


def test_unknown_entities_stay_absent() -> None:
    """No health for an unknown entity is no change."""
    board = HealthBoard()
    assert not board.update({"x": None})
    assert board.current(["x"]).items == {}
