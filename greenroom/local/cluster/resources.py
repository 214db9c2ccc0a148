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

    `generation`: the server counts changes of `spec`. `subresources`: of `status`, `scale`. `custom`: it is served as
    a CustomResourceDefinition is, with fields and columns of its own (see `custom`).
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
    custom: bool = False

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


def _custom(
    group: str,
    kind: str,
    plural: str,
    short_names: tuple[str, ...],
    category: str,
    *,
    version: str = "v1",
    namespaced: bool = True,
    status: bool = True,
) -> Resource:
    subresources = _STATUS if status else ()
    return Resource(
        group, version, kind, plural, namespaced, short_names, subresources, (category,), generation=True, custom=True
    )


_GATEWAY_API = "gateway.networking.k8s.io"
_CERT_MANAGER = "cert-manager.io"
_EXTERNAL_SECRETS = "external-secrets.io"
_MONITORING = "monitoring.coreos.com"

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
    _custom(_GATEWAY_API, "GatewayClass", "gatewayclasses", ("gc",), "gateway-api", namespaced=False),
    _custom(_GATEWAY_API, "Gateway", "gateways", ("gtw",), "gateway-api"),
    _custom(_GATEWAY_API, "ListenerSet", "listenersets", ("lset",), "gateway-api"),
    _custom(_GATEWAY_API, "HTTPRoute", "httproutes", (), "gateway-api"),
    _custom(
        _GATEWAY_API, "ReferenceGrant", "referencegrants", ("refgrant",), "gateway-api", version="v1beta1", status=False
    ),
    _custom(_CERT_MANAGER, "Certificate", "certificates", ("cert", "certs"), "cert-manager"),
    _custom(_CERT_MANAGER, "Issuer", "issuers", ("iss",), "cert-manager"),
    _custom(_CERT_MANAGER, "ClusterIssuer", "clusterissuers", ("ciss",), "cert-manager", namespaced=False),
    _custom(_EXTERNAL_SECRETS, "ExternalSecret", "externalsecrets", ("es",), "external-secrets"),
    _custom(_EXTERNAL_SECRETS, "SecretStore", "secretstores", ("ss",), "external-secrets"),
    _custom(
        _EXTERNAL_SECRETS, "ClusterSecretStore", "clustersecretstores", ("css",), "external-secrets", namespaced=False
    ),
    _custom(_MONITORING, "ServiceMonitor", "servicemonitors", ("smon",), "prometheus-operator"),
    _custom(_MONITORING, "PodMonitor", "podmonitors", ("pmon",), "prometheus-operator"),
    _custom(_MONITORING, "PrometheusRule", "prometheusrules", ("promrule",), "prometheus-operator"),
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
CONFIG_MAPS = resource("configmaps")
SECRETS = resource("secrets")
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
CRON_JOBS = resource("cronjobs.batch")
AUTOSCALERS = resource("horizontalpodautoscalers.autoscaling")
DISRUPTION_BUDGETS = resource("poddisruptionbudgets.policy")
GATEWAY_CLASSES = resource("gatewayclasses.gateway.networking.k8s.io")
GATEWAYS = resource("gateways.gateway.networking.k8s.io")
LISTENER_SETS = resource("listenersets.gateway.networking.k8s.io")
ROUTES = resource("httproutes.gateway.networking.k8s.io")
REFERENCE_GRANTS = resource("referencegrants.gateway.networking.k8s.io")
CERTIFICATES = resource("certificates.cert-manager.io")
ISSUERS = resource("issuers.cert-manager.io")
CLUSTER_ISSUERS = resource("clusterissuers.cert-manager.io")
EXTERNAL_SECRETS = resource("externalsecrets.external-secrets.io")
SECRET_STORES = resource("secretstores.external-secrets.io")
CLUSTER_SECRET_STORES = resource("clustersecretstores.external-secrets.io")
