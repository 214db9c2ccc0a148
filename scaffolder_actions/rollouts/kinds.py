"""The kinds of objects that a service is made of, and which of them a cluster serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from foundation.connections.kubernetes import ClusterNotFoundError, KubernetesApi
from foundation.jsontypes import JsonObject
from scaffolder_actions.errors import UnservedKindError


@dataclass(frozen=True, order=True)
class Kind:
    """A kind as objects name it."""

    api_version: str
    kind: str

    @classmethod
    def of(cls, item: JsonObject) -> Kind:
        """The kind of an object."""
        return cls(str(item["apiVersion"]), str(item["kind"]))


# In the order in which they are taken away: nobody is sent to a service any more before its pods go, and what pods
# live on goes after them.
ROUTES: Final = (
    Kind("gateway.networking.k8s.io/v1", "HTTPRoute"),
    Kind("gateway.networking.k8s.io/v1", "ListenerSet"),
)
WORKLOADS: Final = (Kind("apps/v1", "Deployment"), Kind("batch/v1", "CronJob"))
# What watches a service. Clusters without the Prometheus operator run services as well, so nothing fails for want of it.
MONITORING: Final = (
    Kind("monitoring.coreos.com/v1", "ServiceMonitor"),
    Kind("monitoring.coreos.com/v1", "PodMonitor"),
    Kind("monitoring.coreos.com/v1", "PrometheusRule"),
)
SUPPORT: Final = (
    Kind("autoscaling/v2", "HorizontalPodAutoscaler"),
    Kind("policy/v1", "PodDisruptionBudget"),
    Kind("v1", "Service"),
    Kind("cert-manager.io/v1", "Certificate"),
    Kind("external-secrets.io/v1", "ExternalSecret"),
    Kind("v1", "ConfigMap"),
    Kind("networking.k8s.io/v1", "NetworkPolicy"),
    Kind("v1", "ServiceAccount"),
)
KINDS: Final = (*ROUTES, *WORKLOADS, *MONITORING, *SUPPORT)

# What brings the kinds that no cluster has by itself.
_BROUGHT_BY = {
    "gateway.networking.k8s.io": "the Gateway API",
    "cert-manager.io": "cert-manager",
    "external-secrets.io": "External Secrets",
}


def served_kinds(api: KubernetesApi, kinds: Iterable[Kind]) -> frozenset[Kind]:
    """Those of `kinds` that the cluster serves; asks it once for each group and version. Raises ClusterError."""
    wanted = set(kinds)
    found: set[Kind] = set()
    for version in sorted({each.api_version for each in wanted}):
        path = f"/apis/{version}" if "/" in version else f"/api/{version}"
        try:
            answer = cast("JsonObject", api.request("GET", path).body)
        except ClusterNotFoundError:
            continue
        listed = cast("Sequence[JsonObject]", answer.get("resources") or ())
        # Subresources such as deployments/scale have a kind of their own, and no place among objects.
        found |= {Kind(version, str(each["kind"])) for each in listed if "/" not in str(each["name"])}
    return frozenset(wanted & found)


def unserved_objects(api: KubernetesApi, objects: Sequence[JsonObject]) -> tuple[JsonObject, ...]:
    """The objects that the cluster has no place for and that a service can do without.

    Raises UnservedKindError for a kind that it cannot do without, and ClusterError.
    """
    served = served_kinds(api, map(Kind.of, objects))
    missing = tuple(each for each in objects if Kind.of(each) not in served)
    needed = next((kind for kind in map(Kind.of, missing) if kind not in MONITORING), None)
    if needed:
        group = needed.api_version.partition("/")[0]
        bringer = _BROUGHT_BY.get(group, needed.api_version)
        raise UnservedKindError(
            f"Cluster {api.cluster} does not serve {needed.kind} ({needed.api_version}), which the service needs.",
            remedy=f"Install {bringer} in the cluster, or change what the document asks for.",
        )
    return missing
