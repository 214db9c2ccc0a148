"""A real server of several workers, in front of a stand-in for a cluster that counts its watches."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.process import RunningStandIn, running

TOKEN = "a-static-token-of-some-length"
WORKERS = 3
SERVICES = 5
PATIENCE = 90.0


def wait_for(condition: Callable[[], Any]) -> Any:
    """What `condition` gives once that is true; what it raises for want of a connection counts as false."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = condition()
        except (OSError, http.client.HTTPException):
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("It did not become true.")


@dataclass
class Server:
    """A server that runs, and connections to each of its workers."""

    process: subprocess.Popen[str]
    state: Path
    lines: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        found = wait_for(lambda: re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", "".join(self.lines)))
        return int(found[1])

    def workers(self) -> set[int]:
        return {each.pid for each in psutil.Process(self.process.pid).children()}

    def holder(self) -> int | None:
        """The worker that listens on the socket of `live`."""
        name = str(self.state / "sockets" / "live.sock")
        for pid in self.workers():
            if any(str(each.laddr) == name for each in psutil.Process(pid).net_connections(kind="unix")):
                return pid
        return None

    def connect(self, worker: int) -> http.client.HTTPConnection:
        """A connection that this worker has accepted."""

        def connected() -> http.client.HTTPConnection | None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            connection.request("GET", "/.backstage/health/v1/liveness")
            connection.getresponse().read()
            own = connection.sock.getsockname()
            accepted = psutil.Process(worker).net_connections(kind="tcp")
            return connection if any(each.raddr == own for each in accepted) else None

        found = wait_for(connected)
        assert isinstance(found, http.client.HTTPConnection)
        return found

    def get(self, worker: int, path: str) -> tuple[int, Any]:
        """Status and body of a request to one worker."""
        answer = self.open(worker, path)
        return answer.status, json.loads(answer.read())

    def open(self, worker: int, path: str) -> http.client.HTTPResponse:
        connection = self.connect(worker)
        connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        return connection.getresponse()

    def is_ready(self) -> bool:
        """Whether each worker says that it is."""
        workers = self.workers()
        return len(workers) == WORKERS and all(
            self.get(each, "/.backstage/health/v1/readiness")[0] == 200 for each in workers
        )


@pytest.fixture
def cluster() -> Iterator[RunningStandIn]:
    with running(Fleet(SERVICES, SERVICES, SERVICES)) as stand_in:
        yield stand_in


@pytest.fixture
def server(tmp_path: Path, cluster: RunningStandIn) -> Iterator[Server]:
    settings = cluster.cluster(tmp_path)
    services = tmp_path / "services"
    services.mkdir()
    entities = [
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": f"service-{index}"},
            "spec": {"type": "service", "lifecycle": "production", "owner": "a-team"},
        }
        for index in range(SERVICES)
    ]
    (services / "catalog-info.yaml").write_text(yaml.safe_dump_all(entities))
    document = {
        "server": {"port": 0, "workers": WORKERS},
        "state": {"directory": str(tmp_path / "state")},
        "backstage": {"static_tokens": [{"subject": "test", "token": TOKEN}]},
        "catalog": {"folders": [str(services)], "repositories": False},
        "git": {"directory": str(tmp_path / "git")},
        "clusters": [
            {
                "name": settings.name,
                "environment": settings.environment,
                "kubeconfig": str(settings.kubeconfig),
                "context": settings.context,
            }
        ],
    }
    config = tmp_path / "greenroom.yaml"
    config.write_text(yaml.safe_dump(document))
    command = [sys.executable, "-m", "greenroom", "serve", "--config", str(config)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    started = Server(process, tmp_path / "state")
    reading = threading.Thread(target=_read, args=(started,), daemon=True)
    reading.start()
    yield started
    process.terminate()
    process.wait(30)
    reading.join(10)


def _read(server: Server) -> None:
    assert server.process.stdout
    server.lines.extend(iter(server.process.stdout.readline, ""))
