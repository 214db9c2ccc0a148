"""The pods of a service, as the Pod Security Standards' "restricted" level asks for them."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Dependency
from scaffolder_actions.workload.container import SCRATCH, SCRATCH_NAME, container
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.ports import reached_ports

# Any user that no node has: what breaks out of the container owns nothing there.
USER = 10001
# Seconds in which balancers learn that a pod goes, before it is told to; endpoints take one or two to travel.
DRAIN = 5
# Seconds for what is under way, on top of the drain: Kubernetes' own default.
GRACE = 30


def standing_pod(workload: Workload) -> JsonObject:
    """The template of pods that stay: spread over zones and nodes, and let go of gently."""
    app = container(workload)
    drain = DRAIN if reached_ports(workload.service) else 0
    if drain:
        app = {**app, "lifecycle": {"preStop": {"sleep": {"seconds": drain}}}}
    spread: JsonObject = {
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [_apart(workload)]}},
        "topologySpreadConstraints": [
            _spread(workload, "topology.kubernetes.io/zone"),
            _spread(workload, "kubernetes.io/hostname"),
        ],
    }
    return _template(workload, {"terminationGracePeriodSeconds": GRACE + drain, **spread}, app)


def ending_pod(workload: Workload) -> JsonObject:
    """The template of a pod that runs once. A try that failed stays to be looked at, and the next one is another pod."""
    return _template(workload, {"restartPolicy": "Never", "terminationGracePeriodSeconds": GRACE}, container(workload))


def calls_label(team: str, name: str, api_group: str) -> str:
    """The label of pods that may call the service `name` of `team`; network policies look for it."""
    return f"{team}.calls.{api_group}/{name}"


def pod_labels(workload: Workload) -> dict[str, str]:
    """Labels of the pods: who they are, and whom they call. A dependency changes their variables too."""
    group = workload.platform.api_group
    calls = {
        calls_label(_team(each, workload), each.name, group): "true"
        for each in workload.service.dependencies
        if not each.is_managed
    }
    return {**workload.labels(), **calls}


def _team(dependency: Dependency, workload: Workload) -> str:
    return dependency.team or workload.service.team


def _template(workload: Workload, own: JsonObject, app: JsonObject) -> JsonObject:
    spec: JsonObject = {
        "serviceAccountName": workload.name,
        "automountServiceAccountToken": False,
        # Variables for each Service of the namespace, which grow with it and are read by nobody.
        "enableServiceLinks": False,
        **own,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [app],
        "volumes": [{"name": SCRATCH_NAME, "emptyDir": {"sizeLimit": SCRATCH}}],
    }
    return {"metadata": {"labels": pod_labels(workload)}, "spec": spec}


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


def _apart(workload: Workload) -> JsonObject:
    """Not on one node where another has room. A skew of one would allow two pods on one of three nodes."""
    return {
        # The most: nothing else here has a say in where a pod goes.
        "weight": 100,
        "podAffinityTerm": {"labelSelector": workload.selector(), "topologyKey": "kubernetes.io/hostname"},
    }
