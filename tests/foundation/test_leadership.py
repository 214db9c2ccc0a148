"""One of several does it, and another takes over."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from foundation.leadership import Leadership


class Work:
    """What one of several does; `happened` in the order of it."""

    def __init__(self, lock: Path, *, fails: bool = False) -> None:
        self.happened: list[str] = []
        self.begun = threading.Event()
        self.gave_up = threading.Event()
        self._fails = fails
        self.turn = Leadership(lock, self._begin, self._end, self.gave_up.set)

    def _begin(self) -> None:
        if self._fails:
            raise RuntimeError("It cannot begin.")
        self.happened.append("begun")
        self.begun.set()

    def _end(self) -> None:
        self.happened.append("ended")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "state" / "work.lock"


def test_the_next_begins_when_the_first_has_ended(lock: Path) -> None:
    first, second = Work(lock), Work(lock)
    first.turn.start()
    assert first.begun.wait(10)
    second.turn.start()
    assert second.happened == []
    first.turn.stop()
    assert first.happened == ["begun", "ended"]
    assert second.begun.wait(10)
    second.turn.stop()
    assert second.happened == ["begun", "ended"]


def test_who_left_the_line_never_begins(lock: Path) -> None:
    """Its turn passes on to who still waits."""
    first, second, third = Work(lock), Work(lock), Work(lock)
    first.turn.start()
    assert first.begun.wait(10)
    second.turn.start()
    second.turn.stop()
    third.turn.start()
    first.turn.stop()
    assert third.begun.wait(10)
    assert second.happened == []
    third.turn.stop()


def test_who_cannot_begin_gives_up_and_lets_another(lock: Path) -> None:
    first, second = Work(lock, fails=True), Work(lock)
    first.turn.start()
    assert first.gave_up.wait(10)
    second.turn.start()
    assert second.begun.wait(10)
    first.turn.stop()
    assert first.happened == []
    second.turn.stop()
