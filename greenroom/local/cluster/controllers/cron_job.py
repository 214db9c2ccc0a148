"""CronJobs: a Job at each time of the schedule, in the cluster's time, after Kubernetes' own controller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from foundation.schedules import last_due, next_due, zone_of
from greenroom.local.cluster.clock import Timer
from greenroom.local.cluster.controllers.job_status import finished_condition
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.objects import (
    Manifest,
    controller_of,
    duplicate,
    is_deleting,
    moment_of,
    name_of,
    namespace_of,
    owner_reference,
    timestamp,
    uid_of,
)
from greenroom.local.cluster.operations import DeleteOptions, options_of
from greenroom.local.cluster.resources import CRON_JOBS, JOBS
from greenroom.local.cluster.storage import Change

_SOURCE: Final = "cronjob-controller"
_SCHEDULED: Final = "batch.kubernetes.io/cronjob-scheduled-timestamp"
# Seconds between looks at the calendar: a laptop that slept is not behind for longer.
_LOOK: Final = 60.0
# As Go's RFC1123Z writes a time.
_LONG_TIME: Final = "%a, %d %b %Y %H:%M:%S %z"


class CronJobController:
    """Starts Jobs, keeps account of those that run, and removes old ones. Calendars know no pace."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._alarms: dict[str, Timer] = {}
        # By uid: the schedule as it was seen, and since when; and the last time that was told as missed or put off.
        self._schedules: dict[str, tuple[str, datetime | None]] = {}
        self._told: dict[str, tuple[str, datetime]] = {}

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is CRON_JOBS:
            if change.type == "DELETED":
                self._forget(uid_of(change.object))
            return [key_of(change.object)]
        owner = controller_of(change.object) if change.resource is JOBS else None
        return [(namespace_of(change.object), owner["name"])] if owner and owner["kind"] == "CronJob" else []

    def reconcile(self, key: Key) -> None:
        cron_job = self._context.store.get(CRON_JOBS, *key)
        if cron_job is None or is_deleting(cron_job):
            return
        self._cancel(uid_of(cron_job))
        cron_job = self._account(cron_job)
        zone = zone_of(cron_job["spec"].get("timeZone") or "UTC")
        if zone is None or cron_job["spec"].get("suspend"):
            return
        self._start_due(cron_job, zone)
        self._look_again(key, cron_job, zone)

    def _account(self, cron_job: Manifest) -> Manifest:
        """Bring the status up to date with the Jobs, and remove those that are beyond the limits."""
        jobs = self._context.store.owned(cron_job, JOBS)
        running = [job for job in jobs if finished_condition(job) is None]
        known = {each.get("uid") for each in cron_job.get("status", {}).get("active") or []}
        for job in jobs:
            finished = finished_condition(job)
            if finished and uid_of(job) in known:
                message = f"Saw completed job: {name_of(job)}, condition: {finished['type']}"
                self._tell(cron_job, "SawCompletedJob", message)
        done = [job["status"]["completionTime"] for job in jobs if "completionTime" in job.get("status", {})]
        successes = [*done, *filter(None, [cron_job.get("status", {}).get("lastSuccessfulTime")])]
        status = dict(cron_job.get("status", {}))
        status.pop("active", None)
        if running:
            status["active"] = [_reference(job) for job in sorted(running, key=_age_of)]
        if successes:
            status["lastSuccessfulTime"] = max(successes)
        for kind, limit in (("Complete", "successfulJobsHistoryLimit"), ("Failed", "failedJobsHistoryLimit")):
            self._remove_oldest(cron_job, [job for job in jobs if _ended_as(job, kind)], cron_job["spec"][limit])
        return self._context.operations.set_status(CRON_JOBS, cron_job, status, MANAGER)

    def _remove_oldest(self, cron_job: Manifest, jobs: list[Manifest], kept: int) -> None:
        for job in sorted(jobs, key=_age_of)[: max(0, len(jobs) - kept)]:
            self._delete(cron_job, job)

    def _start_due(self, cron_job: Manifest, zone: ZoneInfo) -> None:
        now, status = self._context.clock.now(), cron_job.get("status", {})
        due = last_due(cron_job["spec"]["schedule"], zone, now)
        since = moment_of(status.get("lastScheduleTime") or cron_job["metadata"]["creationTimestamp"])
        changed = self._changed(cron_job)
        if due is None or due <= since or (changed is not None and due <= changed):
            return
        deadline = cron_job["spec"].get("startingDeadlineSeconds")
        if deadline is not None and due + timedelta(seconds=deadline) < now:
            message = f"Missed scheduled time to start a job: {due.strftime(_LONG_TIME)}"
            self._tell_once(cron_job, due, "MissSchedule", message, kind="Warning")
            return
        policy = cron_job["spec"]["concurrencyPolicy"]
        if policy == "Forbid" and status.get("active"):
            message = "Not starting job because prior execution is running and concurrency policy is Forbid"
            self._tell_once(cron_job, due, "JobAlreadyActive", message)
            return
        if policy == "Replace":
            for job in self._context.store.owned(cron_job, JOBS):
                if finished_condition(job) is None:
                    self._delete(cron_job, job)
        self._start(cron_job, due, zone)

    def _changed(self, cron_job: Manifest) -> datetime | None:
        """When the schedule was changed, if that was seen: what the new one would have started before is not missed."""
        schedule = f"{cron_job['spec'].get('timeZone')} {cron_job['spec']['schedule']}"
        before = self._schedules.setdefault(uid_of(cron_job), (schedule, None))
        if before[0] != schedule:
            self._schedules[uid_of(cron_job)] = (schedule, self._context.clock.now())
        return self._schedules[uid_of(cron_job)][1]

    def _start(self, cron_job: Manifest, due: datetime, zone: ZoneInfo) -> None:
        template = duplicate(cron_job["spec"]["jobTemplate"])
        given = template.get("metadata") or {}
        # As the real controller names them: by the minute, so that none is started twice.
        name = f"{name_of(cron_job)}-{int(due.timestamp()) // 60}"
        metadata = {
            "name": name,
            "labels": given.get("labels") or {},
            "annotations": {**(given.get("annotations") or {}), _SCHEDULED: due.astimezone(zone).isoformat()},
            "ownerReferences": [owner_reference(cron_job)],
        }
        body = {"kind": "Job", "apiVersion": "batch/v1", "metadata": metadata, "spec": template["spec"]}
        job = self._context.store.get(JOBS, namespace_of(cron_job), name)
        if job is None:
            job = self._create(cron_job, due, body)
        if job is None or job not in self._context.store.owned(cron_job, JOBS):
            return
        others = [each for each in cron_job.get("status", {}).get("active") or [] if self._is_there(each)]
        status = {
            **cron_job.get("status", {}),
            "active": [*others, _reference(job)],
            "lastScheduleTime": timestamp(due),
        }
        self._context.operations.set_status(CRON_JOBS, cron_job, status, MANAGER)

    def _create(self, cron_job: Manifest, due: datetime, body: Manifest) -> Manifest | None:
        """The new Job; None where the API refuses what the template makes."""
        try:
            job = self._context.operations.create(JOBS, namespace_of(cron_job), body, options_of(MANAGER))
        except StatusError as error:
            self._tell_once(cron_job, due, "FailedCreate", f"Error creating job: {error.message}", kind="Warning")
            return None
        self._tell(cron_job, "SuccessfulCreate", f"Created job {name_of(job)}")
        return job

    def _look_again(self, key: Key, cron_job: Manifest, zone: ZoneInfo) -> None:
        now = self._context.clock.now()
        due = next_due(cron_job["spec"]["schedule"], zone, now)
        if due is not None:
            left = min((due - now).total_seconds(), _LOOK)
            self._alarms[uid_of(cron_job)] = self._context.clock.call_later(left, lambda: self.reconcile(key))

    def _is_there(self, reference: Manifest) -> bool:
        return self._context.store.by_uid(str(reference.get("uid"))) is not None

    def _delete(self, cron_job: Manifest, job: Manifest) -> None:
        self._context.operations.delete(JOBS, *key_of(job), DeleteOptions())
        self._tell(cron_job, "SuccessfulDelete", f"Deleted job {name_of(job)}")

    def _forget(self, uid: str) -> None:
        self._cancel(uid)
        self._schedules.pop(uid, None)
        self._told.pop(uid, None)

    def _cancel(self, uid: str) -> None:
        timer = self._alarms.pop(uid, None)
        if timer is not None:
            timer.cancel()

    def _tell_once(self, cron_job: Manifest, due: datetime, reason: str, message: str, *, kind: str = "Normal") -> None:
        """Each minute finds the same run not started; it is told the first time."""
        if self._told.get(uid_of(cron_job)) != (reason, due):
            self._told[uid_of(cron_job)] = (reason, due)
            self._tell(cron_job, reason, message, kind=kind)

    def _tell(self, cron_job: Manifest, reason: str, message: str, *, kind: str = "Normal") -> None:
        self._context.recorder.record(cron_job, reason, message, source=_SOURCE, kind=kind)


def _reference(job: Manifest) -> Manifest:
    return {
        "kind": "Job",
        "namespace": namespace_of(job),
        "name": name_of(job),
        "uid": uid_of(job),
        "apiVersion": "batch/v1",
    }


def _ended_as(job: Manifest, kind: str) -> bool:
    finished = finished_condition(job)
    return finished is not None and finished["type"] == kind


def _age_of(job: Manifest) -> tuple[str, str]:
    return job["metadata"]["creationTimestamp"], name_of(job)
