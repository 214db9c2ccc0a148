"""How pods are known and reached: the ServiceAccount and the Service."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.deployment import PORT_NAME
from scaffolder_actions.workload.identity import Workload

# Callers say http://order-api.commerce, whatever the container listens on.
SERVICE_PORT = 80


def service_account(workload: Workload) -> JsonObject:
    """The service's own account, whose token no pod gets: an ordinary service does not talk to the cluster."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": workload.metadata(),
        "automountServiceAccountToken": False,
    }


def service(workload: Workload) -> JsonObject:
    """One address for all pods that are ready."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": workload.metadata(),
        "spec": {
            "type": "ClusterIP",
            "selector": workload.selector()["matchLabels"],
            "ports": [
                {
                    "name": PORT_NAME,
                    "port": SERVICE_PORT,
                    "targetPort": PORT_NAME,
                    "protocol": "TCP",
                    "appProtocol": "http",
                }
            ],
        },
    }
