"""How long a change in a cluster takes to the stream of health, at 50 changes a second.

    python benchmarks/health_stream.py [seconds]

A simulated cluster and the server run in processes of their own. 100 services take turns in being paused and
resumed; each change is timed from before it is asked of the cluster's API until its verdict is read from an
open stream, after each was paused and resumed once to warm up. The baseline, in the same run, is a reader that polls the same health once a second. Prints both
and their ratio; exits 1 where p99 of the stream passes the limit.
"""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import requests

from foundation.connections.kubernetes import KubernetesApi, connect_cluster
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

RATE = 50
SERVICES = 100
SECONDS = 20
# Milliseconds, from the product's figures.
LIMIT = 100.0
# Seconds. A tenth of what Backstage's own Kubernetes plugin waits between polls, so a demanding baseline.
POLL = 1.0
# Of the simulation's waits for people to watch.
PACE = "0.01"
TOKEN = "a-token-of-the-benchmark"  # noqa: S105
CLUSTER = "production"
DEPLOYMENTS = "/apis/apps/v1/namespaces/bench/deployments"


def main() -> int:
    """Measure and print; 0 when the limit is kept."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as folder, simulated_cluster(Path(folder)) as cluster:
        api = connect_cluster(cluster)
        deploy_all(api)
        with served(settings(Path(folder), cluster)) as url:
            changes = Changes(api)
            readers = [Reader("stream", changes, follow), Reader(f"poll each {POLL:g} s", changes, poll)]
            wait_until_all(url, "Healthy")
            for reader in readers:
                reader.start(url)
            changes.make(2 * SERVICES, RATE)
            time.sleep(2 * POLL)
            for reader in readers:
                reader.latencies.clear()
            asked = changes.make(RATE * seconds, RATE)
            time.sleep(2 * POLL)
            return report(asked, seconds, *readers)


@dataclass
class Changes:
    """What was asked of the cluster and is not yet seen: when, and which status it leads to."""

    api: KubernetesApi
    pending: dict[tuple[str, str], float] = field(default_factory=dict)

    def make(self, count: int, rate: float) -> int:
        """Pause and resume services in turn, evenly spread over time, however long each request takes."""
        began = time.perf_counter()
        asked = []
        with ThreadPoolExecutor(16) as pool:
            for number in range(count):
                pause = began + number / rate - time.perf_counter()
                if pause > 0:
                    time.sleep(pause)
                turn, index = divmod(number, SERVICES)
                asked.append(pool.submit(self._change, f"service-{index}", paused=turn % 2 == 0))
        for each in asked:
            each.result()
        return count

    def _change(self, service: str, *, paused: bool) -> None:
        self.pending[service, "Suspended" if paused else "Healthy"] = time.perf_counter()
        self.api.request(
            "PATCH",
            f"{DEPLOYMENTS}/{service}",
            body={"spec": {"paused": paused}},
            content_type="application/merge-patch+json",
        )


class Reader:
    """Reads health in one way, and times each change when it first sees its status."""

    def __init__(self, name: str, changes: Changes, read: Callable[[str, Callable[[Any], None]], None]) -> None:
        self.name = name
        self.latencies: list[float] = []
        self._changes = changes
        self._read = read
        self._seen: dict[tuple[str, str], float] = {}

    def start(self, url: str) -> None:
        threading.Thread(target=self._run, args=(url,), daemon=True).start()

    def _run(self, url: str) -> None:
        # The server goes first when all is measured.
        with contextlib.suppress(requests.RequestException):
            self._read(url, self._see)

    def _see(self, summary: Any) -> None:
        key = summary["entityRef"].rpartition("/")[2], summary["status"]
        asked = self._changes.pending.get(key)
        # The same status again belongs to a change that was timed already.
        if asked is not None and self._seen.get(key) != asked:
            self._seen[key] = asked
            self.latencies.append((time.perf_counter() - asked) * 1000)


def follow(url: str, see: Callable[[Any], None]) -> None:
    """Read the stream, as the portal does."""
    response = requests.get(f"{url}/v1/health/stream", headers=authorization(), stream=True, timeout=60)
    response.encoding = "utf-8"
    event = ""
    for line in response.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: ") and event == "health":
            see(json.loads(line.removeprefix("data: ")))


def poll(url: str, see: Callable[[Any], None]) -> None:
    """Ask again and again."""
    session = requests.Session()
    while True:
        began = time.perf_counter()
        for item in session.get(f"{url}/v1/health", headers=authorization(), timeout=60).json()["items"]:
            see(item)
        time.sleep(max(0.0, POLL - (time.perf_counter() - began)))


def report(asked: int, seconds: int, stream: Reader, polling: Reader) -> int:
    """Print the figures; 1 where p99 passes the limit or a change did not arrive."""
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{asked} changes in {seconds} s, {SERVICES} services, one simulated cluster, {load}")
    for reader in (stream, polling):
        found = reader.latencies
        figures = (
            f"p50 {percentile(found, 50):7.1f} ms   p99 {percentile(found, 99):7.1f} ms   max {max(found):7.1f} ms"
        )
        print(f"{reader.name:14} {figures}   seen {len(found)}")
    p50, p99 = (percentile(polling.latencies, each) / percentile(stream.latencies, each) for each in (50, 99))
    print(f"health_stream  {p50:7.1f} times sooner at p50, {p99:.1f} at p99, than polling (limit: p99 {LIMIT:.0f} ms)")
    return 0 if percentile(stream.latencies, 99) < LIMIT and len(stream.latencies) == asked else 1


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` percent of the values do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def authorization() -> dict[str, str]:
    """The header that lets the benchmark in."""
    return {"Authorization": f"Bearer {TOKEN}"}


def settings(folder: Path, cluster: ClusterSettings) -> Settings:
    """A catalog of nothing but the services."""
    services = folder / "services"
    services.mkdir()
    (services / "catalog-info.yaml").write_text("---\n".join(component(index) for index in range(SERVICES)))
    return Settings(
        backstage=BackstageSettings(static_tokens=(StaticToken("bench", Secret(TOKEN)),)),
        state=StateSettings(directory=folder / "state"),
        catalog=CatalogSettings(folders=(services,), repositories=False),
        git=GitSettings(directory=folder / "git"),
        clusters=(cluster,),
    )


def component(index: int) -> str:
    """A service in Backstage's own form, which is YAML and so JSON."""
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": f"service-{index}", "annotations": {"greenroom/environments": CLUSTER}},
        "spec": {"type": "service", "lifecycle": "production", "owner": "bench"},
    }
    return f"{json.dumps(entity)}\n"


@contextmanager
def simulated_cluster(folder: Path) -> Iterator[ClusterSettings]:
    """A simulated cluster in a process of its own."""
    kubeconfig = folder / "kubeconfig"
    command = [sys.executable, "-m", "greenroom.local.cluster", "--port", "0", "--clusters", CLUSTER]
    options = ["--kubeconfig", str(kubeconfig), "--pace", PACE]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield ClusterSettings(CLUSTER, environment=CLUSTER, kubeconfig=kubeconfig, context=CLUSTER, simulated=True)
        finally:
            process.terminate()


def deploy_all(api: KubernetesApi) -> None:
    """A Deployment with two pods for each service."""
    api.request("POST", "/api/v1/namespaces", body={"metadata": {"name": "bench"}})
    for index in range(SERVICES):
        name = f"service-{index}"
        labels = {"backstage.io/kubernetes-id": name}
        template = {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "app", "image": f"bench/{name}:1"}]},
        }
        spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
        body = {"metadata": {"name": name, "namespace": "bench", "labels": labels}, "spec": spec}
        api.request("POST", DEPLOYMENTS, body=json.dumps(body).encode())


@contextmanager
def served(chosen: Settings) -> Iterator[str]:
    """The server with `live`, in a process of its own; gives the plugin's address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(chosen, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/api/live"
    finally:
        process.terminate()
        process.join(timeout=10)


def serve(chosen: Settings, port: Connection) -> None:
    """Serve until terminated; tells the port once it listens."""
    import socket

    import uvicorn

    from catalog_provider.app import create_plugin
    from foundation.logging import configure_logging
    from foundation.web import host

    configure_logging("error", json=True)
    logging.disable(logging.INFO)
    listener = socket.create_server(("127.0.0.1", 0))
    port.send(listener.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(host([create_plugin(chosen)], chosen), log_config=None, lifespan="on"))
    server.run(sockets=[listener])


def wait_until_all(url: str, status: str, patience: float = 60.0) -> None:
    """Return when every service has this status."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = requests.get(f"{url}/v1/health", params={"verdict": status}, headers=authorization(), timeout=30)
        if answer.status_code == 200 and len(answer.json()["items"]) == SERVICES:
            return
        time.sleep(0.1)
    raise SystemExit(f"Not all services became {status} in {patience:g} s.")


if __name__ == "__main__":
    sys.exit(main())
