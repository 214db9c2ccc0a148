"""When each alert fires, what it then says, and when it must not: one table, which no alert can stay out of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Series = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """Series that make an alert fire after so many minutes, and those near by that do not.

    `labels` are those that the alert has beside its owner's. `holds` are by what they are about.
    """

    alert: str
    fires: Series
    holds: Mapping[str, Series]
    summary: str
    description: str
    minutes: int = 60
    severity: str = "ticket"
    labels: Mapping[str, str] = field(default_factory=dict)
    subject: str = "web"


def flat(value: float, minutes: int = 240) -> str:
    """The same value each minute."""
    return f"{value}+0x{minutes}"


def rising(step: float, minutes: int = 240, start: float = 0) -> str:
    """A counter, or what grows: so much more each minute."""
    return f"{start}+{step}x{minutes}" if step >= 0 else f"{start}{step}x{minutes}"


def joined(*parts: str) -> str:
    """One after another."""
    return " ".join(parts)


def _requests(good: str, failed: str | None = None, route: str = "/orders") -> dict[str, str]:
    """Requests as OpenTelemetry counts them, as they are scraped from two pods' worth of one series."""
    name = "http_server_request_duration_seconds_count"
    common = f'namespace="commerce",job="order-api",http_request_method="GET",http_route="{route}"'
    found = {f'{name}{{{common},http_response_status_code="200",pod="order-api-7d9f-abcde"}}': good}
    if failed:
        found[f'{name}{{{common},http_response_status_code="503",pod="order-api-7d9f-abcde"}}'] = failed
    return found


def _answered(within: str, everything: str, status: str = "200", bound: str = "0.5") -> dict[str, str]:
    """A histogram of which `within` are no slower than the objective's bound."""
    name = "http_server_request_duration_seconds"
    common = f'namespace="commerce",job="order-api",http_route="/orders",http_response_status_code="{status}"'
    return {
        f'{name}_bucket{{{common},le="{bound}"}}': within,
        f'{name}_bucket{{{common},le="+Inf"}}': everything,
        f"{name}_count{{{common}}}": everything,
    }


def _budget(percent: str, allowed: str, missed: str, left: str, urgency: str, *, lasts: str) -> str:
    return (
        f"At this rate the month's error budget is gone in {lasts}: too many requests {missed}. "
        f"The objective of {percent}% leaves {allowed}% of those within 30 days. {left} {urgency}"
    )


_NOW = "Somebody has to look now."
_MORNING = "It can wait for the morning, not for the end of the month."
_NOTHING = "Nothing is left of it."
# Ten requests a second.
_BUSY = 600.0
_DEPLOYMENT = 'namespace="commerce",deployment="order-api"'
_POD = 'namespace="commerce",pod="order-api-7d9f-abcde",container="app"'
_OTHER_POD = 'namespace="commerce",pod="order-api-7d9f-fghij",container="app"'
_HPA = 'namespace="commerce",horizontalpodautoscaler="order-api"'
_CRON = 'namespace="commerce",cronjob="order-api"'
_CLOUD = 'tag_service="order-api",tag_environment="production"'
_STAGING = 'tag_service="order-api",tag_environment="staging"'
_DATABASE = f'{_CLOUD},dimension_DBInstanceIdentifier="orders-1"'
_CACHE = f'{_CLOUD},dimension_CacheClusterId="carts-001"'
_QUEUE = f'{_CLOUD},tag_holds="",dimension_QueueName="orders"'
_LETTERS = f'{_CLOUD},tag_holds="dead-letters",dimension_QueueName="orders-dead"'
_GIB = 1024**3
_DAY = 86400


def _replicas(wanted: float, ready: float, available: float, updated: float) -> dict[str, str]:
    return {
        f"kube_deployment_spec_replicas{{{_DEPLOYMENT}}}": flat(wanted),
        f"kube_deployment_status_replicas_ready{{{_DEPLOYMENT}}}": flat(ready),
        f"kube_deployment_status_replicas_available{{{_DEPLOYMENT}}}": flat(available),
        f"kube_deployment_status_replicas_updated{{{_DEPLOYMENT}}}": flat(updated),
    }


def _processors(use: float, replicas: float | None = None) -> dict[str, str]:
    """Two pods with half a processor requested, and the share of it that each uses."""
    found = {}
    for pod in (_POD, _OTHER_POD):
        found[f"container_cpu_usage_seconds_total{{{pod}}}"] = rising(use * 0.5 * 60)
        found[f'kube_pod_container_resource_requests{{{pod},resource="cpu"}}'] = flat(0.5)
    if replicas is not None:
        found |= _autoscaler(replicas)
    return found


def _autoscaler(replicas: float) -> dict[str, str]:
    return {
        f"kube_horizontalpodautoscaler_status_current_replicas{{{_HPA}}}": flat(replicas),
        f"kube_horizontalpodautoscaler_status_desired_replicas{{{_HPA}}}": flat(replicas),
        f"kube_horizontalpodautoscaler_spec_max_replicas{{{_HPA}}}": flat(10),
    }


def _memory(used: float) -> dict[str, str]:
    return {
        f"container_memory_working_set_bytes{{{_POD}}}": flat(used * 512 * 1024**2),
        f'kube_pod_container_resource_limits{{{_POD},resource="memory"}}': flat(512 * 1024**2),
    }


def _out_of_memory(reason: str, restarts: str) -> dict[str, str]:
    return {
        f'kube_pod_container_status_last_terminated_reason{{{_POD},reason="{reason}"}}': flat(1),
        f"kube_pod_container_status_restarts_total{{{_POD}}}": restarts,
    }


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


def _certificate(days: float, *, honoured: bool = False, name: str = "order-api") -> dict[str, str]:
    """As Prometheus has it where it honours the exporter's labels, and where it does not."""
    metric = "certmanager_certificate_expiration_timestamp_seconds"
    labels = 'namespace="commerce"' if honoured else 'namespace="cert-manager",exported_namespace="commerce"'
    # The tests' clock starts at 0.
    return {f'{metric}{{name="{name}",{labels}}}': flat(days * _DAY)}


OBJECTIVES = (
    Case(
        alert="AvailabilityBudgetBurnsFast",
        labels={"objective": "availability"},
        severity="page",
        minutes=90,
        # 2 of 100: 20 times what 99.9 % allows.
        fires=_requests(rising(0.98 * _BUSY), rising(0.02 * _BUSY)),
        holds={
            "no requests at all": {},
            "requests that stopped": _requests(joined(rising(_BUSY, 10), flat(10 * _BUSY))),
            "nothing ever fails": _requests(rising(_BUSY)),
            "four times too fast, which is the slower tier's": _requests(rising(0.99 * _BUSY), rising(0.004 * _BUSY)),
            "one error among few requests": _requests(joined(rising(0.2)), joined(flat(0, 70), flat(1))),
            "over within the hour": _requests(
                rising(_BUSY), joined(flat(0, 35), rising(0.05 * _BUSY, 20), flat(20 * 0.05 * _BUSY))
            ),
            "probes that fail": _requests(rising(_BUSY), rising(_BUSY), route="/healthz"),
            "refused for the caller's fault": {
                key.replace("503", "404"): value for key, value in _requests(rising(_BUSY), rising(0.5 * _BUSY)).items()
            },
        },
        summary="order-api fails requests in production, far beyond its objective",
        description=_budget("99.9", "0.1", "failed", _NOTHING, _NOW, lasts="1d 12h 0m 0s"),
    ),
    Case(
        alert="AvailabilityBudgetBurnsFast",
        labels={"objective": "availability"},
        severity="page",
        minutes=90,
        # A great many good ones before, so that much of the budget is left when it begins to burn.
        fires=_requests(
            joined(rising(100 * _BUSY, 20), rising(_BUSY, 30, 2001 * _BUSY), rising(0.96 * _BUSY, 60, 2032 * _BUSY)),
            joined(flat(0, 51), rising(0.04 * _BUSY, 60)),
        ),
        holds={},
        summary="order-api fails requests in production, far beyond its objective",
        description=_budget("99.9", "0.1", "failed", "Of the budget 32.27% is left.", _NOW, lasts="1d 6h 30m 0s"),
    ),
    Case(
        alert="AvailabilityBudgetBurnsSlowly",
        labels={"objective": "availability"},
        minutes=30,
        # Four times too fast.
        fires=_requests(rising(0.996 * _BUSY), rising(0.004 * _BUSY)),
        holds={
            "no requests at all": {},
            "just within the objective": _requests(rising(0.9991 * _BUSY), rising(0.0009 * _BUSY)),
            "the faster one fires": _requests(rising(0.98 * _BUSY), rising(0.02 * _BUSY)),
            "four errors": _requests(rising(1), joined(flat(0, 10), rising(1, 4), flat(4))),
        },
        summary="order-api fails requests in production, and will miss its objective",
        description=_budget("99.9", "0.1", "failed", _NOTHING, _MORNING, lasts="7d 12h 0m 0s"),
    ),
    Case(
        alert="LatencyBudgetBurnsFast",
        labels={"objective": "latency"},
        severity="page",
        minutes=30,
        # One in five is slow, where one in a hundred may be.
        fires=_answered(rising(0.8 * _BUSY), rising(_BUSY)),
        holds={
            "fast enough": _answered(rising(0.99 * _BUSY), rising(_BUSY)),
            "all fail, and soon": _answered(rising(0), rising(_BUSY), status="503"),
            "no such bound in the histogram": _answered(rising(0), rising(_BUSY), bound="0.3"),
        },
        summary="order-api answers too slowly in production, far beyond its objective",
        description=_budget("99", "1", "took longer than 500 ms", _NOTHING, _NOW, lasts="1d 12h 0m 0s"),
    ),
    Case(
        alert="LatencyBudgetBurnsSlowly",
        labels={"objective": "latency"},
        minutes=30,
        # Twice too fast: the tier of three days.
        fires=_answered(rising(0.98 * _BUSY), rising(_BUSY)),
        holds={"fast enough": _answered(rising(0.991 * _BUSY), rising(_BUSY))},
        summary="order-api answers too slowly in production, and will miss its objective",
        description=_budget("99", "1", "took longer than 500 ms", _NOTHING, _MORNING, lasts="15d 0h 0m 0s"),
    ),
)

PODS = (
    Case(
        alert="NothingReady",
        severity="page",
        fires=_replicas(2, 0, 0, 2),
        holds={"one is ready": _replicas(2, 1, 1, 2), "none is wanted": _replicas(0, 0, 0, 0)},
        summary="No pod of order-api is ready in production",
        description=(
            "For 5 minutes none of the pods that should run has been ready, so nothing is served. "
            "Start with the events and the logs of the newest pod."
        ),
    ),
    Case(
        alert="PodsNotReady",
        fires=_replicas(5, 3, 3, 5),
        holds={
            "all are there": _replicas(5, 5, 5, 5),
            "none is ready, which another alert says": _replicas(5, 0, 0, 5),
            "for ten minutes": {
                **_replicas(5, 5, 5, 5),
                f"kube_deployment_status_replicas_available{{{_DEPLOYMENT}}}": joined(flat(5, 50), flat(3, 20)),
            },
        },
        summary="order-api runs with fewer pods than it should in production",
        description=(
            "For 15 minutes 2 of its pods have not been available. "
            "Their events say whether they find no node, do not start, or fail their probes."
        ),
    ),
    Case(
        alert="RolloutStuck",
        fires=_replicas(4, 4, 4, 1),
        holds={"all are new": _replicas(4, 4, 4, 4)},
        summary="A new version of order-api does not come up in production",
        description=(
            "For 15 minutes some pods have not been replaced by those of the new version; the old ones go on. "
            "The events and the logs of the newest pod say why. To go back, deploy the version before."
        ),
    ),
    Case(
        alert="RolloutStuck",
        fires={
            **_replicas(4, 4, 4, 4),
            f'kube_deployment_status_condition{{{_DEPLOYMENT},condition="Progressing",status="false"}}': flat(1),
        },
        holds={
            "it goes on": {
                **_replicas(4, 4, 4, 4),
                f'kube_deployment_status_condition{{{_DEPLOYMENT},condition="Progressing",status="false"}}': flat(0),
            }
        },
        summary="A new version of order-api does not come up in production",
        description=(
            "For 15 minutes some pods have not been replaced by those of the new version; the old ones go on. "
            "The events and the logs of the newest pod say why. To go back, deploy the version before."
        ),
    ),
    Case(
        alert="PodCrashLoops",
        labels={"pod": "order-api-7d9f-abcde"},
        # Waiting, and running for a moment in between.
        fires={
            f'kube_pod_container_status_waiting_reason{{{_POD},reason="CrashLoopBackOff"}}': " ".join(["1 1 0"] * 40)
        },
        holds={
            "over": {
                f'kube_pod_container_status_waiting_reason{{{_POD},reason="CrashLoopBackOff"}}': joined(
                    flat(1, 20), flat(0, 60)
                )
            },
            "waiting for its image": {
                f'kube_pod_container_status_waiting_reason{{{_POD},reason="ImagePullBackOff"}}': flat(1)
            },
            "a service with a longer name": {
                'kube_pod_container_status_waiting_reason{namespace="commerce",pod="order-api-worker-7d9f-abcde",'
                'container="app",reason="CrashLoopBackOff"}': flat(1)
            },
        },
        summary="A pod of order-api crashes again and again in production",
        description=(
            "The pod order-api-7d9f-abcde ends soon after each start, for 10 minutes now. "
            "The log of its last run says why: kubectl logs --previous."
        ),
    ),
    Case(
        alert="PodOutOfMemory",
        labels={"pod": "order-api-7d9f-abcde"},
        fires=_out_of_memory("OOMKilled", joined(flat(0, 50), flat(1, 100))),
        holds={
            "yesterday": _out_of_memory("OOMKilled", flat(1)),
            "another reason": _out_of_memory("Error", joined(flat(0, 50), flat(1, 100))),
        },
        summary="A pod of order-api was killed for its use of memory in production",
        description=(
            "The pod order-api-7d9f-abcde reached its limit of memory within the last 30 minutes and was started anew. "
            "Either it leaks, or it needs a larger size: resources.memory in the service's document."
        ),
    ),
    Case(
        alert="MetricsMissing",
        fires={**_replicas(2, 2, 2, 2), 'up{namespace="commerce",job="order-api"}': flat(0)},
        holds={
            "one pod answers": {
                **_replicas(2, 2, 2, 2),
                'up{namespace="commerce",job="order-api",pod="a"}': flat(0),
                'up{namespace="commerce",job="order-api",pod="b"}': flat(1),
            },
            "no pod is ready": _replicas(2, 0, 0, 2),
        },
        summary="order-api offers no metrics in production",
        description=(
            "Pods are ready, and Prometheus has got no metrics from any of them for 15 minutes. Until it does, "
            "objectives are not counted and their alerts stay silent. Its page of targets says why a scrape fails."
        ),
    ),
)

SATURATION = (
    Case(
        alert="ProcessorsFull",
        fires=_processors(0.95, 10),
        holds={"room to scale": _processors(0.95, 9), "not full": _processors(0.85, 10)},
        summary="order-api uses nearly all of its processors in production",
        description=(
            "For 15 minutes its pods have used 95% of what they requested. "
            "The autoscaler may add no more pods. Raise deployment.replicas.max in the service's document."
        ),
    ),
    Case(
        alert="ProcessorsFull",
        subject="fixed",
        fires=_processors(1.5),
        holds={"not full": _processors(0.85)},
        summary="order-api uses nearly all of its processors in production",
        description=(
            "For 15 minutes its pods have used 150% of what they requested. "
            "Raise deployment.replicas or resources.cpu in the service's document."
        ),
    ),
    Case(
        alert="MemoryNearLimit",
        labels={"pod": "order-api-7d9f-abcde"},
        fires=_memory(0.95),
        holds={"enough is left": _memory(0.85)},
        summary="A pod of order-api is about to run out of memory in production",
        description=(
            "The pod order-api-7d9f-abcde has used 95% of its memory for 15 minutes. "
            "At 100% it is killed. Look for a leak, or raise resources.memory in the service's document."
        ),
    ),
    Case(
        alert="AutoscalerAtMaximum",
        fires=_autoscaler(10),
        holds={"one more is allowed": _autoscaler(9), "it is full, which another alert says": _processors(0.95, 10)},
        summary="order-api cannot scale any further in production",
        description=(
            "It has run with 10 pods, the most that it may have, for 30 minutes. It still answers; "
            "more load would slow it down. Raise deployment.replicas.max in the service's document."
        ),
    ),
    Case(
        alert="AutoscalerBlind",
        fires={
            f'kube_horizontalpodautoscaler_status_condition{{{_HPA},condition="ScalingActive",status="false"}}': flat(1)
        },
        holds={
            "it works": {
                f'kube_horizontalpodautoscaler_status_condition{{{_HPA},condition="ScalingActive",status="false"}}': flat(
                    0
                )
            }
        },
        summary="order-api is not scaled in production",
        description=(
            "For 15 minutes the autoscaler has not been able to work, mostly because it gets no figures of the pods. "
            "The number of pods stays as it is: kubectl describe hpa order-api -n commerce."
        ),
    ),
)

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

_RENEWAL = (
    "What renews it says why not: kubectl describe certificate order-api -n commerce. "
    "AWS renews the one at the edge, as long as the record that proves the domain is in DNS."
)

CERTIFICATES = (
    Case(
        alert="CertificateEnds",
        severity="page",
        minutes=120,
        labels={"name": "order-api"},
        fires=_certificate(2),
        holds={
            "four days": _certificate(4),
            "another's": _certificate(2, name="stock"),
        },
        summary="The certificate of orders.example.com ends in 3 days",
        description=("It ends in 1d 22h 0m 0s, and then nobody reaches order-api in production any more. " + _RENEWAL),
    ),
    Case(
        alert="CertificateNotRenewed",
        minutes=120,
        labels={"name": "order-api"},
        fires=_certificate(10, honoured=True),
        holds={"renewed": _certificate(60), "it ends, which another alert says": _certificate(2)},
        summary="The certificate of orders.example.com is not renewed",
        description="It ends in 9d 22h 0m 0s and should be new by now. " + _RENEWAL,
    ),
    Case(
        alert="CertificateNotRenewed",
        minutes=120,
        labels={"name": "arn:aws:acm:1"},
        fires={f'aws_certificatemanager_days_to_expiry_minimum{{{_CLOUD},name="arn:aws:acm:1"}}': flat(9)},
        holds={
            "another environment's": {
                f'aws_certificatemanager_days_to_expiry_minimum{{{_STAGING},name="arn:aws:acm:1"}}': flat(9)
            }
        },
        summary="The certificate of orders.example.com is not renewed",
        description="It ends in 9d 0h 0m 0s and should be new by now. " + _RENEWAL,
    ),
)

DATABASES = (
    Case(
        alert="DatabaseNearlyFull",
        severity="page",
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        fires={f"aws_rds_free_storage_space_average{{{_DATABASE}}}": flat(1.5 * _GIB)},
        holds={
            "3 GiB": {f"aws_rds_free_storage_space_average{{{_DATABASE}}}": flat(3 * _GIB)},
            "nothing known": {f"aws_rds_free_storage_space_average{{{_DATABASE}}}": " ".join(["NaN"] * 61)},
        },
        summary="A database of order-api has next to no storage left in production",
        description=(
            "orders-1 has 1.5GiB left. At none it stops. Raise its storage in the service's document, and apply it."
        ),
    ),
    Case(
        alert="DatabaseFillsUp",
        minutes=180,
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        # 10 GiB, of which 4 MiB go each minute: gone in less than two days.
        fires={f"aws_rds_free_storage_space_average{{{_DATABASE}}}": rising(-4 * 1024**2, 240, 10 * _GIB)},
        holds={
            "a quarter as fast": {
                f"aws_rds_free_storage_space_average{{{_DATABASE}}}": rising(-(1024**2), 240, 10 * _GIB)
            },
            "nearly full, which another alert says": {
                f"aws_rds_free_storage_space_average{{{_DATABASE}}}": rising(-(1024**2), 240, 2 * _GIB)
            },
        },
        summary="A database of order-api will be full within 4 days in production",
        description=(
            "orders-1 has 9.297GiB left, and at the rate of the last day none in 4 days. RDS adds storage by itself, "
            "up to three times of what the document asks for; past that, delete what nobody needs, or ask for more."
        ),
    ),
    Case(
        alert="DatabaseBusy",
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        fires={f"aws_rds_cpuutilization_average{{{_DATABASE}}}": flat(95)},
        holds={"80 %": {f"aws_rds_cpuutilization_average{{{_DATABASE}}}": flat(80)}},
        summary="A database of order-api uses nearly all of its processors in production",
        description=(
            "orders-1 has been 95% busy for 30 minutes. "
            "Performance Insights shows the queries that take the time; a larger size is a change of the document."
        ),
    ),
    Case(
        alert="DatabaseConnectionsRunOut",
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        fires={f"aws_rds_database_connections_average{{{_DATABASE}}}": flat(180)},
        holds={"150": {f"aws_rds_database_connections_average{{{_DATABASE}}}": flat(150)}},
        summary="A database of order-api is about to refuse connections in production",
        description=(
            "orders-1 has had 180 connections for 15 minutes, and takes hardly more than 157. "
            "Each pod holds a pool: make the pools smaller, or the database larger."
        ),
    ),
    Case(
        alert="DatabaseReplicaLags",
        labels={"dimension_DBInstanceIdentifier": "orders-2"},
        fires={f'aws_rds_replica_lag_average{{{_CLOUD},dimension_DBInstanceIdentifier="orders-2"}}': flat(120)},
        holds={
            "30 s": {f'aws_rds_replica_lag_average{{{_CLOUD},dimension_DBInstanceIdentifier="orders-2"}}': flat(30)}
        },
        summary="A replica of a database of order-api falls behind in production",
        description=(
            "orders-2 is 2m 0s behind, for 10 minutes now: "
            "what is read there is old. Long queries on the replica, or many writes on the primary, hold it up."
        ),
    ),
)

CACHES = (
    Case(
        alert="CacheNearlyFull",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_database_memory_usage_percentage_average{{{_CACHE}}}": flat(95)},
        holds={"80 %": {f"aws_elasticache_database_memory_usage_percentage_average{{{_CACHE}}}": flat(80)}},
        summary="The cache of order-api is nearly full in production",
        description=(
            "carts-001 has used 95% of its memory for 15 minutes. "
            "At 100% it drops entries or refuses writes. Let entries expire sooner, or choose a larger size."
        ),
    ),
    Case(
        alert="CacheEvicts",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_evictions_sum{{{_CACHE}}}": flat(12)},
        holds={"at peaks": {f"aws_elasticache_evictions_sum{{{_CACHE}}}": " ".join(["12 12 12 0 0 0"] * 20)}},
        summary="The cache of order-api drops entries before they expire in production",
        description=(
            "carts-001 has dropped entries all the time for 30 minutes to make room for new ones, "
            "so that they are fetched again. Let entries expire sooner, or choose a larger size."
        ),
    ),
    Case(
        alert="CacheBusy",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_engine_cpuutilization_average{{{_CACHE}}}": flat(97)},
        holds={"80 %": {f"aws_elasticache_engine_cpuutilization_average{{{_CACHE}}}": flat(80)}},
        summary="The cache of order-api is as busy as it can be in production",
        description=(
            "carts-001 has been 97% busy for 15 minutes. "
            "Redis works on one processor, so look for slow commands first: SLOWLOG GET."
        ),
    ),
    Case(
        alert="CacheReplicaLags",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_replication_lag_average{{{_CACHE}}}": flat(20)},
        holds={"5 s": {f"aws_elasticache_replication_lag_average{{{_CACHE}}}": flat(5)}},
        summary="A replica of the cache of order-api falls behind in production",
        description=(
            "carts-001 is 20s behind, for 10 minutes now. "
            "When it takes over, what was written since is lost. Many or large writes hold it up."
        ),
    ),
)

QUEUES = (
    Case(
        alert="QueueFallsBehind",
        severity="page",
        labels={"dimension_QueueName": "orders"},
        # Five tries of a minute, and a quarter of an hour.
        fires={f"aws_sqs_approximate_age_of_oldest_message_maximum{{{_QUEUE}}}": flat(1500)},
        holds={
            "all tries of one message": {f"aws_sqs_approximate_age_of_oldest_message_maximum{{{_QUEUE}}}": flat(1100)},
            "messages that were given up": {
                f"aws_sqs_approximate_age_of_oldest_message_maximum{{{_LETTERS}}}": flat(_DAY)
            },
        },
        summary="Messages of order-api are not worked on in time in production",
        description=(
            "The oldest message in orders has waited for 25m 0s. "
            "Either nobody takes messages, or more come in than are worked on."
        ),
    ),
    Case(
        alert="DeadLettersWait",
        labels={"dimension_QueueName": "orders-dead"},
        fires={f"aws_sqs_approximate_number_of_messages_visible_maximum{{{_LETTERS}}}": flat(3)},
        holds={
            "none": {f"aws_sqs_approximate_number_of_messages_visible_maximum{{{_LETTERS}}}": flat(0)},
            "messages at work": {f"aws_sqs_approximate_number_of_messages_visible_maximum{{{_QUEUE}}}": flat(50)},
        },
        summary="Messages of order-api were given up in production",
        description=(
            "3 messages in orders-dead failed as often as they may. "
            "Mend what fails, then send them back: SQS calls it redrive. They are deleted when their time is over."
        ),
    ),
)

CASES = (*OBJECTIVES, *PODS, *SATURATION, *JOBS, *CERTIFICATES, *DATABASES, *CACHES, *QUEUES)
