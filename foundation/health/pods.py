"""The rule for a pod.

Follows Argo CD (gitops-engine/pkg/health/health_pod.go) and sees what it does not: init containers,
the scheduler's reason, readiness that was lost, and pods that never get ready.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from foundation.health.conditions import condition_of, is_deleting, terminating
from foundation.health.containers import ContainerTrouble, trouble_of
from foundation.health.findings import Finding, Predicate
from foundation.health.verdict import Cause, Status, Verdict
from foundation.json_fields import mapping_at, mappings_at, moment_at, text_at
from foundation.jsontypes import JsonObject

# A cluster autoscaler adds a node within a few minutes; kstatus' 15 s would call each of these waits a failure.
SCHEDULING_PATIENCE = timedelta(minutes=3)
# A Deployment's default progressDeadlineSeconds, for the kinds that have none of their own.
START_PATIENCE = timedelta(seconds=600)


def is_active(pod: JsonObject) -> bool:
    """Whether it still counts for what owns it: neither ended nor on its way out.

    Controllers count the same way (kubernetes/pkg/controller/controller_utils.go, IsPodActive).
    """
    return text_at(pod, "status", "phase") not in {"Succeeded", "Failed"} and not is_deleting(pod)


def judge_pod(pod: JsonObject, now: datetime, patience: timedelta = START_PATIENCE) -> Finding:
    """How `pod` is at `now`; one that is not ready after `patience` is not starting any more."""
    finding = _judged(pod, now, patience)
    if finding.predicate is None or finding.verdict.cause:
        return finding
    return replace(finding, verdict=replace(finding.verdict, cause=_cause(pod)))


def _judged(  # noqa: PLR0911 a rule is read from the top, one answer after another
    pod: JsonObject, now: datetime, patience: timedelta
) -> Finding:
    early = terminating(pod)
    if early:
        return Finding(early)
    phase = text_at(pod, "status", "phase")
    if phase == "Succeeded":
        return _plain(Status.HEALTHY, "Pod has completed")
    if phase == "Failed":
        return _ended_badly(pod)
    ready = condition_of(pod, "Ready")
    trouble = next(_container_troubles(pod, ready), None)
    if trouble:
        since = moment_at(ready, "lastTransitionTime") if ready.get("status") == "False" else None
        cause = _cause(pod, trouble.container, trouble.exit_code)
        return Finding(Verdict(Status.DEGRADED, trouble.sentence, trouble.reason, since, cause), trouble.predicate)
    scheduled = condition_of(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return _unscheduled(scheduled, now)
    if phase == "Running" and ready.get("status") == "True":
        return _running(pod, moment_at(ready, "lastTransitionTime"))
    if phase not in {"Pending", "Running"}:
        return _plain(Status.UNKNOWN, "The node of this pod does not report", text_at(pod, "status", "reason") or None)
    if phase == "Running" and _was_ready(pod, ready):
        return _not_ready_any_more(ready)
    return _starting(pod, now, patience)


def _cause(pod: JsonObject, container: str | None = None, exit_code: int | None = None) -> Cause:
    namespace, name = text_at(pod, "metadata", "namespace"), text_at(pod, "metadata", "name")
    return Cause("Pod", namespace, name, container, exit_code)


def _plain(status: Status, message: str, reason: str | None = None, since: datetime | None = None) -> Finding:
    return Finding(Verdict(status, message, reason, since))


def _container_troubles(pod: JsonObject, ready: JsonObject) -> Iterator[ContainerTrouble]:
    specs = {text_at(each, "name"): each for each in mappings_at(pod, "spec", "containers")}
    was_ready = _was_ready(pod, ready)
    for field in ("initContainerStatuses", "containerStatuses"):
        is_init = field == "initContainerStatuses"
        for status in mappings_at(pod, "status", field):
            spec = specs.get(text_at(status, "name"), {})
            trouble = trouble_of(status, spec, is_init=is_init, was_ready=was_ready)
            if trouble:
                yield trouble


def _was_ready(pod: JsonObject, ready: JsonObject) -> bool:
    """Whether readiness was reached after the last start of every container, and then lost."""
    statuses = mappings_at(pod, "status", "containerStatuses")
    starts = [moment_at(each, "state", "running", "startedAt") for each in statuses]
    lost = moment_at(ready, "lastTransitionTime")
    return lost is not None and bool(starts) and all(start is not None and start < lost for start in starts)


def _ended_badly(pod: JsonObject) -> Finding:
    reason = text_at(pod, "status", "reason") or text_at(condition_of(pod, "DisruptionTarget"), "reason")
    detail = text_at(pod, "status", "message") or text_at(condition_of(pod, "DisruptionTarget"), "message")
    for status in mappings_at(pod, "status", "containerStatuses"):
        ended = mapping_at(status, "state", "terminated")
        if ended and not detail:
            reason = reason or text_at(ended, "reason")
            detail = f"container {text_at(status, 'name')} ended with exit {ended.get('exitCode', 'not known')}"
    said = f"failed: {detail}" if detail else "failed"
    return Finding(Verdict(Status.DEGRADED, f"Pod {said}", reason or "Failed"), Predicate(said, said))


def _unscheduled(scheduled: JsonObject, now: datetime) -> Finding:
    since = moment_at(scheduled, "lastTransitionTime")
    reason = text_at(scheduled, "reason") or "Unschedulable"
    if reason == "SchedulingGated":
        return _plain(Status.PROGRESSING, "Pod waits for its scheduling gates", reason, since)
    detail = text_at(scheduled, "message")
    said = f"cannot be scheduled: {detail}" if detail else "cannot be scheduled"
    is_over = since is not None and now - since > SCHEDULING_PATIENCE
    status = Status.DEGRADED if is_over else Status.PROGRESSING
    return Finding(Verdict(status, f"Pod {said}", reason, since), Predicate(said, said))


def _running(pod: JsonObject, since: datetime | None) -> Finding:
    if text_at(pod, "spec", "restartPolicy") in {"OnFailure", "Never"}:
        # It is meant to end, and has not.
        return _plain(Status.PROGRESSING, "Pod runs", "Running", since)
    return _plain(Status.HEALTHY, "Pod is ready", None, since)


def _not_ready_any_more(ready: JsonObject) -> Finding:
    predicate = Predicate("was ready and is not any more", "were ready and are not any more")
    since = moment_at(ready, "lastTransitionTime")
    return Finding(Verdict(Status.DEGRADED, f"Pod {predicate.one}", "Unready", since), predicate)


def _starting(pod: JsonObject, now: datetime, patience: timedelta) -> Finding:
    since = moment_at(pod, "status", "startTime") or moment_at(pod, "metadata", "creationTimestamp")
    waits = [
        text_at(each, "state", "waiting", "reason")
        for each in mappings_at(pod, "status", "containerStatuses")
        if text_at(each, "state", "waiting", "reason")
    ]
    if since and now - since > patience:
        minutes = int(patience.total_seconds() // 60)
        limit = f"{minutes} minutes" if minutes > 1 else f"{int(patience.total_seconds())} seconds"
        detail = f"not ready {limit} after {{}} start"
        predicate = Predicate(f"is {detail.format('its')}", f"are {detail.format('their')}")
        return Finding(Verdict(Status.DEGRADED, f"Pod {predicate.one}", "StartTimeout", since), predicate)
    return _plain(Status.PROGRESSING, "Pod is starting", waits[0] if waits else "Starting", since)
