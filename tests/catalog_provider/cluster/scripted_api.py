"""An API server in memory and in virtual time, which fails when it is told to."""

from __future__ import annotations

import itertools
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from catalog_provider.cluster.kinds import POD
from catalog_provider.cluster.reflector import Reflector, Surroundings
from catalog_provider.cluster.store import ClusterStore
from foundation.connections.kubernetes import ClusterError, ClusterUnreachableError, Response
from foundation.connections.kubernetes.api import JSON, Query
from foundation.connections.kubernetes.errors import error_of_answer
from foundation.connections.kubernetes.stream import split_lines

Item = dict[str, Any]


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> bool:
        self.now += timedelta(seconds=seconds)
        return False


@dataclass
class Trouble:
    """What is to go wrong next: `at` names the request (list or watch) or a place in a watch."""

    at: str
    code: int = 0
    retry_after: str = ""


@dataclass
class Asked:
    """A request that came."""

    verb: str
    query: Query
    at: datetime
    answered: bool = False


@dataclass
class ScriptedApi:
    """Pods, their history, and troubles that are due. `limit` caps the pages whatever is asked for."""

    time: Time
    cluster: str = "virtual"
    limit: int = 500
    items: dict[str, Item] = field(default_factory=dict)
    history: list[tuple[int, Item]] = field(default_factory=list)
    troubles: deque[Trouble] = field(default_factory=deque)
    # Changes that happen between two pages of the next list.
    between_pages: deque[str] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    version: int = 100
    # Versions up to this one are compacted away.
    floor: int = 0
    chunk: int = 64
    bookmarks: bool = True
    # Nobody is there.
    down: bool = False
    _pages: dict[str, tuple[list[Item], int]] = field(default_factory=dict)
    _tokens: Iterator[int] = field(default_factory=itertools.count)

    def put(self, name: str) -> None:
        self.version += 1
        kind = "MODIFIED" if name in self.items else "ADDED"
        item = {
            "metadata": {
                "name": name,
                "namespace": "shop",
                "uid": f"uid-{name}-{self.version}" if kind == "ADDED" else self.items[name]["metadata"]["uid"],
                "resourceVersion": str(self.version),
                "labels": {"app.kubernetes.io/name": f"service-{name}"},
                "managedFields": ["of no interest"],
            }
        }
        self.items[name] = item
        self.history.append((self.version, {"type": kind, "object": item}))

    def delete(self, name: str) -> None:
        item = self.items.pop(name, None)
        if item is None:
            return
        self.version += 1
        last = {"metadata": {**item["metadata"], "resourceVersion": str(self.version)}}
        self.history.append((self.version, {"type": "DELETED", "object": last}))

    def compact(self) -> None:
        self.floor = self.version
        self.history.clear()
        self._pages.clear()

    def request(self, method: str, path: str, *, query: Query | None = None, accept: str = JSON) -> Response:
        query = query or {}
        probes = query.get("limit") == 1
        self.asked.append(
            Asked("probe" if probes else "continue" if "continue" in query else "list", query, self.time())
        )
        self._fail("list")
        self.asked[-1].answered = True
        start = self._pages.pop(str(query["continue"]), None) if "continue" in query else None
        if "continue" in query and start is None:
            raise self._error(410)
        items, version = start or (list(self.items.values()), self.version)
        limit = min(self.limit, int(query["limit"])) if "limit" in query else len(items)
        metadata = {"resourceVersion": str(version)}
        if items[limit:]:
            metadata["continue"] = str(next(self._tokens))
            self._pages[metadata["continue"]] = items[limit:], version
        if self.between_pages:
            name = self.between_pages.popleft()
            (self.delete if name in self.items else self.put)(name)
        return Response(200, {}, json.loads(json.dumps({"metadata": metadata, "items": items[:limit]})))

    def stream(self, path: str, query: Query | None = None, *, read: float, accept: str = JSON) -> ScriptedStream:
        query = query or {}
        self.asked.append(Asked("watch", query, self.time()))
        self._fail("watch")
        return ScriptedStream(self, int(query["resourceVersion"]), read, float(query["timeoutSeconds"]))

    def _fail(self, place: str) -> None:
        if self.down:
            raise self._error(0)
        if self.troubles and self.troubles[0].at == place:
            raise self._error(self.troubles[0].code, self.troubles.popleft().retry_after)

    def _error(self, code: int, retry_after: str = "") -> ClusterError:
        if not code:
            return ClusterUnreachableError("the connection was refused")
        headers = {"Retry-After": retry_after} if retry_after else {}
        return error_of_answer(self.cluster, code, headers, b"")


class ScriptedStream:
    """One watch: what has happened since its version, then the trouble that is due, or silence."""

    def __init__(self, api: ScriptedApi, version: int, read: float, timeout: float) -> None:
        self._api = api
        self._version = version
        self._read = read
        self._timeout = timeout

    def __iter__(self) -> Iterator[bytes]:
        return split_lines(self._cut(self._content()))

    def close(self) -> None:
        """Nothing is held open."""

    def _content(self) -> Iterator[bytes]:
        api = self._api
        if self._version < api.floor:
            yield _line("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"})
            return
        trouble = api.troubles.popleft() if api.troubles and api.troubles[0].at in _IN_STREAM else None
        told = [event for version, event in api.history if version > self._version]
        yield from self._troubled(trouble, [_line(event["type"], event["object"]) for event in told])

    def _troubled(self, trouble: Trouble | None, lines: list[bytes]) -> Iterator[bytes]:
        half = len(lines) // 2
        match trouble.at if trouble else "":
            case "end":
                yield from lines[:half]
            case "reset":
                yield from lines[:half]
                raise ClusterUnreachableError("the connection broke off")
            case "torn":
                yield from lines[:half]
                if lines[half:]:
                    yield lines[half][: len(lines[half]) // 2]
            case "error":
                yield from lines[:half]
                yield _line("ERROR", {"kind": "Status", "code": trouble.code if trouble else 500})
            case "unknown":
                yield _line("SURPRISE", {"metadata": {"resourceVersion": "1"}})
                yield from lines
                yield from self._quiet()
            case _:
                yield from lines
                yield from self._quiet()

    def _quiet(self) -> Iterator[bytes]:
        """A minute and a bookmark after another until the time limit, or a silence too long for the reader."""
        api = self._api
        if not api.bookmarks:
            api.time.pass_(self._read)
            raise ClusterUnreachableError("it stays silent")
        for _ in range(int(self._timeout // 60)):
            api.time.pass_(60)
            yield _line("BOOKMARK", {"metadata": {"resourceVersion": str(max(api.version, self._version))}})
        api.time.pass_(self._timeout % 60)

    def _cut(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            for start in range(0, len(piece), self._api.chunk):
                yield piece[start : start + self._api.chunk]


_IN_STREAM = frozenset({"end", "reset", "torn", "error", "unknown"})


def _line(kind: str, item: Item) -> bytes:
    return json.dumps({"type": kind, "object": item}).encode() + b"\n"


class Loop:
    """A reflector of pods over a scripted API."""

    def __init__(self) -> None:
        self.time = Time()
        self.api = ScriptedApi(self.time)
        self.store = ClusterStore()
        self.changed: list[frozenset[str]] = []
        self.states = 0
        surroundings = Surroundings(self.time, self.time.pass_, lambda: 0.5)
        self.reflector = Reflector(
            POD, self.api, self.store, surroundings, on_change=self.changed.append, on_state=self._count
        )

    def _count(self) -> None:
        self.states += 1

    def step(self, times: int = 1) -> None:
        """So many attempts, with the waits in between."""
        for _ in range(times):
            self.time.pass_(self.reflector.step())

    def asked(self, verb: str) -> list[Asked]:
        return [each for each in self.api.asked if each.verb == verb]

    def kept(self) -> dict[str, str]:
        """Name → version, as the store has it."""
        pods = [dict(each)["metadata"] for each in self.store.objects("Pod")]
        return {each["name"]: each["resourceVersion"] for each in pods if isinstance(each, dict)}

    def served(self) -> dict[str, str]:
        """Name → version, as the server has it."""
        return {name: item["metadata"]["resourceVersion"] for name, item in self.api.items.items()}
