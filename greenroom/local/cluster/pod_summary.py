"""A pod in a word or two, by the rules of Kubernetes' own printer (pkg/printers/internalversion)."""

from __future__ import annotations

from datetime import datetime

from greenroom.local.cluster.objects import Manifest, condition_of, is_deleting


def is_ready(pod: Manifest) -> bool:
    """Whether the pod's Ready condition is true."""
    condition = condition_of(pod, "Ready")
    return condition is not None and condition["status"] == "True"


def pod_readiness(pod: Manifest) -> str:
    """`1/2`: containers that are ready."""
    statuses = pod.get("status", {}).get("containerStatuses") or []
    ready = sum(1 for status in statuses if status.get("ready"))
    return f"{ready}/{len(pod['spec'].get('containers') or [])}"


def pod_restarts(pod: Manifest, _: datetime) -> str:
    """How often its containers were restarted."""
    status = pod.get("status", {})
    counted = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    return str(sum(each.get("restartCount", 0) for each in counted))


def pod_reason(pod: Manifest) -> str:
    """The word in kubectl's STATUS column."""
    if is_deleting(pod):
        return "Terminating"
    status = pod.get("status", {})
    initial = _init_reason(pod)
    if initial:
        return initial
    reason = str(status.get("reason") or status.get("phase", "Unknown"))
    for container in reversed(status.get("containerStatuses") or []):
        state = container.get("state", {})
        waiting, ended = state.get("waiting", {}).get("reason"), state.get("terminated", {}).get("reason")
        reason = waiting or ended or reason
    return reason


def _init_reason(pod: Manifest) -> str:
    statuses = pod.get("status", {}).get("initContainerStatuses") or []
    for place, container in enumerate(statuses):
        state = container.get("state", {})
        ended = state.get("terminated")
        if ended is not None and ended.get("exitCode") == 0:
            continue
        waiting = state.get("waiting", {}).get("reason")
        if ended is not None:
            return f"Init:{ended.get('reason') or 'Error'}"
        if waiting and waiting != "PodInitializing":
            return f"Init:{waiting}"
        return f"Init:{place}/{len(statuses)}"
    return ""
