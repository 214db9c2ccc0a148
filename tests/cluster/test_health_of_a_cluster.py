"""Health held against a real cluster: the one that GREENROOM_TEST_KUBECONFIG names, in a namespace of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog_provider.cluster import ClusterChange, ClusterWatcher
from catalog_provider.health import EnvironmentHealth, Status, assess
from foundation.connections.kubernetes import ClusterNotFoundError, KubernetesApi, connect_cluster
from foundation.settings import ClusterSettings

KUBECONFIG = os.environ.get("GREENROOM_TEST_KUBECONFIG", "")
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(not KUBECONFIG, reason="GREENROOM_TEST_KUBECONFIG names no kubeconfig"),
]

# Small, public, and made to do nothing.
IMAGE = "registry.k8s.io/pause:3.10"
# Seconds; a node pulls an image meanwhile.
PATIENCE = 120.0
PATCH = "application/merge-patch+json"


class Shop:
    """A namespace with one service in it, watched."""

    def __init__(self, api: KubernetesApi, watcher: ClusterWatcher, changed: threading.Event, namespace: str) -> None:
        self.api = api
        self.namespace = namespace
        self.service = f"probe-{namespace}"
        self._watcher = watcher
        self._changed = changed
        self._path = f"/apis/apps/v1/namespaces/{namespace}/deployments"

    def deploy(self) -> None:
        labels = {"app.kubernetes.io/name": self.service}
        container = {"name": "app", "image": IMAGE, "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}}
        spec: Any = {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        }
        body = {"metadata": {"name": self.service, "labels": labels}, "spec": spec}
        self.api.request("POST", self._path, body=body)

    def patch(self, spec: Any) -> None:
        self.api.request("PATCH", f"{self._path}/{self.service}", body={"spec": spec}, content_type=PATCH)

    def delete(self) -> None:
        self.api.request("DELETE", f"{self._path}/{self.service}")

    def seen(self) -> EnvironmentHealth:
        health = assess(self.service, ["test"], self._watcher.views(self.service), datetime.now(UTC))
        assert health is not None
        return health.environments[0]

    def until(self, holds: Callable[[EnvironmentHealth], bool]) -> EnvironmentHealth:
        """What is seen as soon as it is so; each change of the cluster is a reason to look again."""
        end = datetime.now(UTC).timestamp() + PATIENCE
        while not holds(self.seen()):
            left = end - datetime.now(UTC).timestamp()
            assert left > 0, f"It stayed so: {self.seen()}"
            self._changed.wait(min(left, 1.0))
            self._changed.clear()
        return self.seen()


@pytest.fixture
def shop() -> Iterator[Shop]:
    cluster = ClusterSettings("test", environment="test", kubeconfig=Path(KUBECONFIG))
    api, changed = connect_cluster(cluster), threading.Event()

    def tell(_: ClusterChange) -> None:
        changed.set()

    watcher = ClusterWatcher(cluster, connect_cluster(cluster), tell)
    namespace = f"greenroom-test-{secrets.token_hex(4)}"
    api.request("POST", "/api/v1/namespaces", body={"metadata": {"name": namespace}})
    try:
        watcher.start()
        yield Shop(api, watcher, changed, namespace)
    finally:
        watcher.stop()
        with contextlib.suppress(ClusterNotFoundError):
            api.request("DELETE", f"/api/v1/namespaces/{namespace}")


def test_a_service_is_followed_from_its_start_to_its_end(shop: Shop) -> None:
    shop.until(lambda seen: seen.verdict.status is Status.MISSING)
    shop.deploy()
    found = shop.until(lambda seen: seen.verdict.status is Status.HEALTHY)
    assert (found.ready, found.desired, found.version) == (2, 2, "3.10")

    shop.patch({"paused": True})
    shop.until(lambda seen: seen.verdict.status is Status.SUSPENDED)
    shop.patch({"paused": False, "replicas": 1})
    shop.until(lambda seen: seen.verdict.status is Status.HEALTHY and seen.desired == 1)

    shop.delete()
    shop.until(lambda seen: seen.verdict.status is Status.MISSING)
