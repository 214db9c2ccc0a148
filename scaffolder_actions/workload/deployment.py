"""The Deployment: pods as the Pod Security Standards' "restricted" level asks for them, and their roll-out."""

from __future__ import annotations

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.workload.identity import Workload

# Any user that no node has: what breaks out of the container owns nothing there.
USER = 10001
PORT_NAME = "http"
# Replica sets to go back to; each costs an object, and nobody goes back further.
REVISIONS = 5
# Seconds in which balancers learn that a pod goes, before it is told to; endpoints take one or two to travel.
DRAIN = 5
# Seconds for requests under way, on top of the drain: Kubernetes' own default.
GRACE = 30
# What a service may write outside its volumes. More of it is a leak.
SCRATCH = "256Mi"


def deployment(workload: Workload, *, scaled: bool) -> JsonObject:
    """The Deployment; `scaled` leaves the number of pods to an autoscaler, which a number here would fight."""
    replicas: JsonObject = {} if scaled else {"replicas": workload.service.deployment.replicas.min}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": workload.metadata(),
        "spec": {
            **replicas,
            "revisionHistoryLimit": REVISIONS,
            "selector": workload.selector(),
            "strategy": _strategy(workload),
            "template": {"metadata": {"labels": workload.labels()}, "spec": _pod(workload)},
        },
    }


def _strategy(workload: Workload) -> JsonObject:
    if workload.service.deployment.strategy == "recreate":
        return {"type": "Recreate"}
    # Never fewer pods than before: new ones are ready before old ones go.
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}


def _pod(workload: Workload) -> JsonObject:
    return {
        "serviceAccountName": workload.name,
        "automountServiceAccountToken": False,
        # Variables for each Service of the namespace, which grow with it and are read by nobody.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": GRACE + DRAIN,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [
            _spread(workload, "topology.kubernetes.io/zone"),
            _spread(workload, "kubernetes.io/hostname"),
        ],
        "containers": [_container(workload)],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": SCRATCH}}],
    }


def _spread(workload: Workload, topology: str) -> JsonObject:
    return {
        "maxSkew": 1,
        "topologyKey": topology,
        # A cluster with one zone left still runs every pod.
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": workload.selector(),
        # Counted within one revision: pods that are about to go would crowd new ones together.
        "matchLabelKeys": ["pod-template-hash"],
    }


def _container(workload: Workload) -> JsonObject:
    service = workload.service
    cpu = workload.release.cpu_quantity(service.resources.cpu)
    memory = workload.release.memory_quantity(service.resources.memory)
    environment: list[Json] = [{"name": "ENVIRONMENT", "value": workload.environment}]
    serving: dict[str, Json] = {}
    if service.port is not None:
        environment.append({"name": "PORT", "value": str(service.port)})
        serving = {
            "ports": [{"name": PORT_NAME, "containerPort": service.port, "protocol": "TCP"}],
            **_probes(workload),
        }
    return {
        "name": "app",
        "image": workload.image,
        "imagePullPolicy": "IfNotPresent",
        "env": environment,
        **serving,
        "lifecycle": {"preStop": {"sleep": {"seconds": DRAIN}}},
        "resources": {
            "requests": {"cpu": cpu, "memory": memory},
            "limits": {"memory": memory},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108  a mount point, not a file
    }


def _probes(workload: Workload) -> dict[str, Json]:
    request: JsonObject = {"path": workload.service.probes.path, "port": PORT_NAME}

    def probe(period: int, failures: int) -> JsonObject:
        return {"httpGet": request, "periodSeconds": period, "timeoutSeconds": 2, "failureThreshold": failures}

    return {
        # A minute to start, asked often so that a quick start is not held up.
        "startupProbe": probe(2, 30),
        # Out of balance after 15 s of failing, which is long enough for a hiccup.
        "readinessProbe": probe(5, 3),
        # A restart is the last resort: a minute of failing, long after requests were sent elsewhere.
        "livenessProbe": probe(10, 6),
    }
