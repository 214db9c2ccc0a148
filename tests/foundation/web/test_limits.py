"""Bounds on what is sent, over a real server."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

GZIP = {"Content-Type": "application/gzip"}
BODY_LIMIT = 100_000


def put(server: Any, body: bytes | Iterator[bytes], headers: dict[str, str]) -> requests.Response:
    return requests.put(f"{server.url}/api/things/v1/archives", data=body, headers={**headers, **GZIP}, timeout=20)


def test_a_body_up_to_the_limit(server: Any, authorised: dict[str, str]) -> None:
    """The limit itself is allowed."""
    assert put(server, b"x" * BODY_LIMIT, authorised).json() == {"size": BODY_LIMIT}


def test_an_announced_body_over_the_limit(server: Any, authorised: dict[str, str]) -> None:
    """Refused by its length, before it is read."""
    answer = put(server, b"x" * (BODY_LIMIT + 1), authorised)
    assert answer.status_code == 413
    assert str(BODY_LIMIT) in answer.json()["detail"]


def test_an_unannounced_body_over_the_limit(server: Any, authorised: dict[str, str]) -> None:
    """Refused as soon as it is too much."""
    answer = put(server, (b"x" * 10_000 for _ in range(11)), authorised)
    assert answer.status_code == 413


def test_json_has_its_own_limit(server: Any, authorised: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON is parsed as a whole, so it gets less than an archive."""
    monkeypatch.setattr("foundation.web.body_limit.JSON_LIMIT", 1000)
    address = f"{server.url}/api/things/v1/things"
    answer = requests.post(address, json={"name": "x" * 2000, "size": 1}, headers=authorised, timeout=20)
    assert answer.status_code == 413
    assert put(server, b"x" * 2000, authorised).status_code == 200


def test_a_stranger_is_refused_before_the_size(server: Any) -> None:
    """Whoever has no token learns nothing about limits, and nothing of what it sends is read."""
    assert put(server, b"x" * (BODY_LIMIT + 1), {}).status_code == 401


def test_half_a_body_is_not_taken_for_a_whole(
    server: Any, raw: Callable[[bytes], socket.socket], authorised: dict[str, str], things: Any
) -> None:
    """A caller that breaks off has sent nothing: the handler is not called, and the server goes on."""
    token = authorised["Authorization"]
    connection = raw(
        f"PUT /api/things/v1/archives HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        "Content-Type: application/gzip\r\nContent-Length: 50000\r\n\r\nhalf".encode()
    )
    connection.close()
    assert put(server, b"x", authorised).json() == {"size": 1}
    assert things.happened == ["started", "kept 1"]


@pytest.mark.parametrize(
    "head",
    [
        "GET /api/things/v1/things/x HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "GET /api/things/v1/things/x?q=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/things/v1/things/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /api/things/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        "BREW /api/things/v1/things/x HTTP/1.1\r\nHost: x\r\n\r\n",
        "nonsense\r\n\r\n",
    ],
)
def test_malformed_requests(raw: Callable[[bytes], socket.socket], head: str) -> None:
    """Refused with a status of the 400s, and never with one of the 500s."""
    connection = raw(head.encode("latin-1"))
    assert connection.recv(100).startswith(b"HTTP/1.1 4")
