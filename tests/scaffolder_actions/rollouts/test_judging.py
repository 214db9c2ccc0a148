"""Whether an object does what it is there for, as its own status says."""

from __future__ import annotations

import pytest

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.rollouts.judging import judge


def thing(
    kind: str, *conditions: JsonObject, generation: int = 2, spec: JsonObject | None = None, **status: Json
) -> JsonObject:
    return {
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
        (thing("ExternalSecret"), "Progressing", "waiting for the cluster to notice the change"),
        (thing("ExternalSecret", condition("Ready", message="secret synced")), "Healthy", "secret synced"),
        (thing("ExternalSecret", condition("Ready"), syncedResourceVersion="1-abc"), "Progressing", "waiting for the cluster to notice the change"),
        (thing("ExternalSecret", condition("Ready"), syncedResourceVersion="2-abc"), "Healthy", "Ready"),
        (thing("ExternalSecret", condition("Ready", "False", "could not get  secret\ndata")), "Degraded", "could not get secret data"),
        (thing("Certificate", condition("Ready", observed=1)), "Progressing", "waiting for the cluster to notice the change"),
        (thing("Certificate", condition("Ready", observed=2, reason="Ready")), "Healthy", "Ready"),
        (thing("Certificate", condition("Ready", "Unknown", "asking")), "Progressing", "asking"),
        (thing("Certificate", condition("Ready", "False", "no Secret"), condition("Issuing", "False", "the order failed", "Failed")), "Degraded", "the order failed"),
        (thing("Certificate", condition("Ready", "False", "no Secret"), condition("Issuing", "True", "asking")), "Progressing", "asking"),
        (thing("Certificate", condition("Ready", "False", "no Secret")), "Degraded", "no Secret"),
        (thing("ListenerSet", condition("Accepted"), condition("Programmed"), spec={"parentRef": {"name": "public"}}), "Healthy", ""),
        (thing("ListenerSet", condition("Accepted"), condition("Programmed", "False", "no key"), spec={"parentRef": {"name": "public"}}), "Degraded", "Gateway public does not take it: no key"),
        (thing("ListenerSet", condition("Accepted"), spec={"parentRef": {"name": "public"}}), "Progressing", "Gateway public has not answered"),
        (thing("HTTPRoute", spec=ROUTE), "Progressing", "Gateway internal has not answered"),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", *TAKEN, **ELSEWHERE)]), "Progressing", "ListenerSet order-api has not answered"),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", *TAKEN, **ELSEWHERE), parent("order-api", *TAKEN, kind="ListenerSet")]), "Healthy", ""),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", *TAKEN, namespace="other"), parent("order-api", *TAKEN, kind="ListenerSet")]), "Progressing", "Gateway internal has not answered"),
        (thing("HTTPRoute", spec=ROUTE, generation=3, parents=[parent("internal", *TAKEN, **ELSEWHERE)]), "Progressing", "Gateway internal has not answered"),
        (thing("HTTPRoute", spec=ROUTE, parents=[parent("internal", TAKEN[0], condition("ResolvedRefs", "False", "no Service"), **ELSEWHERE)]), "Degraded", "Gateway internal does not take it: no Service"),
    ],
)  # fmt: skip
def test_judgements(item: JsonObject | None, status: str, reason: str) -> None:
    """The verdict, and the controller's own words for it; a word about an older state of the object does not count."""
    judgement = judge(item)
    assert (judgement.status, judgement.reason) == (status, reason)


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
