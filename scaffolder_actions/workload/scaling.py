"""How many pods there are: the HorizontalPodAutoscaler and the PodDisruptionBudget."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.identity import Workload

# Percent of what is requested. Above it pods are added; the rest carries the load until they are ready.
TARGET_CPU = 70


def is_scaled(service: Service) -> bool:
    """Whether the number of pods is an autoscaler's: not where `min` and `max` are equal, nor where one may run alone."""
    replicas = service.deployment.replicas
    return replicas.max > replicas.min > 1


def autoscaler(workload: Workload) -> JsonObject:
    """Scaling by processor use: up at once, down slowly."""
    replicas = workload.service.deployment.replicas
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": workload.metadata(),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
            "minReplicas": replicas.min,
            "maxReplicas": replicas.max,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": TARGET_CPU}},
                }
            ],
            # The API server's defaults, written out: they are no part of its promises, and a reader sees them here.
            "behavior": {
                "scaleUp": {
                    "stabilizationWindowSeconds": 0,
                    "selectPolicy": "Max",
                    "policies": [
                        {"type": "Percent", "value": 100, "periodSeconds": 15},
                        {"type": "Pods", "value": 4, "periodSeconds": 15},
                    ],
                },
                # Half of the pods a minute at most, five minutes after the last peak: load often comes back.
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "selectPolicy": "Max",
                    "policies": [{"type": "Percent", "value": 50, "periodSeconds": 60}],
                },
            },
        },
    }


def disruption_budget(workload: Workload) -> JsonObject:
    """One pod at a time while nodes are drained.

    Counted from above, it lets a service with a single pod go too, and pods that do not work hold nobody up.
    """
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": workload.metadata(),
        "spec": {
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": workload.selector(),
        },
    }
