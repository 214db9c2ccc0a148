"""Whether an object does what it is there for, as its own status says."""

from __future__ import annotations

import pytest

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.rollouts.judging import judge

_VERSIONS = {
    "Certificate": "cert-manager.io/v1",
    "Deployment": "apps/v1",
    "ExternalSecret": "external-secrets.io/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
    "ListenerSet": "gateway.networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "Service": "v1",
}


def thing(
    kind: str, *conditions: JsonObject, generation: int = 2, spec: JsonObject | None = None, **status: Json
) -> JsonObject:
    return {
        "apiVersion": _VERSIONS[kind],
        "kind": kind,
        "metadata": {"name": "order-api", "generation": generation},
        "spec": spec or {},
        "status": {"conditions": list(conditions), **status},
    }


def condition(
    kind: str, status: str = "True", message: str = "", reason: str = "", observed: int | None = None
) -> JsonObject:
    seen: JsonObject = {} if observed is None else {"observedGeneration": observed}
    return {"type": kind, "status": status, "reason": reason, "message": message, **seen}


LISTENERS: JsonObject = {"parentRef": {"name": "public"}}
ROUTE: JsonObject = {
    "parentRefs": [{"name": "internal", "namespace": "gateways"}, {"kind": "ListenerSet", "name": "order-api"}]
}


def parent(name: str, *conditions: JsonObject, **more: Json) -> JsonObject:
    return {"parentRef": {"name": name, "group": "gateway.networking.k8s.io", **more}, "conditions": list(conditions)}


TAKEN = (condition("Accepted", observed=2), condition("ResolvedRefs", observed=2))
ELSEWHERE = {"namespace": "gateways"}


@pytest.mark.parametrize(
    ("item", "status", "reason"),
    [
        (None, "Missing", "it is not there"),
        (thing("Service"), "Healthy", ""),
        (thing("PodDisruptionBudget", condition("DisruptionAllowed", "False")), "Healthy", ""),
        ({**thing("Service"), "metadata": {"deletionTimestamp": "now"}}, "Progressing", "it is being removed"),
        (thing("ExternalSecret"), "Progressing", "The secret has not been fetched yet"),
        (thing("ExternalSecret", condition("Ready", message="secret synced")), "Healthy", "secret synced"),
        (thing("ExternalSecret", condition("Ready"), syncedResourceVersion="1-abc"), "Progressing", "The last change has not been taken up yet"),
        (thing("ExternalSecret", condition("Ready"), syncedResourceVersion="2-abc"), "Healthy", "Ready"),
        (thing("ExternalSecret", condition("Ready", "False", "could not get  secret\ndata")), "Degraded", "could not get secret data"),
        (thing("Certificate", condition("Ready", observed=1)), "Progressing", "The last change has not been taken up yet"),
        (thing("Certificate", condition("Ready", observed=2), notAfter="2027-01-01T00:00:00Z"), "Healthy", "Certificate is valid until 2027-01-01T00:00:00Z"),
        (thing("Certificate", condition("Ready", "False", "no Secret", observed=1)), "Progressing", "The last change has not been taken up yet"),
        (thing("Certificate", condition("Ready", "Unknown", "asking")), "Progressing", "asking"),
        (thing("Certificate", condition("Ready", "False", "no Secret"), condition("Issuing", "False", "the order failed", "Failed")), "Degraded", "the order failed"),
        (thing("Certificate", condition("Ready", "False", "no Secret"), condition("Issuing", "True", "asking")), "Progressing", "asking"),
        (thing("Certificate", condition("Ready", "False", "no Secret")), "Degraded", "no Secret"),
        (thing("ListenerSet", condition("Accepted"), condition("Programmed"), spec=LISTENERS), "Healthy", "ListenerSet is accepted and programmed by Gateway public"),
        (thing("ListenerSet", condition("Accepted"), condition("Programmed", "False", "no key"), spec=LISTENERS), "Progressing", "Gateway public does not take it: no key"),
        (thing("ListenerSet", condition("Accepted", "False", "not allowed"), spec=LISTENERS), "Degraded", "Gateway public does not take it: not allowed"),
        (thing("ListenerSet", condition("Accepted"), spec=LISTENERS), "Progressing", "Gateway public has not answered"),
        ({**thing("Certificate", condition("Ready", "False")), "apiVersion": "example.com/v1"}, "Healthy", ""),
        (thing("HTTPRoute", spec=ROUTE), "Progressing", "Gateway internal has not answered"),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", *TAKEN, **ELSEWHERE)]), "Progressing", "ListenerSet order-api has not answered"),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", *TAKEN, **ELSEWHERE), parent("order-api", *TAKEN, kind="ListenerSet")]), "Healthy", "Accepted by Gateway internal and ListenerSet order-api"),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", *TAKEN, namespace="other"), parent("order-api", *TAKEN, kind="ListenerSet")]), "Progressing", "Gateway internal has not answered"),
        (thing("HTTPRoute", spec=ROUTE, generation=3, parents=[parent("internal", *TAKEN, **ELSEWHERE)]), "Progressing", "Gateway internal has not answered"),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", TAKEN[0], condition("ResolvedRefs", "False", "no Service"), **ELSEWHERE)]), "Degraded", "Gateway internal does not take it: no Service"),
    ],
)  # fmt: skip
def test_judgements(item: JsonObject | None, status: str, reason: str) -> None:
    """The verdict, and the controller's own words for it; a word about an older state of the object does not count."""
    judgement = judge(item)
    assert (judgement.status, judgement.reason) == (status, reason)


STUCK = condition("Progressing", "False", reason="ProgressDeadlineExceeded")
DONE: JsonObject = {"updatedReplicas": 3, "replicas": 3, "availableReplicas": 3}
PAUSED = "Paused: changes are not rolled out"


@pytest.mark.parametrize(
    ("generation", "spec", "state", "status", "reason"),
    [
        (3, {}, DONE, "Progressing", "The last change has not been taken up yet"),
        (3, {}, {"conditions": [STUCK]}, "Progressing", "The last change has not been taken up yet"),
        (2, {}, {}, "Progressing", "Rolling out: 0 of 3 pods updated"),
        (2, {}, {"updatedReplicas": 1, "replicas": 3}, "Progressing", "Rolling out: 1 of 3 pods updated"),
        (2, {}, {**DONE, "replicas": 5}, "Progressing", "Rolling out: 2 old pods left"),
        (2, {}, {**DONE, "availableReplicas": 2}, "Progressing", "2 of 3 pods ready"),
        (2, {}, DONE, "Healthy", "3 of 3 pods ready"),
        (2, {}, {"conditions": [STUCK]}, "Degraded", "Rollout is stuck: 0 of 3 pods are up to date and available"),
        # What an autoscaler adds after a rollout that is over still has to come up.
        (2, {}, {**DONE, "replicas": 4, "conditions": [condition("Progressing", reason="NewReplicaSetAvailable")]}, "Progressing", "3 of 3 pods ready"),
        # A pause stands against a change that has not been rolled out, and against nothing else.
        (2, {"paused": True}, {"replicas": 3, "availableReplicas": 3}, "Progressing", PAUSED),
        (2, {"paused": True}, DONE, "Healthy", "3 of 3 pods ready"),
    ],
)  # fmt: skip
def test_how_far_a_rollout_is(generation: int, spec: JsonObject, state: JsonObject, status: str, reason: str) -> None:
    """As `kubectl rollout status` says it: whether the change was noticed, and its pods made and available."""
    given: JsonObject = {"replicas": 3, **spec}
    item = thing("Deployment", generation=generation, spec=given, observedGeneration=2, **state)
    judgement = judge(item)
    assert (judgement.status, judgement.reason) == (status, f"order-api: {reason}")
    assert judgement.hopeless is (status == "Degraded")


def test_what_passes_by_itself() -> None:
    """Only what no waiting mends is hopeless: what is gone, and a roll-out that the cluster has given up."""
    stuck: JsonObject = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    assert judge(None).hopeless
    assert judge(thing("Deployment", stuck, observedGeneration=2)).hopeless
    assert not judge(thing("Deployment", observedGeneration=2)).hopeless
    assert not judge(thing("ExternalSecret", condition("Ready", "False"))).hopeless


def test_long_words_are_cut() -> None:
    """A controller's message is not a dump of its log."""
    assert len(judge(thing("Certificate", condition("Ready", "False", "x" * 5_000))).reason) == 301
