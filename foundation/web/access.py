"""One log line and one count for each request."""

from __future__ import annotations

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foundation.web.exchange import FORWARDED, Exchange, exchange_of
from foundation.web.metrics import DURATION, METHODS, REQUESTS

log = structlog.get_logger("access")
# Nginx's word for a caller who left before the answer began.
CLIENT_CLOSED_REQUEST = 499
# A path is the caller's text.
LONGEST_PATH = 200
PROBES = "probes"


class AccessLog:
    """Logs and measures what passes. The query is left out of the log: it may hold what is nobody's business."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            self._record(scope, exchange_of(scope), status or CLIENT_CLOSED_REQUEST, time.perf_counter() - began)

    def _record(self, scope: Scope, exchange: Exchange, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        REQUESTS.labels(exchange.plugin, method, exchange.route, str(status)).inc()
        if not exchange.is_stream:
            DURATION.labels(exchange.plugin, method, exchange.route).observe(seconds)
        # Probes and scrapes come every few seconds and say nothing new; whoever answers a forwarded request logs it.
        write = log.debug if exchange.plugin == PROBES or exchange.route == FORWARDED else log.info
        write(
            "request",
            method=method,
            path=scope["path"][:LONGEST_PATH],
            status=status,
            milliseconds=round(seconds * 1000, 1),
            plugin=exchange.plugin,
            route=exchange.route,
            caller=exchange.subject,
        )
