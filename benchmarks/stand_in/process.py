"""The stand-in as benchmarks and tests use it: started in a process of its own, and commanded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

from benchmarks.stand_in.changes import Change
from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.server import BOOKMARKS
from foundation.settings import ClusterSettings

# Seconds. A command that makes changes answers when they are made.
PATIENCE = 600.0


@dataclass(frozen=True)
class Counts:
    """What the API server did: `list pods` → how often, and how many bytes it sent; path → watches that are open."""

    requests: dict[str, int]
    bytes: dict[str, int]
    watches: dict[str, int]

    def matching(self, prefix: str) -> int:
        """Requests whose name begins so."""
        return sum(number for name, number in self.requests.items() if name.startswith(prefix))


class RunningStandIn:
    """A stand-in that runs."""

    def __init__(self, process: subprocess.Popen[str], port: int, commands: int) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self._commands = f"http://127.0.0.1:{commands}"

    def cluster(self, folder: Path, name: str = "production") -> ClusterSettings:
        """Settings of a cluster that is this one, by a kubeconfig in `folder`."""
        kubeconfig = folder / f"{name}.kubeconfig"
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": {"server": self.url}}],
            "users": [{"name": name, "user": {"token": "not-looked-at"}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        }
        kubeconfig.write_text(yaml.safe_dump(document))
        return ClusterSettings(name, environment=name, kubeconfig=kubeconfig, context=name)

    def counts(self) -> Counts:
        """What it did so far."""
        return Counts(**self._command("counts"))

    def change(self, kind: str, how: str, *, count: int, rate: float, among: int) -> None:
        """Make changes; returns when they are made. `how`: pause, describe, replace or touch."""
        self._command("change", kind=kind, how=how, count=count, rate=rate, among=among)

    def log(self) -> list[Change]:
        """The changes since this was last asked."""
        return [Change(**each) for each in self._command("log")]

    def objects(self, kind: str) -> dict[str, str]:
        """Namespace and name → version of all objects of a kind."""
        return dict(self._command("objects", kind=kind))

    def expire(self, kind: str | None = None) -> int:
        """Tell every watch (of a kind) that its version is too old; how many there were."""
        return int(self._command("expire", kind=kind))

    def disconnect(self, kind: str | None = None) -> int:
        """End every watch (of a kind) in the midst; how many there were."""
        return int(self._command("disconnect", kind=kind))

    def go_away(self) -> None:
        """Refuse connections until `come_back`."""
        self._command("away")

    def come_back(self) -> None:
        self._command("back")

    def _command(self, name: str, **query: object) -> Any:
        answer = requests.get(f"{self._commands}/{name}", params=query, timeout=PATIENCE)  # type: ignore[arg-type]
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running(size: Fleet, *, bookmarks: float = BOOKMARKS, core: int | None = None) -> Iterator[RunningStandIn]:
    """A stand-in of this size, on a processor of its own where one is named and the system lets us choose."""
    numbers = (size.deployments, size.replica_sets, size.pods, bookmarks)
    command = [sys.executable, "-m", "benchmarks.stand_in", *map(str, numbers)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {core})
        assert process.stdout
        ports = process.stdout.readline().split()
        try:
            yield RunningStandIn(process, int(ports[0]), int(ports[1]))
        finally:
            process.kill()
