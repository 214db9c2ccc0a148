"""Alerts on the pods of a Deployment, from what kube-state-metrics tells of them."""

from __future__ import annotations

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.scraping import scraped_port
from scaffolder_actions.workload.observability.series import Series, series_of


def pod_alerts(workload: Workload) -> tuple[Alert, ...]:
    """What keeps a service from running; a job has no Deployment and none of these."""
    if workload.service.type == "job":
        return ()
    series = series_of(workload)
    found = (
        _nothing_ready(workload, series),
        _pods_not_ready(workload, series),
        _rollout_stuck(workload, series),
        _crash_loop(workload, series),
        _out_of_memory(workload, series),
    )
    return (*found, _metrics_missing(workload, series)) if scraped_port(workload.service) else found


def _nothing_ready(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="NothingReady",
        expression=(
            f"max(kube_deployment_status_replicas_ready{{{series.deployment}}}) == 0\n"
            f"and on () max(kube_deployment_spec_replicas{{{series.deployment}}}) > 0"
        ),
        summary=f"No pod of {workload.name} is ready in {workload.environment}",
        description=(
            "For 5 minutes none of the pods that should run has been ready, so nothing is served. "
            "Start with the events and the logs of the newest pod."
        ),
        urgent=True,
        # Longer than a restart of all pods under the strategy "recreate" takes.
        minutes=5,
    )


def _pods_not_ready(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="PodsNotReady",
        expression=(
            f"max(kube_deployment_spec_replicas{{{series.deployment}}})\n"
            f"- max(kube_deployment_status_replicas_available{{{series.deployment}}}) > 0\n"
            f"{series.quiet_while('NothingReady')}"
        ),
        summary=f"{workload.name} runs with fewer pods than it should in {workload.environment}",
        description=(
            "For 15 minutes {{ $value }} of its pods have not been available. "
            "Their events say whether they find no node, do not start, or fail their probes."
        ),
        # A new node takes five minutes to come, and a pod may start slowly on it.
        minutes=15,
    )


def _rollout_stuck(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="RolloutStuck",
        expression=(
            f"max(kube_deployment_status_replicas_updated{{{series.deployment}}})\n"
            f"< on () max(kube_deployment_spec_replicas{{{series.deployment}}})\n"
            "or on ()\n"
            f'max(kube_deployment_status_condition{{{series.deployment},condition="Progressing",status="false"}}) == 1'
        ),
        summary=f"A new version of {workload.name} does not come up in {workload.environment}",
        description=(
            "For 15 minutes some pods have not been replaced by those of the new version; the old ones go on. "
            "The events and the logs of the newest pod say why. To go back, deploy the version before."
        ),
        # Past the ten minutes after which Kubernetes itself gives up on progress.
        minutes=15,
    )


def _crash_loop(workload: Workload, series: Series) -> Alert:
    waiting = f'kube_pod_container_status_waiting_reason{{{series.containers},reason="CrashLoopBackOff"}}'
    return Alert(
        name="PodCrashLoops",
        # A container that is given another try is not waiting for a moment, and crashes all the same.
        expression=f"max by (pod) (max_over_time({waiting}[5m])) >= 1",
        summary=f"A pod of {workload.name} crashes again and again in {workload.environment}",
        description=(
            "The pod {{ $labels.pod }} ends soon after each start, for 10 minutes now. "
            "The log of its last run says why: kubectl logs --previous."
        ),
        # Waiting begins after three or four crashes; ten minutes more are no hiccup of a dependency.
        minutes=10,
    )


def _out_of_memory(workload: Workload, series: Series) -> Alert:
    killed = f'kube_pod_container_status_last_terminated_reason{{{series.containers},reason="OOMKilled"}}'
    return Alert(
        name="PodOutOfMemory",
        expression=(
            f"max by (pod) ({killed}) == 1\n"
            f"and on (pod) sum by (pod) (increase(kube_pod_container_status_restarts_total{{{series.containers}}}[30m])) > 0"
        ),
        summary=f"A pod of {workload.name} was killed for its use of memory in {workload.environment}",
        description=(
            "The pod {{ $labels.pod }} reached its limit of memory within the last 30 minutes and was started anew. "
            "Either it leaks, or it needs a larger size: resources.memory in the service's document."
        ),
    )


def _metrics_missing(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="MetricsMissing",
        expression=(
            f"max(kube_deployment_status_replicas_ready{{{series.deployment}}}) > 0\n"
            f"unless on () sum(up{{{series.scraped}}}) > 0"
        ),
        summary=f"{workload.name} offers no metrics in {workload.environment}",
        description=(
            "Pods are ready, and Prometheus has got no metrics from any of them for 15 minutes. Until it does, "
            "objectives are not counted and their alerts stay silent. Its page of targets says why a scrape fails."
        ),
        # Past a restart of Prometheus.
        minutes=15,
    )
