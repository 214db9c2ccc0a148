"""Alerts on caches, from what CloudWatch tells of them."""

from __future__ import annotations

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.series import Series, series_of

NODE = "dimension_CacheClusterId"
# Percent of memory, and of the one processor that Redis works on.
FULL = 90
# Seconds behind which a replica would lose writes that matter when it takes over.
LAG = 10


def cache_alerts(workload: Workload) -> tuple[Alert, ...]:
    """What makes a cache slow or forgetful."""
    if not any(each.type == "redis" for each in workload.service.dependencies):
        return ()
    series = series_of(workload)
    found = (_full(workload, series), _evicts(workload, series), _busy(workload, series))
    return (*found, _lags(workload, series)) if workload.defaults.cache_replicas else found


def _full(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="CacheNearlyFull",
        expression=f"max by ({NODE}) (aws_elasticache_database_memory_usage_percentage_average{{{series.cloud}}}) > {FULL}",
        summary=f"The cache of {workload.name} is nearly full in {workload.environment}",
        description=(
            f"{{{{ $labels.{NODE} }}}} has used {{{{ $value | printf `%.0f` }}}}% of its memory for 15 minutes. "
            "At 100% it drops entries or refuses writes. Let entries expire sooner, or choose a larger size."
        ),
        minutes=15,
    )


def _evicts(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="CacheEvicts",
        # In each of the periods: a few at a peak are what a cache is for.
        expression=f"max by ({NODE}) (min_over_time(aws_elasticache_evictions_sum{{{series.cloud}}}[30m])) > 0",
        summary=f"The cache of {workload.name} drops entries before they expire in {workload.environment}",
        description=(
            f"{{{{ $labels.{NODE} }}}} has dropped entries all the time for 30 minutes to make room for new ones, "
            "so that they are fetched again. Let entries expire sooner, or choose a larger size."
        ),
    )


def _busy(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="CacheBusy",
        expression=f"max by ({NODE}) (aws_elasticache_engine_cpuutilization_average{{{series.cloud}}}) > {FULL}",
        summary=f"The cache of {workload.name} is as busy as it can be in {workload.environment}",
        description=(
            f"{{{{ $labels.{NODE} }}}} has been {{{{ $value | printf `%.0f` }}}}% busy for 15 minutes. "
            "Redis works on one processor, so look for slow commands first: SLOWLOG GET."
        ),
        minutes=15,
    )


def _lags(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="CacheReplicaLags",
        expression=f"max by ({NODE}) (aws_elasticache_replication_lag_average{{{series.cloud}}}) > {LAG}",
        summary=f"A replica of the cache of {workload.name} falls behind in {workload.environment}",
        description=(
            f"{{{{ $labels.{NODE} }}}} is {{{{ $value | humanizeDuration }}}} behind, for 10 minutes now. "
            "When it takes over, what was written since is lost. Many or large writes hold it up."
        ),
        minutes=10,
    )
