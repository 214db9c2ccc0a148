"""The objects of one kind as bytes, their history, and who watches them."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.stand_in.kinds import Kind
from benchmarks.stand_in.objects import VERSION, Made

# Events that a watch may go back; an API server keeps as many for a busy kind.
HISTORY = 10_000


@dataclass
class Stored:
    """An object, and the text that it is made from at each version."""

    made: Made
    version: int
    content: bytes


class Versions:
    """One counter for all kinds, as in etcd."""

    def __init__(self) -> None:
        self.last = 1000

    def next(self) -> int:
        self.last += 1
        return self.last


class Collection:
    """Serves lists and watches of one kind."""

    def __init__(self, kind: Kind, versions: Versions) -> None:
        self.kind = kind
        self.watches: set[asyncio.Queue[bytes | None]] = set()
        self._versions = versions
        self._stored: dict[tuple[str, str], Stored] = {}
        self._by_service: dict[str, list[tuple[str, str]]] = {}
        self._history: deque[tuple[int, bytes]] = deque(maxlen=HISTORY)
        # Watches from before this version are told that it is too old.
        self._oldest = 0
        # What a continue token goes on with: a list is of one moment, whatever changes meanwhile.
        self._tokens: dict[str, tuple[int, list[Stored]]] = {}
        self._numbers = itertools.count()

    def __iter__(self) -> Iterator[Stored]:
        return iter(list(self._stored.values()))

    def get(self, namespace: str, name: str) -> Stored:
        return self._stored[namespace, name]

    def fill(self, objects: Iterable[Made]) -> None:
        """Take objects that nobody is told of, at the start."""
        for made in objects:
            self._keep(made)

    def put(self, made: Made) -> None:
        """Take an object, new or changed, and tell who watches."""
        known = (made.namespace, made.name) in self._stored
        self._tell("MODIFIED" if known else "ADDED", self._keep(made))

    def remove(self, namespace: str, name: str) -> None:
        """Drop an object and tell who watches."""
        stored = self._stored.pop((namespace, name))
        self._by_service[stored.made.service].remove((namespace, name))
        version = self._versions.next()
        self._tell("DELETED", Stored(stored.made, version, _at(stored.made, version)))

    def page(self, limit: int, token: str, service: str = "") -> bytes | None:
        """A page of a list as JSON; None: the token has expired."""
        if token and token not in self._tokens:
            return None
        version, left = self._tokens.pop(token) if token else (self._versions.last, self._all(service))
        part, rest = (left[:limit], left[limit:]) if limit else (left, [])
        after = ""
        if rest:
            after = f"{self.kind.plural}-{next(self._numbers)}"
            self._tokens[after] = version, rest
        remaining = f',"remainingItemCount":{len(rest)}' if rest else ""
        return b"".join(
            (
                f'{{"kind":"{self.kind.name}List","apiVersion":"{self.kind.api_version}","metadata":{{'
                f'"resourceVersion":"{version}","continue":"{after}"{remaining}}},"items":['.encode(),
                b",".join(each.content for each in part),
                b"]}\n",
            )
        )

    def events_after(self, version: int) -> list[bytes] | None:
        """The lines of a watch after `version`; None: it is too old."""
        if version < self._oldest or (len(self._history) == HISTORY and version < self._history[0][0]):
            return None
        newer = itertools.takewhile(lambda each: each[0] > version, reversed(self._history))
        return [line for _, line in newer][::-1]

    def bookmark(self) -> bytes:
        """The line that says how far all is told."""
        told = f'"metadata":{{"resourceVersion":"{self._versions.last}","creationTimestamp":null}}'
        item = f'{{"kind":"{self.kind.name}","apiVersion":"{self.kind.api_version}",{told}}}'
        return f'{{"type":"BOOKMARK","object":{item}}}\n'.encode()

    def expire(self) -> int:
        """Forget the history, and end each watch as too old; the number of watches."""
        # A version that nobody has seen yet, so that even who is up to date has to list again.
        self._oldest = self._versions.next()
        self._history.clear()
        self._tokens.clear()
        return self._end(EXPIRED)

    def disconnect(self) -> int:
        """Break off every watch; the number of them."""
        return self._end(None)

    def send(self, line: bytes) -> None:
        """Give a line to every watch."""
        for queue in self.watches:
            queue.put_nowait(line)

    def _end(self, last: bytes | None) -> int:
        ended = list(self.watches)
        self.watches.clear()
        for queue in ended:
            if last:
                queue.put_nowait(last)
            queue.put_nowait(None)
        return len(ended)

    def _all(self, service: str) -> list[Stored]:
        if service:
            return [self._stored[key] for key in self._by_service.get(service, ())]
        return list(self._stored.values())

    def _keep(self, made: Made) -> Stored:
        key, version = (made.namespace, made.name), self._versions.next()
        if key not in self._stored:
            self._by_service.setdefault(made.service, []).append(key)
        stored = self._stored[key] = Stored(made, version, _at(made, version))
        return stored

    def _tell(self, kind: str, stored: Stored) -> None:
        line = b'{"type":"%s","object":%s}\n' % (kind.encode(), stored.content)
        self._history.append((stored.version, line))
        self.send(line)


EXPIRED = (
    b'{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",'
    b'"message":"too old resource version","reason":"Expired","code":410}}\n'
)


def _at(made: Made, version: int) -> bytes:
    return made.content.replace(VERSION, b"%d" % version, 1)
