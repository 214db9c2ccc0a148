"""The server with `live`, in a process of its own, for a catalog of many services."""

from __future__ import annotations

import gc
import json
import logging
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from foundation.settings import (
    BackstageSettings,
    CatalogSettings,
    ClusterSettings,
    GitSettings,
    Secret,
    Settings,
    StateSettings,
    StaticToken,
)

TOKEN = "a-token-of-the-benchmark"  # noqa: S105
# Seconds.
PATIENCE = 900.0
# Components a file; a file as a whole has a limit of size.
IN_ONE_FILE = 500


@dataclass(frozen=True)
class Served:
    """The server as its callers see it."""

    port: int
    pid: int

    def open(
        self, path: str, *, method: str = "GET", body: Any = None, connection: HTTPConnection | None = None
    ) -> HTTPResponse:
        """The answer to a request of `live`, to be read as it comes."""
        connection = connection or self.connection()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        connection.request(method, f"/api/live{path}", body=None if body is None else json.dumps(body), headers=headers)
        answer = connection.getresponse()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.read()[:500]!r}")
        return answer

    def connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def events(self, path: str, name: str, stop: threading.Event) -> Iterator[tuple[float, Any]]:
        """Events of this name on a stream as they come, until `stop`: the moment, and what they say."""
        answer = self.open(path)
        event = b""
        while not stop.is_set():
            line = answer.readline()
            if line.startswith(b"event: "):
                event = line
            elif line.startswith(b"data: ") and event == f"event: {name}\n".encode():
                at = time.monotonic()
                yield at, json.loads(line.removeprefix(b"data: "))

    def statuses(self, services: int) -> dict[str, str]:
        """Reference → status of all services, asked in parts of 500, the most that may be asked at once."""
        found: dict[str, str] = {}
        connection = self.connection()
        for start in range(0, services, 500):
            refs = [reference(index) for index in range(start, min(start + 500, services))]
            answer = self.open("/v1/health/query", method="POST", body={"entityRefs": refs}, connection=connection)
            found |= {ref: each["status"] for ref, each in json.loads(answer.read())["items"].items()}
        return found

    def wait_until_all(self, status: str, services: int) -> None:
        """Return when every service has this status."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                found = list(self.statuses(services).values())
            except SystemExit:
                found = []
            if len(found) == services and set(found) == {status}:
                return
            time.sleep(0.2)
        raise SystemExit(f"Not all services became {status} in {PATIENCE:g} s.")


def reference(index: int) -> str:
    """A service as the catalog names it."""
    return f"component:default/service-{index}"


def settings(folder: Path, services: int, *clusters: ClusterSettings) -> Settings:
    """A catalog of nothing but the services."""
    folders = []
    for start in range(0, services, IN_ONE_FILE):
        place = folder / "services" / str(start)
        place.mkdir(parents=True)
        chosen = range(start, min(start + IN_ONE_FILE, services))
        (place / "catalog-info.yaml").write_text("---\n".join(_component(index, clusters) for index in chosen))
        folders.append(place)
    return Settings(
        backstage=BackstageSettings(static_tokens=(StaticToken("bench", Secret(TOKEN)),)),
        state=StateSettings(directory=folder / "state"),
        catalog=CatalogSettings(folders=tuple(folders), repositories=False),
        git=GitSettings(directory=folder / "git"),
        clusters=clusters,
    )


def _component(index: int, clusters: tuple[ClusterSettings, ...]) -> str:
    """A service in Backstage's own form, as JSON, which is YAML too."""
    environments = ",".join(each.environment for each in clusters)
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": f"service-{index}", "annotations": {"greenroom/environments": environments}},
        "spec": {"type": "service", "lifecycle": "production", "owner": "bench"},
    }
    return f"{json.dumps(entity)}\n"


@contextmanager
def served(chosen: Settings, core: int | None = None) -> Iterator[Served]:
    """The server, on one processor where one is named and the system lets us choose."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(chosen, theirs, core), daemon=True)
    process.start()
    try:
        yield Served(ours.recv(), process.pid or 0)
    finally:
        process.terminate()
        process.join(timeout=10)


def serve(chosen: Settings, port: Connection, core: int | None) -> None:
    """Serve until terminated; tells the port once it listens."""
    import uvicorn

    from catalog_provider.app import create_plugin
    from foundation.logging import configure_logging
    from foundation.web import host

    if core is not None:
        os.sched_setaffinity(0, {core})
    configure_logging("error", json=True)
    logging.disable(logging.INFO)
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    port.send(listener.getsockname()[1])
    application = host([create_plugin(chosen)], chosen)
    # As the server's workers do.
    gc.freeze()
    config = uvicorn.Config(application, log_config=None, lifespan="on", timeout_keep_alive=60)
    uvicorn.Server(config).run(sockets=[listener])
