"""The Deployment of a service that stays: its pods, and how a new version takes over."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.pods import standing_pod
from scaffolder_actions.workload.scaling import is_scaled

# Replica sets to go back to; each costs an object, and nobody goes back further.
REVISIONS = 5
# Seconds without progress after which a roll-out counts as failed. Beside a pod's own start there is a node to come,
# which takes three minutes, and an image to be pulled; ten minutes are Kubernetes' own default.
SHORTEST_DEADLINE = 600
BEFORE_START = 300


def deployment(workload: Workload) -> JsonObject:
    """The Deployment. The number of pods is an autoscaler's where there is one: a number here would fight it."""
    service = workload.service
    replicas: JsonObject = {} if is_scaled(service) else {"replicas": service.deployment.replicas.min}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": workload.metadata(),
        "spec": {
            **replicas,
            "revisionHistoryLimit": REVISIONS,
            "progressDeadlineSeconds": max(SHORTEST_DEADLINE, service.probes.start_seconds + BEFORE_START),
            "selector": workload.selector(),
            "strategy": _strategy(workload),
            "template": standing_pod(workload),
        },
    }


def _strategy(workload: Workload) -> JsonObject:
    if workload.service.deployment.strategy == "recreate":
        return {"type": "Recreate"}
    # Never fewer pods than before: new ones are ready before old ones go.
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}
