"""Objects of a cluster, with as little in them as a test needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Item = dict[str, Any]

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def ago(**elapsed: float) -> str:
    """An RFC 3339 time before NOW."""
    return (NOW - timedelta(**elapsed)).strftime("%Y-%m-%dT%H:%M:%SZ")


def metadata(name: str, owner: Item | None = None, **more: object) -> Item:
    entries: Item = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "generation": 1, **more}
    if owner:
        reference = {"kind": owner["kind"], "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"]}
        entries["ownerReferences"] = [{**reference, "controller": True}]
    return entries


def condition(kind: str, status: str, reason: str = "", message: str = "", since: str = "") -> Item:
    return {
        "type": kind,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": since or ago(minutes=5),
    }


def template(image: str = "registry.example/order-api:1.2.0") -> Item:
    return {"metadata": {}, "spec": {"containers": [{"name": "app", "image": image}]}}


def deployment(
    name: str = "order-api", replicas: int = 3, reason: str = "NewReplicaSetAvailable", **counts: int
) -> Item:
    """Rolled out and available, but for what `counts` and `reason` say."""
    full = {"replicas": replicas, "updatedReplicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas}
    status = "False" if reason == "ProgressDeadlineExceeded" else "True"
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(name),
        "spec": {"replicas": replicas, "template": template()},
        "status": {"observedGeneration": 1, **full, **counts, "conditions": [condition("Progressing", status, reason)]},
    }


def running(restarts: int = 0, *, ready: bool = True, started: str = "", last: Item | None = None) -> Item:
    """A container that runs."""
    state = {"running": {"startedAt": started or ago(minutes=30)}}
    return {
        "name": "app",
        "ready": ready,
        "restartCount": restarts,
        "state": state,
        **({"lastState": {"terminated": last}} if last else {}),
    }


def waiting(reason: str, message: str = "", restarts: int = 0, last: Item | None = None, name: str = "app") -> Item:
    """A container that waits."""
    return {
        "name": name,
        "ready": False,
        "restartCount": restarts,
        "state": {"waiting": {"reason": reason, "message": message}},
        **({"lastState": {"terminated": last}} if last else {}),
    }


def ended(code: int, reason: str = "Error") -> Item:
    """How a container ended."""
    return {"exitCode": code, "reason": reason, "finishedAt": ago(minutes=1)}


def pod(
    name: str = "order-api-1",
    container: Item | None = None,
    *,
    init: Item | None = None,
    phase: str = "Running",
    owner: Item | None = None,
    ready_since: str = "",
    started: str = "",
    restart_policy: str = "Always",
    conditions: list[Item] | None = None,
    **more: object,
) -> Item:
    """A pod whose readiness is that of its container."""
    container = container or running()
    ready = condition("Ready", str(bool(container.get("ready"))), since=ready_since or ago(minutes=30))
    status: Item = {
        "phase": phase,
        "startTime": started or ago(minutes=30),
        "conditions": [ready, *(conditions or [])],
        "containerStatuses": [container],
        **more,
    }
    if init:
        status["initContainerStatuses"] = [init]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata(name, owner, creationTimestamp=started or ago(minutes=30)),
        "spec": {
            "restartPolicy": restart_policy,
            "containers": [
                {
                    "name": "app",
                    "image": "registry.example/order-api:1.2.0",
                    "resources": {"limits": {"memory": "512Mi"}},
                }
            ],
        },
        "status": status,
    }


def crashing(name: str = "order-api-1", owner: Item | None = None, code: int = 1, reason: str = "Error") -> Item:
    """A pod in a crash loop."""
    return pod(name, waiting("CrashLoopBackOff", restarts=5, last=ended(code, reason)), owner=owner)
