"""Server-sent events on the event loop, beside Connexion: a stream held open costs no thread."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import structlog
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from foundation.errors import ServiceUnavailableError
from foundation.web.current import caller
from foundation.web.events import ServerSentEvent
from foundation.web.exchange import exchange_of
from foundation.web.metrics import OPEN_STREAMS
from foundation.web.plugin import StreamHandler, StreamRequest
from foundation.web.problems import answer_to, problem_document, report

log = structlog.get_logger("web")

# Seconds. Shorter than any proxy's idle limit (commonly 60), and how soon a page notices a dead server.
PING_SECONDS = 10.0
# Seconds to wait for the first event or error, before the caller is told at least that the stream is open.
FIRST_EVENT_SECONDS = 1.0
# Seconds. A reader who takes nothing for so long is gone, or would make us keep what it does not read.
SEND_SECONDS = 30.0
# Each holds two tasks and a socket; this many fit into some 100 MiB and below common limits of open files.
MOST_STREAMS = 2000
# An event id that comes back; ours are versions and sequence numbers.
LONGEST_EVENT_ID = 200

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    # Nginx would otherwise hold events back until its buffer is full.
    (b"x-accel-buffering", b"no"),
]


# Settled when a stream is to end; a future, which can be waited for beside others without a task of its own.
End: TypeAlias = "asyncio.Future[None]"


def settle(end: End) -> None:
    """Say that a stream is to end; more than one may say so."""
    if not end.done():
        end.set_result(None)


class StreamGate:
    """Counts the open streams of a server and ends them all at once, because a server waits for its connections."""

    def __init__(self) -> None:
        self._ends: set[End] = set()
        self._closed = False

    @contextlib.contextmanager
    def entered(self, end: End) -> Iterator[None]:
        """Count a stream, and settle `end` when it has to end; raises ServiceUnavailableError where no more may open."""
        if self._closed:
            raise ServiceUnavailableError("The server is shutting down.", remedy="Connect again in a moment.")
        if len(self._ends) >= MOST_STREAMS:
            raise ServiceUnavailableError(f"{MOST_STREAMS} streams are open.", remedy="Close some, or add a server.")
        self._ends.add(end)
        try:
            yield
        finally:
            self._ends.discard(end)

    def open(self) -> None:
        """Let streams in, at the start of a server."""
        self._closed = False

    def close(self) -> None:
        """End every stream and open no more. To be called on the event loop."""
        self._closed = True
        for end in self._ends:
            settle(end)


class StreamEndpoint:
    """Serves one stream of one plugin."""

    def __init__(self, handler: StreamHandler, gate: StreamGate) -> None:
        self.handler = handler
        self.gate = gate

    async def __call__(self, path: Mapping[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(scope)
        exchange.is_stream = True
        request = stream_request(path, scope)
        end: End = asyncio.get_running_loop().create_future()
        with self.gate.entered(end), OPEN_STREAMS.labels(exchange.plugin, exchange.route).track_inprogress():
            leaving = asyncio.create_task(_until_gone(receive, end))
            lifetime = _expiry(end, request.caller.expires_at)
            try:
                events = _merge(self.handler(request), end)
                await _send_all(events, scope, send)
            finally:
                lifetime()
                leaving.cancel()


def stream_request(path: Mapping[str, str], scope: Scope) -> StreamRequest:
    """What the handler of a stream gets to know of the request."""
    query = parse_qs(scope["query_string"].decode("ascii"), keep_blank_values=True)
    last = Headers(scope=scope).get("last-event-id")
    return StreamRequest(path, query, last[:LONGEST_EVENT_ID] if last else None, caller())


async def _until_gone(receive: Receive, end: End) -> None:
    """Settle `end` when the caller has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
    settle(end)


def _expiry(end: End, expires_at: float | None) -> Callable[[], None]:
    """Settle `end` when the caller's token expires, so that a stream outlives no sign-in; gives what calls that off."""
    if expires_at is None:
        return lambda: None
    return asyncio.get_running_loop().call_later(max(0.0, expires_at - time.time()), settle, end).cancel


async def _merge(events: AsyncIterator[ServerSentEvent], end: End) -> AsyncGenerator[ServerSentEvent]:
    """The events, with pings in their pauses, until they are over or `end` is settled."""
    upcoming: asyncio.Future[ServerSentEvent] | None = None
    patience = FIRST_EVENT_SECONDS
    try:
        while not end.done():
            upcoming = upcoming or asyncio.ensure_future(anext(events))
            either: list[asyncio.Future[Any]] = [upcoming, end]
            await asyncio.wait(either, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            patience = PING_SECONDS
            if upcoming.done():
                finished, upcoming = upcoming, None
                try:
                    yield finished.result()
                except StopAsyncIteration:
                    return
                del finished
            elif not end.done():
                yield ServerSentEvent("ping", {"at": datetime.now(UTC).isoformat(timespec="seconds")})
    finally:
        if upcoming is not None:
            upcoming.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
                await upcoming
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()


async def _send_all(events: AsyncGenerator[ServerSentEvent], scope: Scope, send: Send) -> None:
    """Send events as they come. An error before the first is raised, one after it is the last event."""
    started = False
    try:
        async for event in events:
            if not started:
                await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
                started = True
            await _send_chunk(send, event.encoded)
            # Neither here nor above does a stream keep what it has sent: a snapshot of a page is 50 kB.
            del event
    except TimeoutError:
        log.info("stream ended", reason="its reader takes nothing")
        return
    except Exception as error:
        if not started:
            raise
        answer = answer_to(error)
        report(error, answer)
        await _send_chunk(send, ServerSentEvent("error", problem_document(answer, scope)).encoded)
    finally:
        await events.aclose()
    if not started:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_chunk(send: Send, chunk: bytes) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
