"""The rules for what belongs to the cluster itself: Namespace, Node, CustomResourceDefinition, APIService."""

from __future__ import annotations

from foundation.health.conditions import CONDITION, condition_of, terminating, told, words_of
from foundation.health.masks import Mask, kept
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mappings_at, moment_at, text_at, value_at
from foundation.jsontypes import JsonObject

NAMESPACE_READS: Mask = {"status": kept(conditions=CONDITION)}
CONDITIONED_READS: Mask = {"spec": kept("unschedulable"), "status": kept(conditions=CONDITION)}

# What a Node says by being true (https://kubernetes.io/docs/reference/node/node-status/#condition).
_PRESSURES = ("DiskPressure", "MemoryPressure", "PIDPressure", "NetworkUnavailable")


def judge_namespace(item: JsonObject) -> Verdict:
    """There, on its way out, or stuck there with what holds it."""
    early = terminating(item)
    if not early:
        return Verdict(Status.HEALTHY, "Namespace is active")
    holding = [each for each in mappings_at(item, "status", "conditions") if each.get("status") == "True"]
    if not holding:
        return early
    # Failures first; what merely remains may be on its way.
    failures = [each for each in holding if "Failure" in text_at(each, "type")]
    if failures:
        return told(Status.DEGRADED, failures[0], "Namespace cannot be deleted")
    return told(early.status, holding[0], early.message)


def judge_definition(item: JsonObject) -> Verdict:
    """A CustomResourceDefinition (Argo CD: resource_customizations/apiextensions.k8s.io)."""
    early = terminating(item)
    if early:
        return early
    names = condition_of(item, "NamesAccepted")
    if names.get("status") == "False":
        return told(Status.DEGRADED, names, "Its names are taken")
    structure = condition_of(item, "NonStructuralSchema")
    if structure.get("status") == "True":
        return told(Status.DEGRADED, structure, "Its schema is not structural")
    established = condition_of(item, "Established")
    if established.get("status") == "True":
        return Verdict(Status.HEALTHY, "It is served", None, moment_at(established, "lastTransitionTime"))
    if established.get("status") == "False" and text_at(established, "reason") != "Installing":
        return told(Status.DEGRADED, established, "It is not served")
    return Verdict(Status.PROGRESSING, "It is not served yet", "Installing")


def judge_api_service(item: JsonObject) -> Verdict:
    """Argo CD: gitops-engine/pkg/health/health_apiservice.go."""
    early = terminating(item)
    if early:
        return early
    available = condition_of(item, "Available")
    if available.get("status") == "True":
        return Verdict(Status.HEALTHY, words_of(available), None, moment_at(available, "lastTransitionTime"))
    if not available:
        return Verdict(Status.PROGRESSING, "It has not been asked yet", "Waiting")
    return told(Status.PROGRESSING, available, "It does not answer")


def judge_node(item: JsonObject) -> Verdict:
    """Ready, without pressure, and open to pods."""
    early = terminating(item)
    if early:
        return early
    ready = condition_of(item, "Ready")
    if ready.get("status") == "False":
        return told(Status.DEGRADED, ready)
    if ready.get("status") != "True":
        return Verdict(Status.UNKNOWN, "The node does not report", text_at(ready, "reason") or "NodeStatusUnknown")
    for each in _PRESSURES:
        pressure = condition_of(item, each)
        if pressure.get("status") == "True":
            return told(Status.DEGRADED, pressure)
    if value_at(item, "spec", "unschedulable") is True:
        return Verdict(Status.SUSPENDED, "Cordoned: it takes no new pods", "Cordoned")
    return Verdict(Status.HEALTHY, "Node is ready", None, moment_at(ready, "lastTransitionTime"))
