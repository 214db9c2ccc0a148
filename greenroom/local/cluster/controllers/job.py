"""Jobs: pods that work for a while and are done, tried again some times when they fail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from greenroom.local.cluster.clock import Timer
from greenroom.local.cluster.controllers import pods
from greenroom.local.cluster.controllers.job_status import finished_condition, job_conditions
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.controllers.pod_steps import back_off
from greenroom.local.cluster.objects import (
    Manifest,
    condition_of,
    controller_of,
    is_deleting,
    moment_of,
    name_of,
    namespace_of,
    timestamp,
    uid_of,
)
from greenroom.local.cluster.operations import DeleteOptions
from greenroom.local.cluster.resources import JOBS, PODS
from greenroom.local.cluster.storage import Change

_SOURCE: Final = "job-controller"


class JobController:
    """Creates pods until enough have succeeded, or too many have failed, or it took too long."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # By uid: the earliest moment that a job has to be looked at, with its timer.
        self._alarms: dict[str, tuple[datetime, Timer]] = {}

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is JOBS:
            if change.type == "DELETED":
                self._cancel(uid_of(change.object))
            return [key_of(change.object)]
        owner = controller_of(change.object) if change.resource is PODS else None
        return [(namespace_of(change.object), owner["name"])] if owner and owner["kind"] == "Job" else []

    def reconcile(self, key: Key) -> None:
        job = self._context.store.get(JOBS, *key)
        if job is None or is_deleting(job):
            return
        self._cancel(uid_of(job))
        finished = finished_condition(job)
        if finished is not None:
            self._clear_away(job, finished)
            return
        owned = self._context.store.owned(job, PODS)
        succeeded = sum(1 for pod in owned if pod["status"]["phase"] == "Succeeded")
        running = pods.active(owned)
        failure = self._failure(job, owned)
        missing = job["spec"].get("completions", 1) - succeeded
        if failure is not None:
            for pod in running:
                pods.delete_pod(self._context, pod)
            running = []
        elif not job["spec"].get("suspend"):
            for _ in range(min(job["spec"].get("parallelism", 1), missing) - len(running)):
                if self._may_try(job, owned):
                    running.append(self._create(job))
        self._count(job, owned, running, job_conditions(job, failure, done=missing <= 0))

    def _failure(self, job: Manifest, owned: list[Manifest]) -> tuple[str, str] | None:
        """(reason, message) of a job that is given up."""
        tries = len(_failed(owned)) + sum(_restarts(pod) for pod in pods.active(owned))
        if tries > job["spec"].get("backoffLimit", 6):
            return "BackoffLimitExceeded", "Job has reached the specified backoff limit"
        deadline, started = job["spec"].get("activeDeadlineSeconds"), job.get("status", {}).get("startTime")
        if deadline is not None and started and self._wait_until(job, started, deadline):
            return "DeadlineExceeded", "Job was active longer than specified deadline"
        return None

    def _may_try(self, job: Manifest, owned: list[Manifest]) -> bool:
        """Whether another pod may be made now; the pause after a failure is the kubelet's back-off."""
        failed = _failed(owned)
        ended = [each["state"]["terminated"]["finishedAt"] for pod in failed for each in _ended(pod)]
        return not ended or self._wait_until(job, max(ended), back_off(len(failed)))

    def _wait_until(self, job: Manifest, since: str, seconds: float) -> bool:
        """Whether so many seconds (at pace 1) have passed; if not, the job is looked at when they have."""
        end = moment_of(since) + timedelta(seconds=seconds * self._context.pace)
        left = (end - self._context.clock.now()).total_seconds()
        set_for = self._alarms.get(uid_of(job))
        if left > 0 and (set_for is None or end < set_for[0]):
            self._cancel(uid_of(job))
            timer = self._context.clock.call_later(left, lambda: self.reconcile(key_of(job)))
            self._alarms[uid_of(job)] = (end, timer)
        return left <= 0

    def _create(self, job: Manifest) -> Manifest:
        pod = pods.create_pod(self._context, job)
        self._tell(job, "SuccessfulCreate", f"Created pod: {name_of(pod)}")
        return pod

    def _count(
        self, job: Manifest, owned: list[Manifest], running: list[Manifest], conditions: list[tuple[str, str, str]]
    ) -> None:
        time = timestamp(self._context.clock.now())
        status: Manifest = {"startTime": job.get("status", {}).get("startTime", time)}
        succeeded = sum(1 for pod in owned if pod["status"]["phase"] == "Succeeded")
        counts = {"active": len(running), "succeeded": succeeded, "failed": len(_failed(owned))}
        status |= {name: count for name, count in counts.items() if count}
        status |= {"terminating": 0, "uncountedTerminatedPods": {}, "ready": len(pods.ready(running))}
        if conditions:
            status["conditions"] = [_condition(job, *each, time) for each in conditions]
        last = conditions[-1] if conditions else ("", "", "")
        if last[0] == "Complete":
            status["completionTime"] = time
        self._context.operations.set_status(JOBS, job, status, MANAGER)
        if last[0] == "Complete":
            self._tell(job, "Completed", "Job completed")
        elif last[0] == "Failed":
            self._tell(job, last[1], last[2], kind="Warning")

    def _clear_away(self, job: Manifest, finished: Manifest) -> None:
        """Delete a finished job when it has been kept for as long as it asks for."""
        kept = job["spec"].get("ttlSecondsAfterFinished")
        if kept is not None and self._wait_until(job, finished["lastTransitionTime"], kept):
            self._context.operations.delete(JOBS, *key_of(job), DeleteOptions())

    def _cancel(self, uid: str) -> None:
        alarm = self._alarms.pop(uid, None)
        if alarm is not None:
            alarm[1].cancel()

    def _tell(self, job: Manifest, reason: str, message: str, *, kind: str = "Normal") -> None:
        self._context.recorder.record(job, reason, message, source=_SOURCE, kind=kind)


def _failed(owned: list[Manifest]) -> list[Manifest]:
    return [pod for pod in owned if pod["status"]["phase"] == "Failed"]


def _ended(pod: Manifest) -> list[Manifest]:
    status = pod["status"]
    containers = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    return [each for each in containers if "terminated" in each["state"]]


def _restarts(pod: Manifest) -> int:
    return sum(each.get("restartCount", 0) for each in pod["status"].get("containerStatuses") or [])


def _condition(job: Manifest, kind: str, reason: str, message: str, time: str) -> Manifest:
    before = condition_of(job, kind)
    since = before["lastTransitionTime"] if before else time
    return {
        "type": kind,
        "status": "True",
        "lastProbeTime": since,
        "lastTransitionTime": since,
        "reason": reason,
        "message": message,
    }
