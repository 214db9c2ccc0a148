"""The rules for what leads traffic to pods: Service, Endpoints, Ingress, and the routes of the Gateway API.

Service and Ingress follow Argo CD (gitops-engine/pkg/health/health_service.go, health_ingress.go). Of a route every parent that
it names has to answer, and to accept it (https://gateway-api.sigs.k8s.io/reference/spec/#routeparentstatus).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foundation.health.conditions import CONDITION, is_current, terminating, told, words_of
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
_PARENT = kept("group", "kind", "namespace", "name", "sectionName", "port")
ROUTE_READS: Mask = {
    "spec": kept("hostnames", parentRefs=_PARENT, rules=kept(backendRefs=kept("kind", "name", "namespace"))),
    "status": kept(parents=kept("controllerName", parentRef=_PARENT, conditions=CONDITION)),
}
GATEWAY_READS: Mask = {
    "spec": kept("gatewayClassName", "parentRef"),
    "status": kept(
        addresses=kept("value"), conditions=CONDITION, listeners=kept("name", "attachedRoutes", conditions=CONDITION)
    ),
}


# Reasons that pass by themselves: a listener is not valid until its certificate is there, which says itself what it lacks.
_PASSING = frozenset({"Pending", "ListenersNotValid"})


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


def judge_gateway(item: JsonObject) -> Verdict:
    """A Gateway, a GatewayClass or a ListenerSet, and each of a Gateway's listeners."""
    early = terminating(item)
    if early:
        return early
    kind = text_at(item, "kind")
    wanted = ("Accepted",) if kind == "GatewayClass" else ("Accepted", "Programmed")
    trouble = _unmet(item, mappings_at(item, "status", "conditions"), wanted, f"{kind} has not been answered")
    if trouble:
        return trouble
    for listener in mappings_at(item, "status", "listeners"):
        name = text_at(listener, "name")
        conditions = mappings_at(listener, "conditions")
        present = [each for each in ("Accepted", "ResolvedRefs", "Programmed") if _named(conditions, each)]
        trouble = _unmet(item, conditions, present, "", lead=f"Listener {name}")
        if trouble:
            return trouble
    return Verdict(Status.HEALTHY, f"{kind} is accepted{'' if kind == 'GatewayClass' else ' and programmed'}")


def judge_route(item: JsonObject) -> Verdict:
    """Whatever the route is attached to has taken it, and has found where it leads."""
    early = terminating(item)
    if early:
        return early
    answers = mappings_at(item, "status", "parents")
    parents = mappings_at(item, "spec", "parentRefs") or tuple(mapping_at(each, "parentRef") for each in answers)
    if not parents:
        return Verdict(Status.DEGRADED, "It is attached to no parent, so that no traffic reaches it", "NoParents")
    for parent in parents:
        trouble = _of_parent(item, parent, [each for each in answers if _is_about(each, parent)])
        if trouble:
            return trouble
    return Verdict(Status.HEALTHY, f"Accepted by {' and '.join(map(_title, parents))}")


def _of_parent(item: JsonObject, parent: JsonObject, answers: Sequence[JsonObject]) -> Verdict | None:
    if not answers:
        return Verdict(Status.PROGRESSING, f"{_title(parent)} has not answered", "Unanswered")
    troubles = (
        _unmet(
            item,
            mappings_at(each, "conditions"),
            (
                "Accepted",
                "ResolvedRefs",
                *(("Programmed",) if _named(mappings_at(each, "conditions"), "Programmed") else ()),
            ),
            f"{_title(parent)} has not answered",
            lead=f"{_title(parent)} does not take it",
        )
        for each in answers
    )
    return next(filter(None, troubles), None)


def _unmet(
    item: JsonObject, conditions: Sequence[JsonObject], wanted: Sequence[str], unanswered: str, lead: str = ""
) -> Verdict | None:
    """The first of the `wanted` conditions that is not true."""
    for each in wanted:
        condition = _named(conditions, each)
        if not condition or not is_current(condition, item):
            return Verdict(Status.PROGRESSING, unanswered or "The last change has not been taken up yet", "Unanswered")
        if condition.get("status") == "False":
            # Argo CD calls what is not programmed yet under way, whatever the reason.
            passing = each == "Programmed" or text_at(condition, "reason") in _PASSING
            return told(Status.PROGRESSING if passing else Status.DEGRADED, condition, lead)
        if condition.get("status") != "True":
            return Verdict(Status.PROGRESSING, words_of(condition), text_at(condition, "reason") or each)
    return None


def _named(conditions: Sequence[JsonObject], kind: str) -> JsonObject:
    return next((each for each in conditions if each.get("type") == kind), {})


def _is_about(answer: JsonObject, parent: JsonObject) -> bool:
    given = mapping_at(answer, "parentRef")
    # What the route leaves out, the controller may fill in with the default.
    return all(given.get(key) == value for key, value in parent.items())


def _title(parent: JsonObject) -> str:
    return f"{text_at(parent, 'kind') or 'Gateway'} {text_at(parent, 'name')}"


def _balanced(item: JsonObject, kind: str) -> Verdict:
    addresses = [*_addresses(item)]
    if addresses:
        return Verdict(Status.HEALTHY, f"{kind} is reached at {addresses[0]}")
    return Verdict(Status.PROGRESSING, f"{kind} waits for its load balancer's address", "AddressPending")


def _addresses(item: JsonObject) -> Iterator[str]:
    for each in mappings_at(item, "status", "loadBalancer", "ingress"):
        yield text_at(each, "hostname") or text_at(each, "ip") or "an address of its own"
