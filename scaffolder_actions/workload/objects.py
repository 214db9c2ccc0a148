"""All Kubernetes objects of a workload."""

from __future__ import annotations

from collections.abc import Iterator

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.cron_job import cron_job
from scaffolder_actions.workload.deployment import deployment
from scaffolder_actions.workload.exposure import exposing_objects
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.network import service as network_service
from scaffolder_actions.workload.network import service_account
from scaffolder_actions.workload.network_policy import network_policy
from scaffolder_actions.workload.observability import observability_objects
from scaffolder_actions.workload.ports import reached_ports
from scaffolder_actions.workload.scaling import autoscaler, disruption_budget, is_scaled
from scaffolder_actions.workload.secrets import external_secret, needs_secret


def kubernetes_objects(workload: Workload) -> tuple[JsonObject, ...]:
    """The objects that run the workload, in the order in which they are applied: each after what it stands on."""
    return tuple(_objects(workload))


def _objects(workload: Workload) -> Iterator[JsonObject]:
    service = workload.service
    yield service_account(workload)
    yield network_policy(workload)
    if needs_secret(service):
        yield external_secret(workload)
    if service.schedule is not None:
        yield cron_job(workload, service.schedule)
    else:
        yield deployment(workload)
    if ports := reached_ports(service):
        yield network_service(workload, ports)
    if service.schedule is None:
        if is_scaled(service):
            yield autoscaler(workload)
        yield disruption_budget(workload)
    if host := workload.host:
        yield from exposing_objects(workload, host)
    yield from observability_objects(workload)
