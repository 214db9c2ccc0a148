"""The status of a deployment, after the deployment controller (progress.go, sync.go): pure functions."""

from __future__ import annotations

from greenroom.local.cluster.controllers.rollout import limits_of
from greenroom.local.cluster.objects import Manifest, condition_of, name_of

COMPLETE = "NewReplicaSetAvailable"
TIMED_OUT = "ProgressDeadlineExceeded"


def counted_status(deployment: Manifest, new: Manifest | None, all_sets: list[Manifest], time: str) -> Manifest:
    """The numbers and the Available condition; conditions are taken over from the deployment."""

    def total(field: str) -> int:
        return sum(each.get("status", {}).get(field, 0) for each in all_sets)

    wanted = sum(each["spec"].get("replicas", 0) for each in all_sets)
    counts = {
        "replicas": total("replicas"),
        "updatedReplicas": (new or {}).get("status", {}).get("replicas", 0),
        "readyReplicas": total("readyReplicas"),
        "availableReplicas": total("availableReplicas"),
        "unavailableReplicas": max(0, wanted - total("availableReplicas")),
    }
    status: Manifest = {"observedGeneration": deployment["metadata"]["generation"]}
    status |= {name: count for name, count in counts.items() if count}
    status["terminatingReplicas"] = total("terminatingReplicas")
    conditions = deployment.get("status", {}).get("conditions") or []
    enough = counts["availableReplicas"] >= limits_of(deployment).minimum_available
    return with_condition({**status, "conditions": conditions}, _availability(enough=enough), time)


def _availability(*, enough: bool) -> Manifest:
    if enough:
        message, reason = "Deployment has minimum availability.", "MinimumReplicasAvailable"
    else:
        message, reason = "Deployment does not have minimum availability.", "MinimumReplicasUnavailable"
    return {"type": "Available", "status": "True" if enough else "False", "reason": reason, "message": message}


def progressing(reason: str, message: str, *, status: str = "True") -> Manifest:
    """A Progressing condition."""
    return {"type": "Progressing", "status": status, "reason": reason, "message": message}


def with_condition(status: Manifest, condition: Manifest, time: str) -> Manifest:
    """The status with a condition set. Nothing changes when it stands there with the same status and reason."""
    before = condition_of({"status": status}, condition["type"])
    if before and (before["status"], before["reason"]) == (condition["status"], condition["reason"]):
        return status
    since = before["lastTransitionTime"] if before and before["status"] == condition["status"] else time
    entry = {
        "type": condition["type"],
        "status": condition["status"],
        "lastUpdateTime": time,
        "lastTransitionTime": since,
        "reason": condition["reason"],
        "message": condition["message"],
    }
    kept = [each for each in status.get("conditions") or [] if each["type"] != condition["type"]]
    return {**status, "conditions": [*kept, entry]}


def touched(status: Manifest, condition: Manifest, time: str) -> Manifest:
    """The status with a condition set and its update time renewed: there was progress."""
    without = [each for each in status.get("conditions") or [] if each["type"] != condition["type"]]
    before = condition_of({"status": status}, condition["type"])
    renewed = with_condition({**status, "conditions": without}, condition, time)
    if before and before["status"] == condition["status"]:
        renewed["conditions"][-1]["lastTransitionTime"] = before["lastTransitionTime"]
    return renewed


def is_complete(deployment: Manifest, status: Manifest) -> bool:
    """Whether every pod is of the newest template, available, and no other is left."""
    replicas = deployment["spec"].get("replicas", 1)
    counts = [status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")]
    return counts == [replicas] * 3


def made_progress(old: Manifest, new: Manifest) -> bool:
    """Whether pods came up, or old ones left, since the last status."""

    def outdated(status: Manifest) -> int:
        return int(status.get("replicas", 0)) - int(status.get("updatedReplicas", 0))

    more = any(
        new.get(name, 0) > old.get(name, 0) for name in ("updatedReplicas", "readyReplicas", "availableReplicas")
    )
    return more or outdated(new) < outdated(old)


def progress_message(new: Manifest | None, deployment: Manifest, what: str) -> str:
    """`ReplicaSet "x" is progressing.`, in the words of the real controller."""
    return f'ReplicaSet "{name_of(new)}" {what}' if new else f'Deployment "{name_of(deployment)}" {what}'
