"""Statuses of simulated pods, as a kubelet would report them: pure functions."""

from __future__ import annotations

import hashlib
from typing import Any

from greenroom.local.cluster.objects import Manifest, condition_of, uid_of


def scheduled_status(pod: Manifest, time: str) -> Manifest:
    """The pod has a node."""
    conditions = [_condition("PodScheduled", time, fulfilled=True)]
    return {**pod["status"], "conditions": conditions}


def created_status(pod: Manifest, node_address: str, time: str) -> Manifest:
    """The kubelet took the pod; its containers wait."""
    digest = hashlib.sha256(uid_of(pod).encode()).digest()
    initial = pod["spec"].get("initContainers") or []
    waiting = "PodInitializing" if initial else "ContainerCreating"
    address = f"10.1.{digest[0]}.{digest[1] or 1}"
    status: Manifest = {
        **pod["status"],
        "phase": "Pending",
        "hostIP": node_address,
        "hostIPs": [{"ip": node_address}],
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": time,
    }
    if initial:
        status["initContainerStatuses"] = [_waiting(each, "PodInitializing") for each in initial]
    status["containerStatuses"] = [_waiting(each, waiting) for each in pod["spec"]["containers"]]
    return with_conditions(pod, status, time)


def with_conditions(pod: Manifest, status: Manifest, time: str) -> Manifest:
    """The status with the conditions that follow from its containers; unchanged ones keep their time."""
    initial = status.get("initContainerStatuses") or []
    initialized = all((each["state"].get("terminated") or {}).get("exitCode") == 0 for each in initial)
    unready = [each["name"] for each in status["containerStatuses"] if not each["ready"]]
    ended = status["phase"] in {"Succeeded", "Failed"}
    reason = {"Succeeded": "PodCompleted", "Failed": "PodFailed"}.get(status["phase"], "ContainersNotReady")
    message = "" if ended else f"containers with unready status: [{' '.join(unready)}]"
    wanted = [
        _condition("PodReadyToStartContainers", time, fulfilled=not ended),
        _condition("Initialized", time, fulfilled=initialized, reason="ContainersNotInitialized"),
        _condition("Ready", time, fulfilled=not unready, reason=reason, message=message),
        _condition("ContainersReady", time, fulfilled=not unready, reason=reason, message=message),
        _condition("PodScheduled", time, fulfilled=True),
    ]
    return {**status, "conditions": [_keep_time(pod, each) for each in wanted]}


def _condition(kind: str, time: str, *, fulfilled: bool, reason: str = "", message: str = "") -> Manifest:
    condition: Manifest = {
        "type": kind,
        "status": "True" if fulfilled else "False",
        "lastProbeTime": None,
        "lastTransitionTime": time,
    }
    if not fulfilled and reason:
        condition["reason"] = reason
    if not fulfilled and message:
        condition["message"] = message
    return condition


def _keep_time(pod: Manifest, condition: Manifest) -> Manifest:
    before = condition_of(pod, condition["type"])
    if before and before["status"] == condition["status"]:
        return {**condition, "lastTransitionTime": before["lastTransitionTime"]}
    return condition


def _waiting(container: Manifest, reason: str) -> Manifest:
    return {
        "name": container["name"],
        "state": {"waiting": {"reason": reason}},
        "lastState": {},
        "ready": False,
        "restartCount": 0,
        "image": container.get("image", ""),
        "imageID": "",
        "started": False,
    }


def waiting(container: Manifest, reason: str, message: str = "") -> Manifest:
    """The container status in a waiting state; what ended before becomes its last state."""
    state = {"reason": reason, **({"message": message} if message else {})}
    return {**_left(container), "state": {"waiting": state}, "ready": False, "started": False}


def running(container: Manifest, time: str, *, restarted: bool) -> Manifest:
    """The container status of a container that was just started."""
    image = container["image"]
    return {
        **_left(container),
        "state": {"running": {"startedAt": time}},
        "ready": False,
        "started": True,
        "restartCount": container["restartCount"] + (1 if restarted else 0),
        "imageID": f"simulated@sha256:{hashlib.sha256(image.encode()).hexdigest()}",
    }


def terminated(container: Manifest, time: str, *, exit_code: int, reason: str) -> Manifest:
    """The container status of a container that ended."""
    since = container["state"].get("running", {}).get("startedAt", time)
    ended: dict[str, Any] = {"exitCode": exit_code, "reason": reason, "startedAt": since, "finishedAt": time}
    return {**_left(container), "state": {"terminated": ended}, "ready": exit_code == 0, "started": False}


def ready(container: Manifest) -> Manifest:
    """The container status of a running container that passed its probe."""
    return {**container, "ready": True, "started": True}


def _left(container: Manifest) -> Manifest:
    ended = container["state"].get("terminated")
    return {**container, "lastState": {"terminated": ended}} if ended else container
