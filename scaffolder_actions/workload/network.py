"""How pods are known and reached inside the cluster: the ServiceAccount and the Service."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.ports import Reached


def service_account(workload: Workload) -> JsonObject:
    """The service's own account, whose token no pod gets: an ordinary service does not talk to the cluster."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": workload.metadata(),
        "automountServiceAccountToken": False,
    }


def service(workload: Workload, ports: Sequence[Reached]) -> JsonObject:
    """One address for all pods that are ready, with these ports."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": workload.metadata(),
        "spec": {
            "type": "ClusterIP",
            "selector": workload.selector()["matchLabels"],
            "ports": [_port(each) for each in ports],
        },
    }


def _port(port: Reached) -> JsonObject:
    spoken: dict[str, Json] = {"appProtocol": port.protocol} if port.protocol else {}
    return {"name": port.name, "port": port.number, "targetPort": port.name, "protocol": "TCP", **spoken}
