"""Jobs: pods that work for a while and are done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers import pods
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import (
    Manifest,
    condition_of,
    controller_of,
    is_deleting,
    name_of,
    namespace_of,
    timestamp,
)
from greenroom.local.cluster.resources import JOBS, PODS
from greenroom.local.cluster.storage import Change

_SOURCE: Final = "job-controller"


class JobController:
    """Creates pods until enough have succeeded."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is JOBS:
            return [key_of(change.object)]
        owner = controller_of(change.object) if change.resource is PODS else None
        return [(namespace_of(change.object), owner["name"])] if owner and owner["kind"] == "Job" else []

    def reconcile(self, key: Key) -> None:
        job = self._context.store.get(JOBS, *key)
        if job is None or is_deleting(job) or condition_of(job, "Complete"):
            return
        owned = self._context.store.owned(job, PODS)
        succeeded = sum(1 for pod in owned if pod["status"]["phase"] == "Succeeded")
        running = pods.active(owned)
        missing = job["spec"].get("completions", 1) - succeeded
        if not job["spec"].get("suspend"):
            for _ in range(min(job["spec"].get("parallelism", 1), missing) - len(running)):
                running.append(self._create(job))
        self._count(job, running, succeeded, done=missing <= 0)

    def _create(self, job: Manifest) -> Manifest:
        pod = pods.create_pod(self._context, job)
        message = f"Created pod: {name_of(pod)}"
        self._context.recorder.record(job, "SuccessfulCreate", message, source=_SOURCE)
        return pod

    def _count(self, job: Manifest, running: list[Manifest], succeeded: int, *, done: bool) -> None:
        time = timestamp(self._context.clock.now())
        status: Manifest = {"startTime": job.get("status", {}).get("startTime", time)}
        counts = {"active": len(running), "succeeded": succeeded}
        status |= {name: count for name, count in counts.items() if count}
        status |= {"terminating": 0, "uncountedTerminatedPods": {}, "ready": len(pods.ready(running))}
        if job["spec"].get("suspend"):
            status["conditions"] = [_condition("Suspended", "JobSuspended", "Job suspended", time)]
        elif done:
            message = "Reached expected number of succeeded pods"
            kinds = ("SuccessCriteriaMet", "Complete")
            status["conditions"] = [_condition(kind, "CompletionsReached", message, time) for kind in kinds]
            status["completionTime"] = time
        self._context.operations.set_status(JOBS, job, status, MANAGER)
        if done:
            self._context.recorder.record(job, "Completed", "Job completed", source=_SOURCE)


def _condition(kind: str, reason: str, message: str, time: str) -> Manifest:
    return {
        "type": kind,
        "status": "True",
        "lastProbeTime": time,
        "lastTransitionTime": time,
        "reason": reason,
        "message": message,
    }
