"""Bounds what is read of a request's body, whether its length is announced or not."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foundation.errors import PayloadTooLargeError
from foundation.web.problems import ClientDisconnect

# Bytes. JSON is parsed as a whole, in tens of times its size; the largest that is meant carries a document of 1 MiB.
JSON_LIMIT = 4 * 1024 * 1024


class BodyLimit:
    """Refuses a body over `limit` bytes, and hands a body of unannounced length on with its length.

    Connexion and WSGI both take a body without `Content-Length` for an empty one.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        limit = min(self.limit, JSON_LIMIT) if "json" in headers.get("content-type", "") else self.limit
        announced = headers.get("content-length")
        if announced is not None:
            if int(announced) > limit:
                raise _too_large(limit)
            await self.app(scope, _whole(receive), send)
        elif "transfer-encoding" in headers:
            body = await read_body(receive, limit)
            await self.app(_with_length(scope, len(body)), _replay(body, receive), send)
        else:
            await self.app(scope, receive, send)


def _too_large(limit: int) -> PayloadTooLargeError:
    return PayloadTooLargeError(f"The body is larger than {limit} bytes.", remedy="Send less.")


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body; raises PayloadTooLargeError over `limit` bytes, ClientDisconnect where it breaks off."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return b"".join(parts)


def _whole(receive: Receive) -> Receive:
    """`receive`, which raises where the body breaks off: half a body must not pass for a whole one."""
    complete = False

    async def receive_whole() -> Message:
        nonlocal complete
        message = await receive()
        if message["type"] == "http.disconnect" and not complete:
            raise ClientDisconnect
        complete = complete or not message.get("more_body", False)
        return message

    return receive_whole


def _with_length(scope: Scope, length: int) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name != b"transfer-encoding"]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
