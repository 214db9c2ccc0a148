"""The rule for a CronJob: how its last run ended, and when the next one is due.

Argo CD (resource_customizations/batch/CronJob/health.lua) calls one with a run under way Healthy whatever came before, so
that a schedule that always fails goes back and forth. Here the last run that ended decides until another one has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from foundation.health.conditions import condition_of, terminating
from foundation.health.jobs import judge_job
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mappings_at, moment_at, text_at, value_at
from foundation.jsontypes import JsonObject
from foundation.schedules import next_due, zone_of


def judge_cron_job(item: JsonObject, jobs: Sequence[JsonObject], now: datetime) -> Verdict:
    """Suspended, failed the last time, or well, with what comes next; `jobs` are its runs that are still there."""
    early = terminating(item)
    if early:
        return early
    if value_at(item, "spec", "suspend") is True:
        return Verdict(Status.SUSPENDED, "Suspended: no run is started", "Suspended")
    upcoming = _upcoming(item, jobs, now)
    failure = _failure(item, jobs)
    if failure:
        return replace(failure, message=f"{failure.message}; {upcoming}")
    succeeded = moment_at(item, "status", "lastSuccessfulTime")
    said = "The last run has succeeded" if succeeded else "It has not run yet"
    return Verdict(Status.HEALTHY, f"{said}; {upcoming}", None, succeeded)


def running_of(jobs: Sequence[JsonObject]) -> list[JsonObject]:
    """The runs that are under way."""
    return [each for each in jobs if not _has_ended(each)]


def _failure(item: JsonObject, jobs: Sequence[JsonObject]) -> Verdict | None:
    """That the last run which ended has failed, or left no success."""
    ended = sorted((each for each in jobs if _has_ended(each)), key=_created)
    last = judge_job(ended[-1]) if ended else None
    if last and last.status is Status.DEGRADED:
        return replace(last, message=f"The last run failed: {last.message.removeprefix('Job failed: ')}")
    scheduled = moment_at(item, "status", "lastScheduleTime")
    succeeded = moment_at(item, "status", "lastSuccessfulTime")
    if scheduled is None or mappings_at(item, "status", "active") or (succeeded and succeeded >= scheduled):
        return None
    return Verdict(Status.DEGRADED, "The last run did not succeed, and is gone", "RunLost", scheduled)


def _upcoming(item: JsonObject, jobs: Sequence[JsonObject], now: datetime) -> str:
    running = running_of(jobs)
    if running:
        return "a run is under way" if len(running) == 1 else f"{len(running)} runs are under way"
    zone = zone_of(text_at(item, "spec", "timeZone") or "UTC")
    due = next_due(text_at(item, "spec", "schedule"), zone, now) if zone else None
    return f"next run {due:%Y-%m-%d %H:%M} UTC" if due else "its schedule is never due"


def _has_ended(job: JsonObject) -> bool:
    return any(condition_of(job, each).get("status") == "True" for each in ("Complete", "Failed"))


def _created(job: JsonObject) -> str:
    # RFC 3339 in UTC, as API servers write it, sorts as text.
    return text_at(job, "metadata", "creationTimestamp")
