"""Simulated clusters inside a process, served from a thread: for tests and demonstrations."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self, TypeVar

from foundation.errors import ServiceUnavailableError
from greenroom.local.cluster.breakage import Breakage
from greenroom.local.cluster.cluster import Cluster
from greenroom.local.cluster.listener import listen
from greenroom.local.cluster.server import ClusterServer, ServerOptions

# Seconds; starting takes a fraction of one.
_START_TIMEOUT: Final = 10.0
_Result = TypeVar("_Result")


class SimulatedClusters:
    """Clusters of the given names on a free port of 127.0.0.1, for as long as the `with` block lasts.

    `state`: a folder that keeps them from one use to the next. `pace` multiplies every wait of the
    simulation: 1 is what a person wants to watch, 0.01 suits tests. `url` is the server's address,
    `server(name)` a cluster's; `kubeconfig` is a file with one context for each cluster.
    """

    def __init__(self, names: Sequence[str], state: Path | None = None, *, pace: float = 0.02) -> None:
        self._names = tuple(names)
        self._state = state
        self._pace = pace
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="greenroom-clusters-")
        self.kubeconfig = Path(self._folder.name) / "kubeconfig"
        options = ServerOptions(self._names, self._state, self.kubeconfig, self._pace)
        self._server = ClusterServer(options, listen("127.0.0.1", 0))
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="simulated-clusters", daemon=True)
        self._thread.start()
        if not started.wait(_START_TIMEOUT):
            raise ServiceUnavailableError("The simulated clusters did not start in time.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def url(self) -> str:
        """The server's address over plain HTTP; clusters are under `/clusters/<name>` of it."""
        return self._server.url

    @property
    def token(self) -> str:
        """The bearer token that the server accepts."""
        return self._server.token

    def server(self, cluster: str) -> str:
        """The address of a cluster's API over HTTPS, as the kubeconfig has it."""
        return self._server.server_of(cluster)

    def break_(self, cluster: str, deployment: str, how: Breakage, *, namespace: str | None = None) -> None:
        """Break a deployment. Raises StatusError when there is none of that name."""
        self._call(lambda: self._cluster(cluster).break_(deployment, how, namespace=namespace))

    def heal(self, cluster: str, deployment: str, *, namespace: str | None = None) -> None:
        """End a breakage. Raises StatusError when there is no deployment of that name."""
        self._call(lambda: self._cluster(cluster).heal(deployment, namespace=namespace))

    def disconnect(self, cluster: str, how: Literal["refuse", "hang"] = "refuse") -> None:
        """Let the cluster's API cut every connection, or swallow everything without a word."""
        self._call(lambda: self._cluster(cluster).reachability.set("refused" if how == "refuse" else "hanging"))

    def reconnect(self, cluster: str) -> None:
        """Let the cluster's API answer again."""
        self._call(lambda: self._cluster(cluster).reachability.set("connected"))

    def expire(self, cluster: str) -> None:
        """Forget the history, so that watches and lists from before get 410."""
        self._call(self._server.application.requests[cluster].expire)

    def _cluster(self, name: str) -> Cluster:
        return self._server.clusters[name]

    def _call(self, function: Callable[[], _Result]) -> _Result:
        """Run on the server's loop, where everything of the clusters lives."""
        assert self._loop is not None  # noqa: S101 - set before `__enter__` returns

        async def call() -> _Result:
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result()

    def _run(self, started: threading.Event) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            serving = asyncio.create_task(self._server.serve_clusters())
            # One turn of the loop starts the clusters; the socket already takes connections then.
            await asyncio.sleep(0)
            started.set()
            await serving

        asyncio.run(serve())
