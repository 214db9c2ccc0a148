"""A cluster in virtual time, and objects to put into it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from greenroom.local.cluster.cluster import Cluster
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.operations import DeleteOptions, WriteOptions
from greenroom.local.cluster.resources import DEPLOYMENTS, NAMESPACES, PODS, Resource

NAMESPACE = "commerce"
USER = WriteOptions(manager="a-user")


@dataclass(order=True)
class _Call:
    at: datetime
    order: int
    callback: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class VirtualClock:
    """Time that passes only when a test says so; it begins so many seconds `after` eight in the evening."""

    def __init__(self, after: float = 0) -> None:
        self._now = datetime(2026, 11, 22, 20, 0, tzinfo=UTC) + timedelta(seconds=after)
        self._calls: list[_Call] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._now

    def call_later(self, seconds: float, callback: Callable[[], None]) -> _Call:
        call = _Call(self._now + timedelta(seconds=seconds), next(self._order), callback)
        heapq.heappush(self._calls, call)
        return call

    def advance(self, seconds: float) -> None:
        """Make all calls of the next seconds, in order."""
        end = self._now + timedelta(seconds=seconds)
        while self._calls and self._calls[0].at <= end:
            call = heapq.heappop(self._calls)
            self._now = max(self._now, call.at)
            if not call.cancelled:
                call.callback()
        self._now = end

    def advance_until(self, condition: Callable[[], bool], *, limit: float = 120) -> None:
        """Let time pass until the condition holds."""
        end = self._now + timedelta(seconds=limit)
        while not condition():
            assert self._now < end, f"not within {limit} s"
            self.advance(0.05)


class Simulation:
    """A cluster in virtual time, with the namespace `commerce`."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.cluster = Cluster("test", self.clock)
        self.cluster.start()
        self.create(NAMESPACES, {"metadata": {"name": NAMESPACE}}, namespace="")
        self.clock.advance(0)

    def restart(self, *, after: float = 0) -> None:
        """Go on from what was kept, so many seconds later."""
        passed = (self.clock.now() - VirtualClock().now()).total_seconds()
        self.clock = VirtualClock(passed + after)
        self.cluster = Cluster("test", self.clock, state=self.cluster.snapshot())
        self.cluster.start()

    def create(self, kind: Resource, body: Manifest, *, namespace: str = NAMESPACE) -> Manifest:
        return self.cluster.operations.create(kind, namespace, body, USER)

    def get(self, kind: Resource, name: str) -> Manifest:
        return self.cluster.operations.get(kind, NAMESPACE, name)

    def update(self, kind: Resource, body: Manifest) -> Manifest:
        return self.cluster.operations.update(kind, body, USER, body["metadata"]["name"], NAMESPACE)

    def patch(
        self, kind: Resource, name: str, patch: Any, media_type: str = "application/merge-patch+json"
    ) -> Manifest:
        old = self.get(kind, name)
        return self.cluster.operations.patch(kind, old, patch, media_type, USER)

    def delete(self, kind: Resource, name: str, *, namespace: str = NAMESPACE, **options: Any) -> Manifest | None:
        return self.cluster.operations.delete(kind, namespace, name, DeleteOptions(**options))

    def objects(self, kind: Resource) -> list[Manifest]:
        return self.cluster.store.objects(kind, NAMESPACE)

    def pods(self) -> list[Manifest]:
        return self.objects(PODS)

    def deployed(self, name: str = "order-api", **spec: Any) -> Manifest:
        """A deployment that has rolled out."""
        self.create(DEPLOYMENTS, deployment(name, **spec))
        self.clock.advance_until(lambda: is_rolled_out(self.get(DEPLOYMENTS, name)))
        self.clock.advance(2)
        return self.get(DEPLOYMENTS, name)


def deployment(name: str = "order-api", *, image: str = "registry.example/order-api:1.0.0", **spec: Any) -> Manifest:
    """A deployment as a person writes one."""
    labels = {"app.kubernetes.io/name": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "app", "image": image, "ports": [{"containerPort": 8080}]}]},
            },
            **spec,
        },
    }


def is_rolled_out(manifest: Manifest) -> bool:
    """As `kubectl rollout status` decides it."""
    status, replicas = manifest.get("status", {}), manifest["spec"]["replicas"]
    counts = [status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")]
    return counts == [replicas] * 3 and status.get("observedGeneration") == manifest["metadata"]["generation"]


def condition(manifest: Manifest, kind: str) -> tuple[str, str]:
    """(status, reason) of a condition."""
    found = next(each for each in manifest["status"]["conditions"] if each["type"] == kind)
    return found["status"], found["reason"]


def container_state(pod: Manifest, field: str = "containerStatuses") -> tuple[str, str]:
    """(state, reason) of the first container."""
    ((state, detail),) = pod["status"][field][0]["state"].items()
    return state, detail.get("reason", "")
