"""The container of a service: its image, what it is told, what it gets and what it may do."""

from __future__ import annotations

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.workload.connections import service_address
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability import telemetry_variables
from scaffolder_actions.workload.ports import container_port, listening_ports
from scaffolder_actions.workload.probes import probes
from scaffolder_actions.workload.secrets import needs_secret

CONTAINER = "app"
# What a service may write outside its volumes. More of it is a leak.
SCRATCH = "256Mi"
SCRATCH_NAME = "tmp"


def container(workload: Workload) -> JsonObject:
    """The one container of the service's pods."""
    service = workload.service
    words = {"command": list(service.command), "args": list(service.args)}
    ports: list[Json] = [container_port(each) for each in listening_ports(service)]
    return {
        "name": CONTAINER,
        "image": workload.image,
        # A tag is never made twice, so that a node that has it need not ask; a registry's outage restarts nothing.
        "imagePullPolicy": "IfNotPresent",
        **{name: value for name, value in words.items() if value},
        **({"ports": ports} if ports else {}),
        "env": [{"name": name, "value": value} for name, value in variables(workload).items()],
        **_secrets(workload),
        "resources": _resources(workload),
        **probes(service),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": SCRATCH_NAME, "mountPath": "/tmp"}],  # noqa: S108  a mount point, not a file
    }


def variables(workload: Workload) -> dict[str, str]:
    """The container's environment variables; the document's own come last, so that they may refer to all others.

    Kubernetes replaces `$(NAME)` in a value by a variable that stands before it.
    """
    service = workload.service
    found = {"ENVIRONMENT": workload.environment}
    if service.port is not None:
        found["PORT"] = str(service.port)
    found |= telemetry_variables(workload)
    found |= dict(service_address(each) for each in service.dependencies if not each.is_managed)
    return {name: value for name, value in found.items() if name not in service.env} | dict(service.env)


def _secrets(workload: Workload) -> JsonObject:
    """Every variable of the service's Secret. Without it a pod waits, rather than to start and fail."""
    if not needs_secret(workload.service):
        return {}
    return {"envFrom": [{"secretRef": {"name": workload.name, "optional": False}}]}


def _resources(workload: Workload) -> JsonObject:
    service = workload.service
    memory = workload.release.memory_quantity(service.resources.memory)
    return {
        "requests": {"cpu": workload.release.cpu_quantity(service.resources.cpu), "memory": memory},
        # No limit of CPU: what is idle may be used, and a throttled pod answers late on an idle node.
        "limits": {"memory": memory},
    }
