"""A plugin that works in one process of a server, and is served by all of them.

What watches clusters and counts versions must be there once. Of the processes of one server, one holds a lock and
works; the others send their requests to it, over a socket in the state directory.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog
import uvicorn
from starlette.types import ASGIApp

from foundation.leadership import Leadership
from foundation.web.forwarding import Forwarder
from foundation.web.plugin import Plugin
from foundation.web.private_socket import listen, socket_path
from foundation.web.probes import PATIENCE, READINESS
from foundation.web.streams import StreamGate

log = structlog.get_logger("web")

# Seconds that requests on the socket get at a stop; streams have ended by then.
STOP_SECONDS = 5


class SharedPlugin:
    """Stands for `plugin` in one of several processes: what it starts and stops is its turn to do the work."""

    def __init__(self, plugin: Plugin, directory: Path, gate: StreamGate) -> None:
        self.plugin = dataclasses.replace(plugin, start=self._start, stop=self._stop, readiness=self._readiness)
        self._work = plugin
        self._path = socket_path(directory, plugin.id)
        self._leadership = Leadership(directory / f"{plugin.id}.lock", self._begin, self._end)
        self._door: _Door | None = None
        self.forwarder = Forwarder(self._path, gate)
        self.leads = False

    def open_with(self, application: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        """Before the start: what is to answer on the socket, and on which loop."""
        self._door = _Door(application, loop)

    def _start(self) -> None:
        self._leadership.start()

    def _stop(self) -> None:
        self._leadership.stop()

    def _begin(self) -> None:
        assert self._door  # noqa: S101 the host opens it before it starts plugins
        self._work.start()
        self.leads = True
        self._door.open(self._path)
        log.info("plugin taken over", plugin=self._work.id)

    def _end(self) -> None:
        assert self._door  # noqa: S101 what has begun has one
        self._door.close()
        self.leads = False
        self._work.stop()

    def _readiness(self) -> Mapping[str, str]:
        if self.leads:
            return self._work.readiness()
        return asked_readiness(self._path, self._work.id)


def asked_readiness(path: Path, plugin: str) -> Mapping[str, str]:
    """What is not ready of `plugin` in the process that listens at `path`."""
    import httpcore

    patience = {"timeout": {"connect": PATIENCE, "read": PATIENCE}}
    try:
        with httpcore.ConnectionPool(uds=str(path)) as pool:
            answer = pool.request("GET", f"http://localhost{READINESS}", extensions=patience)
            told = json.loads(answer.content)
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, ValueError):
        return {plugin: "no process of this server has taken it over yet"}
    if answer.status == 200:  # noqa: PLR2004 all is well
        return {}
    # The other plugins of that process are its own to tell of.
    return dict(told.get("components", {plugin: told.get("message", "")}).get(plugin, {}))


class _Door(uvicorn.Server):
    """Serves the socket on the loop of the process's own server, which has the signals."""

    def __init__(self, application: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        config = uvicorn.Config(
            application,
            lifespan="off",
            log_config=None,
            access_log=False,
            # Those of the process that the caller is connected to stand.
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        super().__init__(config)
        self._loop = loop
        self._serving: asyncio.Task[None] | None = None

    def open(self, path: Path) -> None:
        """Listen; to be called in a thread."""
        listening = listen(path)
        asyncio.run_coroutine_threadsafe(self._open(listening), self._loop).result()

    def close(self) -> None:
        """Listen no more, once what was asked is answered; to be called in a thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()

    async def _open(self, listening: socket.socket) -> None:
        self._serving = asyncio.create_task(self.serve([listening]))

    async def _close(self) -> None:
        self.should_exit = True
        if self._serving:
            await self._serving

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
