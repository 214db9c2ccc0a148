"""A plugin that works in one process, asked of another: nobody can tell the difference."""

from __future__ import annotations

import dataclasses
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from foundation.errors import InputError
from foundation.settings import ServerSettings, Settings, StateSettings
from foundation.web import Plugin, host
from foundation.web.private_socket import LONGEST_ADDRESS, listen, socket_path
from tests.foundation.web.conftest import ARCHIVE, BODY_LIMIT, ORIGIN, TOKEN, Server, Things

READINESS = "/.backstage/health/v1/readiness"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def shared(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a server with more than one process."""
    server = ServerSettings(workers=2, body_limit=BODY_LIMIT)
    return dataclasses.replace(settings, server=server, state=StateSettings(directory=tmp_path / "state"))


@pytest.fixture
def holder(plugin: Plugin, shared: Settings, things: Things) -> Iterator[Server]:
    """The process that holds the plugin; `things` are its own."""
    running = Server(host([dataclasses.replace(plugin, once=True)], shared))
    running.begin()
    until(lambda: requests.get(f"{running.url}{READINESS}", timeout=20).status_code == 200)
    yield running
    if running.thread.is_alive():
        running.end()


@pytest.fixture
def other(holder: Server, plugin: Plugin, shared: Settings) -> Iterator[Server]:
    """A process that would start nothing, and answers all the same."""
    idle = dataclasses.replace(plugin, once=True, start=lambda: None, stop=lambda: None)
    running = Server(host([idle], shared))
    running.begin()
    yield running
    if running.thread.is_alive():
        running.end()


def test_answers_and_errors_are_those_of_the_holder(holder: Server, other: Server) -> None:
    """Status, body and headers; the request id is one in both processes."""
    for method, path in (
        ("GET", "/v1/things/a%C3%A4?limit=3&entityRef=x&entityRef=y"),
        ("HEAD", "/v1/things/ann"),
        ("GET", "/v1/things/ann?limit=9"),
        ("GET", "/v1/failures/input"),
        ("GET", "/v1/failures/broken"),
        ("GET", "/nowhere"),
        ("DELETE", "/v1/things"),
        ("GET", "/.backstage/actions/v1/actions"),
        ("GET", "/openapi.json"),
    ):
        sent = {**HEADERS, "X-Request-Id": "the-callers-own", "Origin": ORIGIN}
        ours, theirs = (
            requests.request(method, f"{each.url}/api/things{path}", headers=sent, timeout=20)
            for each in (holder, other)
        )
        assert theirs.status_code == ours.status_code
        assert theirs.content == ours.content
        assert {**theirs.headers, "date": ""} == {**ours.headers, "date": ""}


def test_a_request_without_an_id_gets_one_for_both_processes(other: Server) -> None:
    answer = requests.get(f"{other.url}/api/things/v1/failures/conflict", headers=HEADERS, timeout=20)
    assert answer.headers["x-request-id"] == answer.json()["requestId"]


def test_a_stranger_is_refused_by_the_holder(other: Server) -> None:
    answer = requests.get(f"{other.url}/api/things/v1/things/ann", timeout=20)
    assert answer.status_code == 401


def test_large_bodies_pass_both_ways(other: Server, things: Things) -> None:
    """Whether their length is announced or not; one that is too large is refused."""
    url = f"{other.url}/api/things/v1/archives"
    headers = {**HEADERS, "Content-Type": "application/gzip"}
    content = os.urandom(BODY_LIMIT)
    assert requests.put(url, data=content, headers=headers, timeout=20).json() == {"size": BODY_LIMIT}
    pieces = iter([content[:1000], content[1000:]])
    assert requests.put(url, data=pieces, headers=headers, timeout=20).json() == {"size": BODY_LIMIT}
    assert requests.put(url, data=content + b"x", headers=headers, timeout=20).status_code == 413
    assert things.happened == ["started", f"kept {BODY_LIMIT}", f"kept {BODY_LIMIT}"]
    assert requests.get(f"{url}/bytes", headers=HEADERS, timeout=20).content == ARCHIVE


def test_events_come_as_they_happen_and_end_with_their_reader(other: Server, things: Things) -> None:
    """A stream that says one thing and then nothing: the one thing is there, and leaving ends it over there."""
    url = f"{other.url}/api/things/v1/ticks/endless"
    headers = {**HEADERS, "Last-Event-ID": "6"}
    with requests.get(url, headers=headers, stream=True, timeout=20) as answer:
        lines = answer.iter_lines(decode_unicode=True)
        assert next(lines) == "id: 7"
        assert next(lines) == "event: tick"
        assert '"after":"6"' in next(lines)
        assert not things.stream_ended.is_set()
    assert things.stream_ended.wait(20)


def test_leaving_before_the_answer_ends_the_request_over_there(other: Server, things: Things) -> None:
    request = f"GET /api/things/v1/ticks/silent HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", other.port), timeout=20) as connection:
        connection.sendall(request.encode())
        # The first ping: it is open.
        assert connection.recv(15).startswith(b"HTTP/1.1 200")
    assert things.stream_ended.wait(20)


def test_a_process_that_stops_ends_the_streams_that_pass_through_it(other: Server, things: Things) -> None:
    """Its readers see a clean end, and the holder goes on."""
    url = f"{other.url}/api/things/v1/ticks/endless"
    with requests.get(url, headers=HEADERS, stream=True, timeout=20) as answer:
        lines = answer.iter_lines(decode_unicode=True)
        assert next(lines) == "id: 7"
        other.end()
        assert all(line.startswith(("event", "data")) for line in lines if line)
    assert things.happened == ["started"]


def test_readiness_is_that_of_the_holder(other: Server, things: Things) -> None:
    assert requests.get(f"{other.url}{READINESS}", timeout=20).status_code == 200
    things.waiting = {"a source": "has yet to answer"}
    answer = requests.get(f"{other.url}{READINESS}", timeout=20)
    assert answer.status_code == 503
    assert answer.json()["components"] == {"things": {"a source": "has yet to answer"}}


def test_another_takes_over_when_the_holder_stops(
    holder: Server, plugin: Plugin, shared: Settings, things: Things
) -> None:
    """Until it has, callers are told to come back; streams of the holder have ended by then."""
    begun, may_begin = threading.Event(), threading.Event()

    def start() -> None:
        begun.set()
        assert may_begin.wait(20)

    successor = Server(host([dataclasses.replace(plugin, once=True, start=start, stop=lambda: None)], shared))
    successor.begin()
    url = f"{successor.url}/api/things/v1/things/ann"
    try:
        with requests.get(
            f"{successor.url}/api/things/v1/ticks/endless", headers=HEADERS, stream=True, timeout=20
        ) as it:
            assert next(it.iter_lines()) == b"id: 7"
            holder.end()
            # Over, and not broken off.
            list(it.iter_lines())
        assert things.happened == ["started", "stopped"]
        assert begun.wait(20)
        answer = requests.get(url, headers=HEADERS, timeout=20)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
        assert answer.json()["error"]["name"] == "ServiceUnavailableError"
        assert "taken it over" in requests.get(f"{successor.url}{READINESS}", timeout=20).json()["message"]
        may_begin.set()
        until(lambda: requests.get(url, headers=HEADERS, timeout=20).status_code == 200)
        assert requests.get(f"{successor.url}{READINESS}", timeout=20).status_code == 200
    finally:
        may_begin.set()
        successor.end()


def test_a_long_state_directory_has_its_socket_elsewhere(tmp_path: Path) -> None:
    """An address of over a hundred bytes does not fit; each state directory still has its own."""
    assert socket_path(Path("/srv/greenroom"), "live") == Path("/srv/greenroom/sockets/live.sock")
    long = tmp_path / ("x" * LONGEST_ADDRESS)
    path = socket_path(long, "live")
    assert len(os.fsencode(path)) <= LONGEST_ADDRESS
    assert path == socket_path(long, "live")
    assert path.parent != socket_path(long / "other", "live").parent


def test_a_socket_is_for_this_account_alone(tmp_path: Path) -> None:
    """It takes the place of one that was left behind; a folder that others may look into is refused."""
    path = tmp_path / "sockets" / "live.sock"
    listen(path).close()
    with listen(path), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    path.parent.chmod(0o755)
    with pytest.raises(InputError, match="chmod 700"):
        listen(path)
