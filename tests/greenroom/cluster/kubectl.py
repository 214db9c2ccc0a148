"""The real `kubectl`, against a simulated cluster."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from greenroom.local.cluster import SimulatedClusters
from greenroom.local.cluster.objects import Manifest
from tests.greenroom.cluster.simulation import NAMESPACE

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine's PATH")


class Kubectl:
    """Runs kubectl against the cluster `staging`, in the namespace `commerce`."""

    def __init__(self, clusters: SimulatedClusters, folder: Path) -> None:
        self._folder = folder
        # Discovery is cached by address, which later servers may have again.
        self._environment = {
            **os.environ,
            "KUBECONFIG": str(clusters.kubeconfig),
            "KUBECACHEDIR": str(folder / "cache"),
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["kubectl", "--namespace", NAMESPACE, *arguments],
            env={**self._environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def fail(self, *arguments: str) -> str:
        """The message of a command that is refused."""
        process = self.start(*arguments)
        _, error = process.communicate(timeout=60)
        assert process.returncode != 0
        return error

    def __call__(self, *arguments: str, **environment: str) -> str:
        process = self.start(*arguments, **environment)
        output, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
        return output

    def read(self, *arguments: str) -> Manifest:
        found: Manifest = json.loads(self("get", *arguments, "--output", "json"))
        return found

    def file(self, *manifests: Manifest) -> str:
        path = self._folder / "manifests.yaml"
        path.write_text(yaml.safe_dump_all(manifests), encoding="utf-8")
        return str(path)
