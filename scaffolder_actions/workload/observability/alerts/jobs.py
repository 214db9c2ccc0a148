"""Alerts on jobs that run by a schedule."""

from __future__ import annotations

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.series import MINUTE, Series, series_of

# A start is due within seconds. A quarter of an hour is no busy cluster any more.
LATE = 15 * MINUTE


def job_alerts(workload: Workload) -> tuple[Alert, ...]:
    """A run failed, or was not started."""
    if workload.service.type != "job":
        return ()
    series = series_of(workload)
    return (_failed(workload, series), _not_started(workload, series))


def failed_runs(series: Series) -> str:
    """When each of the runs that failed was started."""
    namespace = f'namespace="{series.namespace}"'
    owner = f'owner_kind="CronJob",owner_name="{series.name}"'
    return (
        f"kube_job_status_start_time{{{namespace}}}\n"
        f'  and on (job_name) kube_job_failed{{{namespace},condition="true"}} == 1\n'
        f"  and on (job_name) kube_job_owner{{{namespace},{owner}}}"
    )


def _failed(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="JobFailed",
        expression=(
            f"max(\n  {failed_runs(series)}\n)\n"
            f"> on () (max(kube_cronjob_status_last_successful_time{{{series.cron_job}}}) or on () vector(0))"
        ),
        summary=f"A run of {workload.name} failed in {workload.environment}",
        description=(
            "The run that started at {{ $value | humanizeTimestamp }} failed after all of its tries, "
            "and none has succeeded since. Its pod's log says why."
        ),
    )


def _not_started(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="JobNotStarted",
        expression=f"time() - max(kube_cronjob_next_schedule_time{{{series.cron_job}}}) > {LATE}",
        summary=f"{workload.name} was due and has not run in {workload.environment}",
        description=(
            "Its next run is late by {{ $value | humanizeDuration }}. Either the run before still goes on, "
            f"or it cannot be started: kubectl describe cronjob {workload.name} -n {workload.namespace}."
        ),
        urgent=True,
    )
