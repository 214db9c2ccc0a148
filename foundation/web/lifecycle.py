"""Starts the plugins in the worker process, and stops them."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import structlog
from starlette.types import Receive, Send

from foundation.web.plugin import Plugin
from foundation.web.streams import StreamGate

log = structlog.get_logger("web")


class Lifecycle:
    """The ASGI lifespan of all plugins. `state` is one of starting, started, stopping and stopped."""

    def __init__(self, plugins: Sequence[Plugin], gate: StreamGate) -> None:
        self.plugins = plugins
        self.gate = gate
        self.state = "starting"
        self._running: list[Plugin] = []

    async def __call__(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._start()
        except Exception as error:
            log.exception("start failed")
            await self._stop()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        self.gate.open()
        self._end_streams_on_signals()
        for plugin in self.plugins:
            # In a thread: a start may wait for a database, and may not find itself on a running event loop.
            await asyncio.to_thread(plugin.start)
            self._running.append(plugin)
            log.info("plugin started", plugin=plugin.id)
        self.state = "started"

    async def _stop(self) -> None:
        self.state = "stopping"
        self.gate.close()
        while self._running:
            plugin = self._running.pop()
            try:
                await asyncio.to_thread(plugin.stop)
            except Exception:
                # The others are stopped all the same.
                log.exception("stop failed", plugin=plugin.id)
        self.state = "stopped"

    def _end_streams_on_signals(self) -> None:
        """End streams as soon as the process is told to stop.

        The server sends `lifespan.shutdown` after the last connection closed, and an open stream would never
        close: so its signal handlers are wrapped, which it installed just before.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            installed = signal.getsignal(number)
            if callable(installed):
                signal.signal(number, self._wrapped(installed, loop))

    def _wrapped(
        self, installed: Callable[[int, FrameType | None], Any], loop: asyncio.AbstractEventLoop
    ) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self.stopping)
            installed(number, frame)

        return handle

    def stopping(self) -> None:
        """The server is about to stop: end the streams and be no longer ready. To be called on the event loop."""
        if self.state == "started":
            self.state = "stopping"
        self.gate.close()
