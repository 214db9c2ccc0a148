"""Sends a request on to another process of this server and its answer back, both as they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import structlog
from starlette.types import Receive, Scope, Send

from foundation.errors import ServiceUnavailableError
from foundation.web.exchange import FORWARDED, Exchange, exchange_of
from foundation.web.problems import ClientDisconnect
from foundation.web.request_ids import HEADER
from foundation.web.streams import End, StreamGate, settle

if TYPE_CHECKING:
    import httpcore

log = structlog.get_logger("web")

# Of one connection, and not of the request (RFC 9110, 7.6.1); `expect` was answered already.
_OF_THE_CONNECTION = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"upgrade", b"expect"})
_CHUNKED = b"transfer-encoding"
_ID = HEADER.lower().encode()
# Seconds to connect within one machine; who listens there and takes longer hangs.
CONNECT_SECONDS = 2.0

Headers: TypeAlias = "list[tuple[bytes, bytes]]"


class Forwarder:
    """An ASGI application that is the one behind a Unix socket.

    Answers 503 where nobody listens there. When the caller leaves, the request ends over there too; a stream whose
    other side dies ends as if it were over, and its reader connects again.
    """

    def __init__(self, socket: Path, gate: StreamGate) -> None:
        self._socket = socket
        self._gate = gate
        self._pool: httpcore.AsyncConnectionPool | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        end: End = asyncio.get_running_loop().create_future()
        body = _Body(receive, end, is_empty=not _announces_body(scope["headers"]))
        relaying = asyncio.create_task(self._relay(scope, body, send, end))
        leaving = asyncio.create_task(body.until_gone())
        try:
            await asyncio.wait([relaying, end], return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not relaying.done():
                relaying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await relaying
        if exchange_of(scope).is_stream:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _relay(self, scope: Scope, body: _Body, send: Send, end: End) -> None:
        exchange = exchange_of(scope)
        answer = await self._ask(_request(scope, body, exchange))
        exchange.route = FORWARDED
        try:
            headers = [(name.lower(), value) for name, value in answer.headers if name.lower() != _CHUNKED]
            is_stream = any(value.startswith(b"text/event-stream") for _, value in headers)
            with self._gate.entered(end) if is_stream else contextlib.nullcontext():
                await send({"type": "http.response.start", "status": answer.status, "headers": _passing(headers)})
                exchange.is_stream = is_stream
                await _send_all(answer, send, is_stream=is_stream)
        finally:
            await answer.aclose()

    async def _ask(self, request: httpcore.Request) -> httpcore.Response:
        import httpcore

        if self._pool is None:
            # Each request has a connection of its own: one that is kept may lead to a process that has died since.
            self._pool = httpcore.AsyncConnectionPool(
                uds=str(self._socket), max_connections=None, max_keepalive_connections=0
            )
        try:
            return await self._pool.handle_async_request(request)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise ServiceUnavailableError(
                "The process that serves this is not there.", remedy="Another takes over; ask again in a moment."
            ) from error


class _Body:
    """The body of a request, read by one task, and the caller's leaving after it, awaited by another."""

    def __init__(self, receive: Receive, end: End, *, is_empty: bool) -> None:
        self.is_empty = is_empty
        self._receive = receive
        self._end = end
        self._read = asyncio.Event()
        if is_empty:
            self._read.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            more = message.get("more_body", False)
            if message.get("body"):
                yield message["body"]
        self._read.set()

    async def until_gone(self) -> None:
        """Settle `end` when the caller has left after its body."""
        await self._read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        settle(self._end)


def _announces_body(headers: Headers) -> bool:
    return any(name in {b"content-length", _CHUNKED} for name, _ in headers)


def _request(scope: Scope, body: _Body, exchange: Exchange) -> httpcore.Request:
    import httpcore

    target = scope.get("raw_path") or scope["path"].encode()
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    # The id that this request has here, so that both logs tell of one request.
    headers = [each for each in _passing(scope["headers"]) if each[0] != _ID]
    return httpcore.Request(
        scope["method"],
        httpcore.URL(scheme=b"http", host=b"localhost", port=None, target=target),
        headers=[*headers, (_ID, exchange.request_id.encode())],
        content=None if body.is_empty else body,
        extensions={"timeout": {"connect": CONNECT_SECONDS}},
    )


def _passing(headers: Headers) -> Headers:
    return [each for each in headers if each[0] not in _OF_THE_CONNECTION]


async def _send_all(answer: httpcore.Response, send: Send, *, is_stream: bool) -> None:
    """Send the body as it comes. What ends a stream in the midst is its end; half of anything else is an error."""
    import httpcore

    assert isinstance(answer.stream, AsyncIterable)  # noqa: S101 an asynchronous pool gives no other
    try:
        async for chunk in answer.stream:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if not is_stream:
            raise
        log.info("stream ended", reason=f"its process is gone ({type(error).__name__})")
    if not is_stream:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
