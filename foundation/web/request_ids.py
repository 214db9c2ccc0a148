"""Every request has an id: the caller's own where it is sane, else a fresh one. It is in each log line and answer."""

from __future__ import annotations

import re
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foundation.web.exchange import begin

HEADER = "X-Request-Id"
# It is copied into logs and headers, so it is words of a log and not more.
SANE = re.compile(r"[A-Za-z0-9._-]{4,128}")


class RequestIds:
    """Gives each request an id, binds it to the log and echoes it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offered = Headers(scope=scope).get(HEADER, "")
        request_id = offered if SANE.fullmatch(offered) else uuid.uuid4().hex
        begin(scope, request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self.app(scope, receive, send_with_id)
