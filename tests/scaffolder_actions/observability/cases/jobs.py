"""Alerts on jobs."""

from __future__ import annotations

from tests.scaffolder_actions.observability.cases.model import Case, Series, flat

_CRON = 'namespace="commerce",cronjob="order-api"'


def _run(started: float, *, owner: str = "order-api", failed: bool = True, succeeded: float | None = None) -> Series:
    job = 'namespace="commerce",job_name="order-api-29000"'
    found = {
        f"kube_job_status_start_time{{{job}}}": flat(started),
        f'kube_job_failed{{{job},condition="{"true" if failed else "false"}"}}': flat(1),
        f'kube_job_owner{{{job},owner_kind="CronJob",owner_name="{owner}"}}': flat(1),
    }
    if succeeded is not None:
        found[f"kube_cronjob_status_last_successful_time{{{_CRON}}}"] = flat(succeeded)
    return found


JOBS = (
    Case(
        alert="JobFailed",
        subject="job",
        fires=_run(1800, succeeded=900),
        holds={
            "one has succeeded since": _run(1800, succeeded=2400),
            "it did not fail": {key: value for key, value in _run(1800).items() if "kube_job_failed" not in key},
            "another job's": _run(1800, owner="stock"),
        },
        summary="A run of order-api failed in production",
        description=(
            "The run that started at 1970-01-01 00:30:00 +0000 UTC failed after all of its tries, "
            "and none has succeeded since. Its pod's log says why."
        ),
    ),
    Case(
        alert="JobFailed",
        subject="job",
        # The first run of all.
        fires=_run(1800),
        holds={},
        summary="A run of order-api failed in production",
        description=(
            "The run that started at 1970-01-01 00:30:00 +0000 UTC failed after all of its tries, "
            "and none has succeeded since. Its pod's log says why."
        ),
    ),
    Case(
        alert="JobNotStarted",
        subject="job",
        severity="page",
        fires={f"kube_cronjob_next_schedule_time{{{_CRON}}}": flat(1800)},
        holds={"ten minutes late": {f"kube_cronjob_next_schedule_time{{{_CRON}}}": flat(3000)}},
        summary="order-api was due and has not run in production",
        description=(
            "Its next run is late by 30m 0s. Either the run before still goes on, "
            "or it cannot be started: kubectl describe cronjob order-api -n commerce."
        ),
    ),
)
