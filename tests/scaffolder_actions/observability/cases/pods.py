"""Alerts on pods, and on what runs full."""

from __future__ import annotations

from tests.scaffolder_actions.observability.cases.model import Case, flat, joined, rising

_DEPLOYMENT = 'namespace="commerce",deployment="order-api"'
_POD = 'namespace="commerce",pod="order-api-7d9f-abcde",container="app"'
_OTHER_POD = 'namespace="commerce",pod="order-api-7d9f-fghij",container="app"'
_HPA = 'namespace="commerce",horizontalpodautoscaler="order-api"'


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
