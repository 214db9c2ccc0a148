"""Watches: the changes of a resource as a stream of JSON lines."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from greenroom.local.cluster.errors import expired
from greenroom.local.cluster.http.connection import abort_connection
from greenroom.local.cluster.http.forms import Form
from greenroom.local.cluster.http.messages import encode
from greenroom.local.cluster.objects import Manifest, namespace_of
from greenroom.local.cluster.reachability import Reachability
from greenroom.local.cluster.resources import Resource
from greenroom.local.cluster.selectors import Predicate
from greenroom.local.cluster.storage import Change, CompactedError, Store

# A client that is this many events behind is cut off, and lists anew: memory stays bounded.
LARGEST_BACKLOG: Final = 10_000
# Seconds. The real server's watch cache sends a bookmark about once a minute.
BOOKMARK_INTERVAL: Final = 60.0
# Seconds. The real server ends a watch without timeoutSeconds after 30 to 60 minutes.
LONGEST_WATCH: Final = 1800.0


@dataclass(frozen=True)
class WatchRequest:
    """What a client wants to hear of, and from where on.

    `version`: None starts with what there is. `initial_events`: announce its end with a bookmark (sendInitialEvents).
    """

    resource: Resource
    namespace: str | None
    selector: Predicate
    form: Form
    version: int | None
    bookmarks: bool
    initial_events: bool
    timeout: float


class WatchResponse:
    """An ASGI response that streams changes until the client leaves, time is up or the server stops."""

    def __init__(
        self, store: Store, request: WatchRequest, reachability: Reachability, stopping: asyncio.Event
    ) -> None:
        self._store = store
        self._request = request
        self._reachability = reachability
        self._stopping = stopping
        self._backlog: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._gone = False
        self._behind = False
        self._headed = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ended = self._begin()
        unsubscribe = [self._store.subscribe(self._take), self._reachability.subscribe(self._wake.set)]
        interruptions = self._reachability.interruptions
        leaving = asyncio.create_task(self._wait_for_disconnect(receive))
        stopping = asyncio.create_task(self._wait_for_stop())
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(b"content-type", b"application/json"), (b"cache-control", b"no-cache, private")],
                }
            )
            await self._send_pending(send)
            if not ended:
                await self._stream(send, interruptions)
            if self._reachability.interruptions != interruptions:
                abort_connection(scope)
            elif not self._gone:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()
            stopping.cancel()
            for end in unsubscribe:
                end()

    def _begin(self) -> bool:
        """Queue what comes before live changes; whether that was all (an expired version)."""
        request = self._request
        if request.version is None:
            for manifest in self._store.objects(request.resource, request.namespace):
                if request.selector(manifest):
                    self._queue("ADDED", manifest)
            if request.initial_events:
                self._bookmark({"k8s.io/initial-events-end": "true"})
            return False
        try:
            missed = self._store.since(request.version)
        except CompactedError as error:
            status = expired(f"too old resource version: {request.version} ({error.oldest})")
            self._backlog.append(encode({"type": "ERROR", "object": status.body()}))
            return True
        for change in missed:
            self._take(change)
        return False

    async def _stream(self, send: Send, interruptions: int) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._request.timeout
        next_bookmark = loop.time() + BOOKMARK_INTERVAL
        while not (self._gone or self._behind or self._stopping.is_set()):
            now = loop.time()
            if now >= end or not await self._reachable(interruptions):
                return
            if self._request.bookmarks and now >= next_bookmark:
                self._bookmark({})
                next_bookmark = now + BOOKMARK_INTERVAL
            await self._send_pending(send)
            alarm = loop.call_later(max(0.0, min(end, next_bookmark) - loop.time()), self._wake.set)
            await self._wake.wait()
            alarm.cancel()
            self._wake.clear()

    async def _reachable(self, interruptions: int) -> bool:
        if self._reachability.state == "hanging":
            # Nothing is sent and nothing closed: to the client the network swallows everything.
            await self._reachability.wait_until_connected()
        return self._reachability.interruptions == interruptions

    async def _send_pending(self, send: Send) -> None:
        while self._backlog and not self._gone:
            lines = b"".join(self._backlog)
            self._backlog.clear()
            await send({"type": "http.response.body", "body": lines, "more_body": True})

    def _take(self, change: Change) -> None:
        request = self._request
        if change.resource is not request.resource:
            return
        if request.namespace is not None and namespace_of(change.object) != request.namespace:
            return
        event = self._event_type(change)
        if event is None:
            return
        if len(self._backlog) >= LARGEST_BACKLOG:
            self._behind = True
        elif request.form.name == "object":
            if event not in change.encoded:
                change.encoded[event] = encode({"type": event, "object": change.object})
            self._backlog.append(change.encoded[event])
        else:
            self._queue(event, change.object)
        self._wake.set()

    def _event_type(self, change: Change) -> str | None:
        """As the client sees it: an object may come into its selection, or leave it, by a modification."""
        selector = self._request.selector
        before = change.previous is not None and selector(change.previous)
        after = change.type != "DELETED" and selector(change.object)
        if after:
            return "MODIFIED" if before else "ADDED"
        return "DELETED" if before else None

    def _queue(self, event: str, manifest: Manifest) -> None:
        formed = self._request.form.one(self._request.resource, manifest, headed=self._headed)
        self._headed = False
        self._backlog.append(encode({"type": event, "object": formed}))

    def _bookmark(self, annotations: Manifest) -> None:
        kind = self._request.resource
        metadata: dict[str, Any] = {"resourceVersion": str(self._store.version)}
        if annotations:
            metadata["annotations"] = annotations
        manifest = {"kind": kind.kind, "apiVersion": kind.api_version, "metadata": metadata}
        self._backlog.append(encode({"type": "BOOKMARK", "object": manifest}))

    async def _wait_for_disconnect(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self._wake.set()

    async def _wait_for_stop(self) -> None:
        await self._stopping.wait()
        self._wake.set()
