"""Alerts on what runs full: processors, memory, and the room to scale.

Nothing is throttled, since processors have no limit; what is used beyond the request is there only while neighbours
leave it idle.
"""

from __future__ import annotations

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.series import Series, series_of
from scaffolder_actions.workload.scaling import is_scaled

# The share of what is requested or allowed above which little is left. An autoscaler holds processors at 0.7.
FULL = "0.9"


def saturation_alerts(workload: Workload) -> tuple[Alert, ...]:
    """What is about to slow the service down; a job may use all it has."""
    if workload.service.type == "job":
        return ()
    series = series_of(workload)
    found = (_processors(workload, series), _memory(workload, series))
    return (*found, _at_maximum(workload, series), _blind(workload, series)) if is_scaled(workload.service) else found


def processor_use(series: Series) -> str:
    """The share of the requested processors that all pods use."""
    return (
        f"sum(rate(container_cpu_usage_seconds_total{{{series.containers}}}[5m]))\n"
        f'/ sum(kube_pod_container_resource_requests{{{series.containers},resource="cpu"}})'
    )


def memory_use(series: Series) -> str:
    """The share of its limit that each pod uses."""
    return (
        f"max by (pod) (container_memory_working_set_bytes{{{series.containers}}})\n"
        f'/ on (pod) max by (pod) (kube_pod_container_resource_limits{{{series.containers},resource="memory"}})'
    )


def _processors(workload: Workload, series: Series) -> Alert:
    expression = f"{processor_use(series)} > {FULL}"
    remedy = "Raise deployment.replicas or resources.cpu in the service's document."
    if is_scaled(workload.service):
        expression += (
            f"\nand on () max(kube_horizontalpodautoscaler_status_current_replicas{{{series.autoscaler}}})"
            f" >= max(kube_horizontalpodautoscaler_spec_max_replicas{{{series.autoscaler}}})"
        )
        remedy = "The autoscaler may add no more pods. Raise deployment.replicas.max in the service's document."
    return Alert(
        name="ProcessorsFull",
        expression=expression,
        summary=f"{workload.name} uses nearly all of its processors in {workload.environment}",
        description=f"For 15 minutes its pods have used {{{{ $value | humanizePercentage }}}} of what they requested. {remedy}",
        # Three times what an autoscaler takes to add pods and see them start.
        minutes=15,
    )


def _memory(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="MemoryNearLimit",
        expression=f"{memory_use(series)} > {FULL}",
        summary=f"A pod of {workload.name} is about to run out of memory in {workload.environment}",
        description=(
            "The pod {{ $labels.pod }} has used {{ $value | humanizePercentage }} of its memory for 15 minutes. "
            "At 100% it is killed. Look for a leak, or raise resources.memory in the service's document."
        ),
        # A peak that passes is what the last tenth is for.
        minutes=15,
    )


def _at_maximum(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="AutoscalerAtMaximum",
        expression=(
            f"max(kube_horizontalpodautoscaler_status_desired_replicas{{{series.autoscaler}}})\n"
            f">= on () max(kube_horizontalpodautoscaler_spec_max_replicas{{{series.autoscaler}}})\n"
            f"{series.quiet_while('ProcessorsFull')}"
        ),
        summary=f"{workload.name} cannot scale any further in {workload.environment}",
        description=(
            "It has run with {{ $value }} pods, the most that it may have, for 30 minutes. It still answers; "
            "more load would slow it down. Raise deployment.replicas.max in the service's document."
        ),
        # A daily peak that is just carried is what a maximum is for.
        minutes=30,
    )


def _blind(workload: Workload, series: Series) -> Alert:
    condition = 'condition="ScalingActive",status="false"'
    return Alert(
        name="AutoscalerBlind",
        expression=f"max(kube_horizontalpodautoscaler_status_condition{{{series.autoscaler},{condition}}}) == 1",
        summary=f"{workload.name} is not scaled in {workload.environment}",
        description=(
            "For 15 minutes the autoscaler has not been able to work, mostly because it gets no figures of the pods. "
            f"The number of pods stays as it is: kubectl describe hpa {workload.name} -n {workload.namespace}."
        ),
        minutes=15,
    )
