"""The rules for what leads traffic to pods: Service, Endpoints, Ingress.

Service and Ingress follow Argo CD (gitops-engine/pkg/health/health_service.go, health_ingress.go).
"""

from __future__ import annotations

from collections.abc import Iterator

from foundation.health.conditions import terminating
from foundation.health.masks import Mask, kept
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mapping_at, mappings_at, text_at
from foundation.jsontypes import JsonObject

_BALANCER = kept(ingress=kept("ip", "hostname"))
SERVICE_READS: Mask = {
    "spec": kept("type", "clusterIP", "externalName"),
    "status": {"loadBalancer": _BALANCER},
}
INGRESS_READS: Mask = {
    "spec": kept(
        "ingressClassName",
        rules=kept("host", http=kept(paths=kept(backend=kept(service=kept("name"))))),
        defaultBackend=kept(service=kept("name")),
    ),
    "status": {"loadBalancer": _BALANCER},
}


def judge_service(item: JsonObject) -> Verdict:
    """A load balancer needs an address; every other Service is there as soon as it is written."""
    early = terminating(item)
    if early:
        return early
    if text_at(item, "spec", "type") != "LoadBalancer":
        return Verdict(Status.HEALTHY, "Service is there")
    return _balanced(item, "Service")


def judge_ingress(item: JsonObject) -> Verdict:
    """Its controller has given it an address."""
    return terminating(item) or _balanced(item, "Ingress")


def judge_endpoints(item: JsonObject) -> Verdict:
    """Endpoints, or a slice of them: whether any pod behind them is ready."""
    early = terminating(item)
    if early:
        return early
    if text_at(item, "kind") == "EndpointSlice":
        conditions = [mapping_at(each, "conditions") for each in mappings_at(item, "endpoints")]
        # Absent is unknown, and is to be read as ready (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions).
        ready = sum(each.get("ready") is not False for each in conditions)
        waiting = len(conditions) - ready
    else:
        subsets = mappings_at(item, "subsets")
        ready = sum(len(mappings_at(each, "addresses")) for each in subsets)
        waiting = sum(len(mappings_at(each, "notReadyAddresses")) for each in subsets)
    if ready:
        return Verdict(Status.HEALTHY, f"{ready} of {ready + waiting} endpoints ready")
    if waiting:
        return Verdict(Status.PROGRESSING, f"0 of {waiting} endpoints ready", "EndpointsNotReady")
    return Verdict(Status.HEALTHY, "Nothing is behind it", "NoEndpoints")


def _balanced(item: JsonObject, kind: str) -> Verdict:
    addresses = [*_addresses(item)]
    if addresses:
        return Verdict(Status.HEALTHY, f"{kind} is reached at {addresses[0]}")
    return Verdict(Status.PROGRESSING, f"{kind} waits for its load balancer's address", "AddressPending")


def _addresses(item: JsonObject) -> Iterator[str]:
    for each in mappings_at(item, "status", "loadBalancer", "ingress"):
        yield text_at(each, "hostname") or text_at(each, "ip") or "an address of its own"
