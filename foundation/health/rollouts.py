"""The rules for what keeps pods running: Deployment, StatefulSet, DaemonSet, ReplicaSet.

They follow Argo CD (gitops-engine/pkg/health), which follows `kubectl rollout status`. Each judges the
object alone; what its pods say comes in with the roll-up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from foundation.health.conditions import UNOBSERVED, condition_of, terminating
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mapping_at, moment_at, number_at, text_at, value_at
from foundation.jsontypes import JsonObject


def judge_deployment(item: JsonObject) -> Verdict:  # noqa: PLR0911 a rule is read from the top
    """Paused, stuck, on its way, or all of its pods available."""
    early = _early(item)
    if early:
        return early
    progressing = condition_of(item, "Progressing")
    reason = text_at(progressing, "reason")
    desired, updated, available = (
        replicas_of(item),
        _status(item, "updatedReplicas"),
        _status(item, "availableReplicas"),
    )
    if reason == "ProgressDeadlineExceeded":
        said = f"Rollout is stuck: {min(updated, available)} of {desired} pods are up to date and available"
        return Verdict(Status.DEGRADED, said, reason, moment_at(progressing, "lastTransitionTime"))
    failure = _replica_failure(item)
    if failure:
        return failure
    is_rolled_out = reason == "NewReplicaSetAvailable"
    old = _status(item, "replicas") - updated
    if updated < desired and not is_rolled_out:
        return _rolling(f"Rolling out: {updated} of {desired} pods updated")
    if old > 0 and not is_rolled_out:
        return _rolling(f"Rolling out: {old} old pod{'' if old == 1 else 's'} left")
    if available < desired or old > 0:
        return _waiting(available, desired, moment_at(condition_of(item, "Available"), "lastTransitionTime"))
    return _steady(desired, available, _latest(item))


def judge_stateful_set(item: JsonObject) -> Verdict:  # noqa: PLR0911 a rule is read from the top
    """Ready pods, then the partition, then the revision."""
    early = _early(item)
    if early:
        return early
    desired, ready, updated = replicas_of(item), _status(item, "readyReplicas"), _status(item, "updatedReplicas")
    if ready < desired:
        return _waiting(ready, desired, None)
    if text_at(item, "spec", "updateStrategy", "type") == "OnDelete":
        return _steady(desired, ready, None)
    rolling = mapping_at(item, "spec", "updateStrategy", "rollingUpdate")
    if "partition" in rolling:
        partition = number_at(rolling, "partition")
        if updated < desired - partition:
            return _rolling(f"Rolling out: {updated} of {desired - partition} pods updated")
        return _steady(desired, ready, None)
    if text_at(item, "status", "updateRevision") != text_at(item, "status", "currentRevision"):
        return _rolling(f"Rolling out: {updated} of {desired} pods updated")
    return _steady(desired, ready, None)


def judge_daemon_set(item: JsonObject) -> Verdict:
    """A pod on each node that wants one. It has no `replicas`: what is absent on both sides is no match."""
    early = _early(item)
    if early:
        return early
    desired, available = _status(item, "desiredNumberScheduled"), _status(item, "numberAvailable")
    updated = _status(item, "updatedNumberScheduled")
    by_hand = text_at(item, "spec", "updateStrategy", "type") == "OnDelete"
    if updated < desired and not by_hand:
        return _rolling(f"Rolling out: {updated} of {desired} pods updated")
    if available < desired:
        return _waiting(available, desired, None)
    if not desired:
        return Verdict(Status.HEALTHY, "No node asks for a pod")
    return _steady(desired, available, None)


def judge_replica_set(item: JsonObject) -> Verdict:
    """Alone, without a Deployment above it."""
    early = _early(item)
    if early:
        return early
    failure = _replica_failure(item)
    if failure:
        return failure
    desired, available = replicas_of(item), _status(item, "availableReplicas")
    return _waiting(available, desired, None) if available < desired else _steady(desired, available, None)


RULES: Mapping[str, Callable[[JsonObject], Verdict]] = {
    "Deployment": judge_deployment,
    "StatefulSet": judge_stateful_set,
    "DaemonSet": judge_daemon_set,
    "ReplicaSet": judge_replica_set,
}


def replicas_of(item: JsonObject) -> int:
    """How many pods are asked for; 1 where nothing is said, as the API server defaults it."""
    if text_at(item, "kind") == "DaemonSet":
        return _status(item, "desiredNumberScheduled")
    return number_at(item, "spec", "replicas", default=1)


def ready_of(item: JsonObject) -> int:
    """How many of its pods are ready."""
    return _status(item, "numberReady" if text_at(item, "kind") == "DaemonSet" else "readyReplicas")


def _status(item: JsonObject, name: str) -> int:
    return number_at(item, "status", name)


def _early(item: JsonObject) -> Verdict | None:
    """What is said before any count is looked at: counts of an older generation mean nothing."""
    early = terminating(item)
    if early:
        return early
    if value_at(item, "spec", "paused") is True:
        return Verdict(Status.SUSPENDED, "Paused: changes are not rolled out", "Paused")
    if number_at(item, "metadata", "generation") > _status(item, "observedGeneration"):
        return _rolling(UNOBSERVED.message)
    return None


def _replica_failure(item: JsonObject) -> Verdict | None:
    failure = condition_of(item, "ReplicaFailure")
    if failure.get("status") != "True":
        return None
    reason = text_at(failure, "reason") or "ReplicaFailure"
    said = f"Pods cannot be created: {text_at(failure, 'message') or reason}"
    return Verdict(Status.DEGRADED, said, reason, moment_at(failure, "lastTransitionTime"))


def _rolling(message: str) -> Verdict:
    # No condition says when a rollout began: Progressing stays true from the one before.
    return Verdict(Status.PROGRESSING, message, "RollingOut")


def _waiting(ready: int, desired: int, since: datetime | None) -> Verdict:
    return Verdict(Status.PROGRESSING, f"{ready} of {desired} pods ready", "PodsNotReady", since)


def _steady(desired: int, ready: int, since: datetime | None) -> Verdict:
    message = f"{ready} of {desired} pods ready" if desired else "Scaled to 0: nothing runs, as asked"
    return Verdict(Status.HEALTHY, message, None, since)


def _latest(item: JsonObject) -> datetime | None:
    """Since when a Deployment is as it is: the later of available and rolled out."""
    moments = [moment_at(condition_of(item, each), "lastTransitionTime") for each in ("Available", "Progressing")]
    return max((each for each in moments if each), default=None)
