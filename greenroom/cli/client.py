"""Talks to a Greenroom server over its HTTP APIs, as the portal does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from foundation.errors import GreenroomError, Problem
from foundation.jsontypes import JsonObject
from greenroom.local.layout import find_layout

# Seconds to connect, and between two bytes: streams send a ping every 10 s.
TIMEOUT = (5, 60)
# What proxies say while a server restarts, and a server that is not ready.
UNAVAILABLE = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class ServerError(GreenroomError):
    """The server refused or failed; the message is its own."""


class UnavailableError(ServerError):
    """The server does not answer now, or not yet: asking again later can help."""


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    name: str
    data: dict[str, Any]


class Client:
    """A server's three plugins. Answers are plain JSON, as the OpenAPI documents describe them."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        # A proxy of the company's network cannot reach this machine, and has no business seeing its token.
        self._session.trust_env = urlsplit(url).hostname not in LOOPBACK
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: str) -> Any:
        """What stands at `path`, such as `live/v1/health`."""
        return self._send("GET", path, params={name: value for name, value in query.items() if value}).json()

    def post(self, path: str, body: JsonObject) -> Any:
        """The answer to a request with this body."""
        return self._send("POST", path, json=body).json()

    def invoke(self, action: str, given: JsonObject) -> Any:
        """The output of a short action, such as `platform:plan-service`, over its plugin's actions registry."""
        plugin = action.partition(":")[0]
        path = f"{plugin}/.backstage/actions/v1/actions/{quote(action, safe='')}/invoke"
        return self.post(path, given)["output"]

    def put(self, path: str, body: JsonObject) -> Any:
        """The answer to a request that makes or attaches to what is at `path`."""
        return self._send("PUT", path, json=body).json()

    def upload(self, path: str, archive: bytes) -> None:
        """Send a packed workspace."""
        self._send("PUT", path, data=archive, headers={"Content-Type": "application/gzip"})

    def download(self, path: str) -> bytes:
        """Fetch a packed workspace."""
        return self._send("GET", path).content

    def follow(self, path: str, **query: str) -> Iterator[Event]:
        """The events of a stream until the server ends it; pings are left out. UnavailableError when it breaks off."""
        with self._send("GET", path, params=query, stream=True) as answer:
            name, data = "message", ""
            for line in self._lines(answer):
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data += line[5:].strip()
                elif not line and data:
                    if name != "ping":
                        yield Event(name, json.loads(data))
                    name, data = "message", ""

    def _lines(self, answer: requests.Response) -> Iterator[str]:
        try:
            yield from answer.iter_lines(decode_unicode=True)
        except requests.RequestException as error:
            raise UnavailableError(f"The connection to {self.url} broke off.") from error

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            answer = self._session.request(method, f"{self.url}/api/{path}", timeout=TIMEOUT, **options)
        except requests.RequestException as error:
            raise UnavailableError(
                f"Greenroom does not answer at {self.url}.",
                remedy="Start it with `make up`, or name another with GREENROOM_URL and GREENROOM_TOKEN.",
            ) from error
        if not answer.ok:
            raise _failure(answer, self.url)
        return answer


def connect(environ: Mapping[str, str] | None = None) -> Client:
    """The server that `GREENROOM_URL` and `GREENROOM_TOKEN` name, or else the one on this machine."""
    environ = os.environ if environ is None else environ
    if url := environ.get("GREENROOM_URL"):
        return Client(url, environ.get("GREENROOM_TOKEN", ""))
    credentials = find_layout(environ).credentials
    try:
        known = json.loads(credentials.read_text(encoding="utf-8"))
        return Client(known["url"], known["token"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ServerError(
            "There is no platform on this machine yet.",
            remedy="Start one with `make up`, or set GREENROOM_URL and GREENROOM_TOKEN.",
        ) from error


def _failure(answer: requests.Response, url: str) -> ServerError:
    kind = UnavailableError if answer.status_code in UNAVAILABLE else ServerError
    try:
        problem = answer.json()
        problems = [Problem(**each) for each in problem.get("problems", [])]
        remedy = problem.get("remedy")
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            remedy = "Set GREENROOM_TOKEN to a token that this server takes."
        return kind(problem["detail"], remedy=remedy, problems=problems)
    except (ValueError, KeyError, TypeError, AttributeError):
        return kind(f"Greenroom at {url} answered {answer.status_code} {answer.reason}.")
