"""The rules that are written out, by kind: function, what it reads, and whether the kind runs pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from foundation.health import clusters, gateways, networking, scaling, storage, workloads
from foundation.health.kinds import GroupKind
from foundation.health.masks import Mask
from foundation.health.verdict import Verdict
from foundation.jsontypes import JsonObject

Judge: TypeAlias = Callable[[JsonObject, datetime], Verdict]

_GATEWAY = "gateway.networking.k8s.io"
_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")


def _timeless(rule: Callable[[JsonObject], Verdict]) -> Judge:
    return lambda item, _now: rule(item)


PYTHON_RULES: Mapping[GroupKind, tuple[Judge, Mask, bool]] = {
    **{kind: (judge, reads, True) for kind, (judge, reads) in workloads.RULES.items()},
    GroupKind("", "Service"): (_timeless(networking.judge_service), networking.SERVICE_READS, False),
    GroupKind("", "Endpoints"): (_timeless(networking.judge_endpoints), {"subsets": None}, False),
    GroupKind("discovery.k8s.io", "EndpointSlice"): (_timeless(networking.judge_endpoints), {"endpoints": None}, False),
    GroupKind("networking.k8s.io", "Ingress"): (_timeless(networking.judge_ingress), networking.INGRESS_READS, False),
    **{
        GroupKind(_GATEWAY, kind): (_timeless(gateways.judge_gateway), gateways.GATEWAY_READS, False)
        for kind in ("Gateway", "GatewayClass", "ListenerSet")
    },
    **{GroupKind(_GATEWAY, kind): (_timeless(gateways.judge_route), gateways.ROUTE_READS, False) for kind in _ROUTES},
    GroupKind("", "PersistentVolumeClaim"): (_timeless(storage.judge_claim), storage.CLAIM_READS, False),
    GroupKind("", "PersistentVolume"): (_timeless(storage.judge_volume), storage.VOLUME_READS, False),
    GroupKind("autoscaling", "HorizontalPodAutoscaler"): (
        _timeless(scaling.judge_autoscaler),
        scaling.AUTOSCALER_READS,
        False,
    ),
    GroupKind("policy", "PodDisruptionBudget"): (_timeless(scaling.judge_budget), scaling.BUDGET_READS, False),
    GroupKind("", "Namespace"): (_timeless(clusters.judge_namespace), clusters.NAMESPACE_READS, False),
    GroupKind("", "Node"): (_timeless(clusters.judge_node), clusters.CONDITIONED_READS, False),
    GroupKind("apiextensions.k8s.io", "CustomResourceDefinition"): (
        _timeless(clusters.judge_definition),
        clusters.CONDITIONED_READS,
        False,
    ),
    GroupKind("apiregistration.k8s.io", "APIService"): (
        _timeless(clusters.judge_api_service),
        clusters.CONDITIONED_READS,
        False,
    ),
}

# Kinds that are what they are as soon as they are written.
STATELESS = frozenset(
    {
        *(
            GroupKind("", kind)
            for kind in ("ConfigMap", "Secret", "ServiceAccount", "LimitRange", "ResourceQuota", "Event", "PodTemplate")
        ),
        GroupKind("apps", "ControllerRevision"),
        GroupKind("networking.k8s.io", "NetworkPolicy"),
        GroupKind("networking.k8s.io", "IngressClass"),
        GroupKind("storage.k8s.io", "StorageClass"),
        GroupKind("storage.k8s.io", "CSIDriver"),
        GroupKind("coordination.k8s.io", "Lease"),
        GroupKind(_GATEWAY, "ReferenceGrant"),
        GroupKind("policy", "PodSecurityPolicy"),
    }
)
