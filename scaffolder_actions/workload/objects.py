"""All Kubernetes objects of a workload."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.deployment import deployment
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.network import service as network_service
from scaffolder_actions.workload.network import service_account
from scaffolder_actions.workload.observability import observability_objects
from scaffolder_actions.workload.scaling import autoscaler, disruption_budget, is_scaled


def kubernetes_objects(workload: Workload) -> tuple[JsonObject, ...]:
    """The objects that run the workload, in the order in which they are applied."""
    scaled = is_scaled(workload.service)
    return (
        service_account(workload),
        *((network_service(workload),) if workload.service.type == "web" else ()),
        deployment(workload, scaled=scaled),
        *((autoscaler(workload),) if scaled else ()),
        disruption_budget(workload),
        *observability_objects(workload),
    )
