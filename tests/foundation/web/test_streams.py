"""Event streams over a real server: order, pings, errors, and the end from either side."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import requests
from prometheus_client import REGISTRY

from foundation.web import streams

if TYPE_CHECKING:
    from starlette.testclient import TestClient

# Seconds that anything here may take on a busy machine; no test waits for it to pass.
PATIENCE = 20


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pings come at once, so that no test waits for the real interval."""
    monkeypatch.setattr(streams, "FIRST_EVENT_SECONDS", 0.01)
    monkeypatch.setattr(streams, "PING_SECONDS", 0.02)


def events(answer: requests.Response) -> Iterator[dict[str, str]]:
    """The events of a stream, parsed as the HTML standard says."""
    event: dict[str, str] = {}
    for line in answer.iter_lines(decode_unicode=True):
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        elif event:
            yield event
            event = {}


def open_stream(server: Any, kind: str, headers: dict[str, str], query: str = "") -> requests.Response:
    address = f"{server.url}/api/things/v1/ticks/{kind}{query}"
    return requests.get(address, headers=headers, stream=True, timeout=PATIENCE)


def test_events_arrive_and_the_stream_ends(server: Any, authorised: dict[str, str]) -> None:
    """The handler sees the query and the last event id; when it is done, so is the answer."""
    headers = {**authorised, "Last-Event-ID": "6"}
    with open_stream(server, "one", headers, "?entityRef=a&entityRef=b") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-cache, no-transform"
        found = [event for event in events(answer) if event["event"] != "ping"]
    assert found == [{"id": "7", "event": "tick", "data": '{"after":"6","query":{"entityRef":["a","b"]}}'}]


def test_a_silent_stream_pings(server: Any, authorised: dict[str, str]) -> None:
    """Also before its first event, so that the caller knows the stream to be open."""
    with open_stream(server, "silent", authorised) as answer:
        found = events(answer)
        assert [next(found)["event"] for _ in range(3)] == ["ping", "ping", "ping"]
        assert '"at":' in next(found)["data"]


def test_an_error_before_the_first_event_is_a_problem(client: TestClient) -> None:
    """The caller gets the status, as of any request."""
    answer = client.get("/api/things/v1/ticks/refused")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_error_after_the_first_event_is_the_last_event(client: TestClient) -> None:
    """It is the same problem, in an event, and says as little of the inside."""
    answer = client.get("/api/things/v1/ticks/broken")
    assert answer.status_code == 200
    assert "event: error" in answer.text
    assert '"statusCode":500' in answer.text
    assert "secret detail" not in answer.text


def test_the_handler_ends_when_the_caller_leaves(server: Any, authorised: dict[str, str], things: Any) -> None:
    """A closed page leaves nothing behind: the handler's `finally` runs, and the gauge goes down."""
    labels = {"plugin": "things", "route": "/v1/ticks/{kind}"}
    answer = open_stream(server, "endless", authorised)
    # Held: a generator that nobody holds would close the connection.
    found = events(answer)
    next(found)
    assert REGISTRY.get_sample_value("greenroom_http_open_streams", labels) == 1
    answer.close()
    assert things.stream_ended.wait(PATIENCE)


def test_streams_end_at_shutdown(server: Any, authorised: dict[str, str], things: Any) -> None:
    """The server does not wait for them, and the caller sees a clean end and no broken connection."""
    with open_stream(server, "endless", authorised) as answer:
        found = events(answer)
        next(found)
        server.end()
        assert {event["event"] for event in found} <= {"ping"}
    assert things.stream_ended.is_set()
    assert things.happened == ["started", "stopped"]


def test_a_reader_who_takes_nothing_is_let_go(
    raw: Callable[[bytes], socket.socket], authorised: dict[str, str], things: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it does not read is not kept for it."""
    monkeypatch.setattr(streams, "SEND_SECONDS", 0.2)
    token = authorised["Authorization"]
    raw(f"GET /api/things/v1/ticks/flood HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    assert things.stream_ended.wait(PATIENCE)


def test_streams_are_bounded(server: Any, authorised: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than fits is told to come back, and those that are open go on."""
    monkeypatch.setattr(streams, "MOST_STREAMS", 1)
    with open_stream(server, "endless", authorised) as first:
        found = events(first)
        next(found)
        with open_stream(server, "endless", authorised) as second:
            assert second.status_code == 503
            assert second.headers["retry-after"]
        assert next(found)["event"] == "ping"


def test_many_streams_leave_the_api_alone(server: Any, authorised: dict[str, str]) -> None:
    """More streams than Flask has threads, and the API answers."""
    opened = [open_stream(server, "endless", authorised) for _ in range(25)]
    found = [events(answer) for answer in opened]
    for stream in found:
        next(stream)
    answer = requests.get(f"{server.url}/api/things/v1/things/x", headers=authorised, timeout=PATIENCE)
    assert answer.status_code == 200
    assert {next(stream)["event"] for stream in found} == {"ping"}
    for each in opened:
        each.close()
