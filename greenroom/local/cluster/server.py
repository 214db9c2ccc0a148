"""The process around the clusters: an HTTP server, saved states, an orderly end."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from greenroom.local.cluster.certificate import load_certificate
from greenroom.local.cluster.clock import LoopClock
from greenroom.local.cluster.cluster import Cluster
from greenroom.local.cluster.http.application import PREFIX, Application
from greenroom.local.cluster.http.connection import BreakableProtocol
from greenroom.local.cluster.kubeconfig import write_kubeconfig
from greenroom.local.cluster.listener import accept
from greenroom.local.cluster.persistence import Saver, load_state, write_private

# Seconds that requests get to finish at the end; watches are ended at once.
_SHUTDOWN: Final = 3
# Bytes of randomness in the token: as many as in a key of AES-256.
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class ServerOptions:
    """What to serve. `state`: the folder of saved states, None keeps nothing; `pace` multiplies every wait."""

    clusters: Sequence[str]
    state: Path | None = None
    kubeconfig: Path | None = None
    pace: float = 1.0


class ClusterServer(uvicorn.Server):
    """Serves clusters on a bound socket: `await serve_clusters()`, from another thread `stop()`."""

    def __init__(self, options: ServerOptions, listener: socket.socket) -> None:
        self.options = options
        self.token = _token(options.state)
        host, port = listener.getsockname()[:2]
        self._address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._certificate = load_certificate(options.state, host)
        self.clusters = {name: self._cluster(name) for name in options.clusters}
        self.application = Application(self.clusters, self.token)
        self._listener = listener
        self._savers: list[Saver] = []
        super().__init__(
            uvicorn.Config(
                self.application,
                http=BreakableProtocol,
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                timeout_graceful_shutdown=_SHUTDOWN,
                server_header=False,
            )
        )

    @property
    def url(self) -> str:
        """The server's address over plain HTTP."""
        return f"http://{self._address}"

    @property
    def authority(self) -> str:
        """The certificate (PEM) that clients trust who come over HTTPS."""
        return self._certificate.authority

    def server_of(self, name: str) -> str:
        """The address of a cluster's API over HTTPS."""
        return f"https://{self._address}{PREFIX}{name}"

    async def serve_clusters(self) -> None:
        """Serve until stopped, then save everything."""
        for name, cluster in self.clusters.items():
            if self.options.state is not None:
                saver = Saver(_state_file(self.options.state, name), cluster.snapshot)
                self._savers.append(saver)
                cluster.store.subscribe(lambda _, saver=saver: saver.notice())  # type: ignore[misc]
            cluster.start()
        if self.options.kubeconfig is not None:
            servers = {name: self.server_of(name) for name in self.clusters}
            write_kubeconfig(self.options.kubeconfig, servers, self.token, self.authority)
        await self.serve()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Accept connections, in place of uvicorn's own listening: see listener.py."""
        self.servers = []
        loop = asyncio.get_running_loop()
        self._accepting = loop.create_task(accept(self._listener, self._protocol, self._certificate.context))
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._accepting.cancel()
        self._listener.close()
        self.application.stop()
        await super().shutdown(sockets)
        # Here and not after `serve`: uvicorn hands a signal on before it returns.
        for saver in self._savers:
            await saver.close()

    def _protocol(self) -> BreakableProtocol:
        return BreakableProtocol(self.config, self.server_state, self.lifespan.state)

    def _cluster(self, name: str) -> Cluster:
        state = load_state(_state_file(self.options.state, name)) if self.options.state else None
        return Cluster(name, LoopClock(), pace=self.options.pace, state=state)


def run(server: ClusterServer) -> None:
    """Serve in this thread until stopped."""
    asyncio.run(server.serve_clusters())


def _state_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _token(folder: Path | None) -> str:
    """The token of an earlier start, so that clients go on working, or a new one."""
    if folder is None:
        return secrets.token_urlsafe(_TOKEN_BYTES)
    path = folder / "token"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_private(path, [secrets.token_urlsafe(_TOKEN_BYTES)])
    return path.read_text(encoding="utf-8").strip()
