"""What is followed goes on when the server restarts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from greenroom.cli import health, runs
from greenroom.cli.client import Client, Event, ServerError, UnavailableError
from greenroom.cli.health import _changes
from greenroom.cli.runs import RunFailedError, run_action

LOST = UnavailableError("The connection broke off.")


class RestartingServer(Client):
    """A server that gives what it is told to, one connection after another; an error is where one breaks off."""

    def __init__(self, *connections: tuple[Event | ServerError, ...]) -> None:
        super().__init__("http://localhost:1", "")
        self.connections = list(connections)
        self.asked: list[dict[str, str]] = []

    def put(self, path: str, body: object) -> Any:
        return {"status": "running"}

    def follow(self, path: str, **query: str) -> Iterator[Event]:
        self.asked.append(query)
        for each in self.connections.pop(0):
            if isinstance(each, Event):
                yield each
            else:
                raise each


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a server that is not there."""
    monkeypatch.setattr(runs, "PAUSE", 0)
    monkeypatch.setattr(runs, "ATTEMPTS", 3)
    monkeypatch.setattr(health, "PAUSE", 0)


def line(sequence: int) -> Event:
    return Event("log", {"sequence": sequence, "level": "info", "message": f"line {sequence}"})


def test_a_run_is_followed_past_a_restart() -> None:
    """From the last line that is known, so that none is shown twice; the break is said once."""
    finished = Event("finished", {"status": "succeeded", "outputs": {"a": 1}})
    server = RestartingServer((line(1), line(2), LOST), (LOST,), (line(3), finished))
    said: list[str] = []
    done = run_action(server, "an:action", {}, run_id="r-1", say=lambda _, message: said.append(message))
    assert done.outputs == {"a": 1}
    assert said == ["line 1", "line 2", "The connection broke off. The run r-1 goes on; reconnecting.", "line 3"]
    assert [each["after"] for each in server.asked] == ["0", "2", "2"]


def test_a_server_that_stays_away_is_said_with_the_way_back() -> None:
    """The run is not called failed for it, and can be attached to."""
    with pytest.raises(RunFailedError, match=r"goes on when it is back.*--run-id r-1"):
        run_action(RestartingServer((LOST,), (LOST,), (LOST,)), "an:action", {}, run_id="r-1")


def test_a_refusal_is_not_waited_for() -> None:
    """What the server says no to stays a no."""
    with pytest.raises(ServerError, match="no such run"):
        run_action(RestartingServer((ServerError("no such run"),)), "an:action", {}, run_id="r-1")


def test_a_watch_shows_what_changed_meanwhile_and_nothing_twice() -> None:
    """A new connection begins with everything; only what is different is a change."""

    def snapshot(status: str) -> Event:
        return Event("snapshot", {"items": {"a": {"entityRef": "a", "status": status, "message": "words"}}})

    gone = Event("health", {"entityRef": "a", "status": None})
    server = RestartingServer(
        (snapshot("Healthy"), LOST), (LOST,), (snapshot("Healthy"),), (snapshot("Degraded"), gone)
    )
    changes = _changes(server, {})
    assert [next(changes)["status"] for _ in range(3)] == ["Healthy", "Degraded", None]
