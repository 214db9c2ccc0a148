"""Panels of what runs: the pods of a Deployment, the runs of a job."""

from __future__ import annotations

from scaffolder_actions.workload.observability.dashboard.panels import QUARTER, Panel, figure, graph
from scaffolder_actions.workload.observability.dashboard.shape import Shape
from scaffolder_actions.workload.observability.series import Series


def pod_panels(shape: Shape, series: Series) -> list[Panel]:
    """How many there are and how they are."""
    if not shape.deployed:
        return []
    return [_count(shape, series), _restarts(series), _processors(series), _memory(series)]


def job_panels(shape: Shape, series: Series) -> list[Panel]:
    """When it last succeeded, and how long its runs take."""
    return [] if shape.deployed else [_last_success(series), _duration(series)]


def _count(shape: Shape, series: Series) -> Panel:
    queries = {
        "ready": f"max(kube_deployment_status_replicas_ready{{{series.deployment}}})",
        "wanted": f"max(kube_deployment_spec_replicas{{{series.deployment}}})",
    }
    if shape.scaled:
        queries["most"] = f"max(kube_horizontalpodautoscaler_spec_max_replicas{{{series.autoscaler}}})"
    return graph("Pods", "Pods that are ready, and how many there should be.", "short", queries)


def _restarts(series: Series) -> Panel:
    restarts = f"kube_pod_container_status_restarts_total{{{series.containers}}}"
    return graph(
        "Restarts",
        "Containers that were started anew within the quarter of an hour before.",
        "short",
        {"{{pod}}": f"sum by (pod) (increase({restarts}[15m]))"},
    )


def _processors(series: Series) -> Panel:
    return graph(
        "Processors",
        "What each pod uses, and what each has requested. There is no limit.",
        "short",
        {
            "{{pod}}": f"sum by (pod) (rate(container_cpu_usage_seconds_total{{{series.containers}}}[$__rate_interval]))",
            "requested": f'max(kube_pod_container_resource_requests{{{series.containers},resource="cpu"}})',
        },
    )


def _memory(series: Series) -> Panel:
    return graph(
        "Memory",
        "What each pod uses, and where it is killed.",
        "bytes",
        {
            "{{pod}}": f"max by (pod) (container_memory_working_set_bytes{{{series.containers}}})",
            "limit": f'max(kube_pod_container_resource_limits{{{series.containers},resource="memory"}})',
        },
    )


def _last_success(series: Series) -> Panel:
    return figure(
        "Last success",
        "When a run last succeeded.",
        "dateTimeFromNow",
        f"max(kube_cronjob_status_last_successful_time{{{series.cron_job}}}) * 1000",
        # How old is too old depends on the schedule, so no colour judges it.
        limits={0: "text"},
    )


def _duration(series: Series) -> Panel:
    owner = f'owner_kind="CronJob",owner_name="{series.name}"'
    namespace = f'namespace="{series.namespace}"'
    return graph(
        "Duration",
        "How long each run took until it succeeded.",
        "s",
        {
            "{{job_name}}": (
                f"max by (job_name) (kube_job_status_completion_time{{{namespace}}}"
                f" and on (job_name) kube_job_owner{{{namespace},{owner}}})\n"
                f"- on (job_name) max by (job_name) (kube_job_status_start_time{{{namespace}}})"
            )
        },
        span=3 * QUARTER,
    )
