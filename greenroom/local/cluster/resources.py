"""Which resources the clusters serve: one line for each kind.

Everything else (paths, discovery, OpenAPI, tables, storage) is derived from this table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from greenroom.local.cluster.errors import qualified


@dataclass(frozen=True)
class Resource:
    """A kind of object and how it is served.

    `generation`: the server counts changes of `spec`. `subresources`: of `status`, `scale`.
    """

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    generation: bool = False

    @property
    def api_version(self) -> str:
        """`apps/v1`, or `v1` for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def key(self) -> str:
        """`deployments.apps`: unique among all resources, as messages name it."""
        return qualified(self.plural, self.group)

    @property
    def has_status(self) -> bool:
        """Whether `status` is written through its own subresource, so that a write to the object leaves it alone."""
        return "status" in self.subresources


_STATUS = ("status",)
_SCALED = ("status", "scale")
_ALL = ("all",)

RESOURCES: tuple[Resource, ...] = (
    Resource("", "v1", "Namespace", "namespaces", False, ("ns",), _STATUS),
    Resource("", "v1", "Node", "nodes", False, ("no",), _STATUS),
    Resource("", "v1", "PersistentVolume", "persistentvolumes", False, ("pv",), _STATUS),
    Resource("", "v1", "Pod", "pods", True, ("po",), _STATUS, _ALL, generation=True),
    Resource("", "v1", "Service", "services", True, ("svc",), _STATUS, _ALL),
    Resource("", "v1", "ConfigMap", "configmaps", True, ("cm",)),
    Resource("", "v1", "Secret", "secrets"),
    Resource("", "v1", "ServiceAccount", "serviceaccounts", True, ("sa",)),
    Resource("", "v1", "Event", "events", True, ("ev",)),
    Resource("", "v1", "Endpoints", "endpoints", True, ("ep",)),
    Resource("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", True, ("pvc",), _STATUS),
    Resource("", "v1", "ResourceQuota", "resourcequotas", True, ("quota",), _STATUS),
    Resource("", "v1", "LimitRange", "limitranges", True, ("limits",)),
    Resource("apps", "v1", "Deployment", "deployments", True, ("deploy",), _SCALED, _ALL, generation=True),
    Resource("apps", "v1", "ReplicaSet", "replicasets", True, ("rs",), _SCALED, _ALL, generation=True),
    Resource("apps", "v1", "StatefulSet", "statefulsets", True, ("sts",), _SCALED, _ALL, generation=True),
    Resource("apps", "v1", "DaemonSet", "daemonsets", True, ("ds",), _STATUS, _ALL, generation=True),
    Resource("apps", "v1", "ControllerRevision", "controllerrevisions"),
    Resource("batch", "v1", "Job", "jobs", True, (), _STATUS, _ALL, generation=True),
    Resource("batch", "v1", "CronJob", "cronjobs", True, ("cj",), _STATUS, _ALL, generation=True),
    Resource("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", True, ("hpa",), _STATUS, _ALL),
    Resource("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", True, ("pdb",), _STATUS, generation=True),
    Resource("networking.k8s.io", "v1", "Ingress", "ingresses", True, ("ing",), _STATUS, generation=True),
    Resource("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", True, ("netpol",), generation=True),
    Resource("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
    Resource("coordination.k8s.io", "v1", "Lease", "leases"),
    Resource("rbac.authorization.k8s.io", "v1", "Role", "roles"),
    Resource("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
    Resource("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", False),
    Resource("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", False),
)

_BY_PATH = {(each.group, each.version, each.plural): each for each in RESOURCES}
_BY_KIND = {(each.api_version, each.kind): each for each in RESOURCES}
_BY_KEY = {each.key: each for each in RESOURCES}


def find_resource(group: str, version: str, plural: str) -> Resource | None:
    """The resource at a path, or None."""
    return _BY_PATH.get((group, version, plural))


def resource_of_kind(api_version: str, kind: str) -> Resource | None:
    """The resource that holds objects of that kind, or None."""
    return _BY_KIND.get((api_version, kind))


def resource(key: str) -> Resource:
    """The resource named as in messages: `pods`, `deployments.apps`."""
    return _BY_KEY[key]


def group_versions() -> Iterator[tuple[str, str]]:
    """Every (group, version) once, the core group first."""
    yield from dict.fromkeys((each.group, each.version) for each in RESOURCES)


def resources_in(group: str, version: str) -> list[Resource]:
    """The resources of one group and version."""
    return [each for each in RESOURCES if (each.group, each.version) == (group, version)]


NAMESPACES = resource("namespaces")
NODES = resource("nodes")
PODS = resource("pods")
SERVICES = resource("services")
SERVICE_ACCOUNTS = resource("serviceaccounts")
EVENTS = resource("events")
ENDPOINTS = resource("endpoints")
ENDPOINT_SLICES = resource("endpointslices.discovery.k8s.io")
CLAIMS = resource("persistentvolumeclaims")
DEPLOYMENTS = resource("deployments.apps")
REPLICA_SETS = resource("replicasets.apps")
STATEFUL_SETS = resource("statefulsets.apps")
DAEMON_SETS = resource("daemonsets.apps")
JOBS = resource("jobs.batch")
AUTOSCALERS = resource("horizontalpodautoscalers.autoscaling")
DISRUPTION_BUDGETS = resource("poddisruptionbudgets.policy")
