"""The rules for the Gateway API.

They follow Argo CD (resource_customizations/gateway.networking.k8s.io). Of a route every parent that it names has to answer, and to
accept it (https://gateway-api.sigs.k8s.io/reference/spec/#routeparentstatus).
"""

from __future__ import annotations

from collections.abc import Sequence

from foundation.health.conditions import CONDITION, UNOBSERVED, is_current, terminating, told, words_of
from foundation.health.masks import Mask, kept
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mapping_at, mappings_at, text_at
from foundation.jsontypes import JsonObject

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

# What a Gateway, a ListenerSet and each listener say, the most telling first.
_OF_LISTENERS = ("Accepted", "ResolvedRefs", "Programmed")


def judge_gateway(item: JsonObject) -> Verdict:
    """A Gateway, a GatewayClass or a ListenerSet, and each of a Gateway's listeners."""
    early = terminating(item)
    if early:
        return early
    kind = text_at(item, "kind")
    own = mappings_at(item, "status", "conditions")
    needed = ("Accepted",) if kind == "GatewayClass" else ("Accepted", "Programmed")
    wanted = [each for each in _OF_LISTENERS if each in needed or _named(own, each)]
    parent = mapping_at(item, "spec", "parentRef")
    asked = f"{_title(parent)} has not answered" if parent else f"{kind} has not been answered"
    lead = f"{_title(parent)} does not take it" if parent else ""
    said = f"{kind} is accepted{'' if kind == 'GatewayClass' else ' and programmed'}"
    return (
        _conflict(item)
        or _unmet(item, own, wanted, asked, lead)
        or _of_listeners(item)
        or Verdict(Status.HEALTHY, f"{said} by {_title(parent)}" if parent else said)
    )


def _conflict(item: JsonObject) -> Verdict | None:
    """That a listener asks for what another one has, which no waiting mends."""
    for listener in mappings_at(item, "status", "listeners"):
        condition = _named(mappings_at(listener, "conditions"), "Conflicted")
        if condition.get("status") == "True" and is_current(condition, item):
            return told(Status.DEGRADED, condition, f"Listener {text_at(listener, 'name')}")
    return None


def _of_listeners(item: JsonObject) -> Verdict | None:
    for listener in mappings_at(item, "status", "listeners"):
        conditions = mappings_at(listener, "conditions")
        present = [each for each in _OF_LISTENERS if _named(conditions, each)]
        trouble = _unmet(item, conditions, present, "", lead=f"Listener {text_at(listener, 'name')}")
        if trouble:
            return trouble
    return None


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
    # A controller that is gone leaves its answer behind, about a route that has changed since.
    current = [each for each in answers if _is_answer_to(each, item)]
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
        for each in current or answers
    )
    return next(filter(None, troubles), None)


def _unmet(
    item: JsonObject, conditions: Sequence[JsonObject], wanted: Sequence[str], unanswered: str, lead: str = ""
) -> Verdict | None:
    """The first of the `wanted` conditions that is not true."""
    for each in wanted:
        condition = _named(conditions, each)
        if not condition or not is_current(condition, item):
            return Verdict(Status.PROGRESSING, unanswered or UNOBSERVED.message, "Unanswered")
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


def _is_answer_to(answer: JsonObject, item: JsonObject) -> bool:
    return all(is_current(each, item) for each in mappings_at(answer, "conditions"))


def _title(parent: JsonObject) -> str:
    return f"{text_at(parent, 'kind') or 'Gateway'} {text_at(parent, 'name')}"
