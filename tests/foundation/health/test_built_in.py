from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from foundation.health import Status, Verdict
from foundation.health.built_in import PYTHON_RULES
from foundation.health.kinds import GroupKind
from foundation.health.rulebook import load_rulebook
from tests.foundation.health.objects import NOW, Item, ago, condition

_RULES = load_rulebook()


def judged(api_version: str, kind: str, **parts: Any) -> Verdict:
    item: Item = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "it", "generation": 2}, **parts}
    return _RULES.judge(item, NOW)


def balanced(**address: str) -> Item:
    return {"loadBalancer": {"ingress": [address]}}


_CASES: list[tuple[str, str, Item, Status, str]] = [
    ("v1", "Service", {"spec": {"type": "ClusterIP"}}, Status.HEALTHY, "Service is there"),
    ("v1", "Service", {"spec": {"type": "LoadBalancer"}}, Status.PROGRESSING, "waits for its load balancer"),
    (
        "v1",
        "Service",
        {"spec": {"type": "LoadBalancer"}, "status": balanced(hostname="a.example")},
        Status.HEALTHY,
        "a.example",
    ),
    ("networking.k8s.io/v1", "Ingress", {"status": {}}, Status.PROGRESSING, "waits"),
    ("networking.k8s.io/v1", "Ingress", {"status": balanced(ip="10.0.0.1")}, Status.HEALTHY, "10.0.0.1"),
    ("v1", "Endpoints", {"subsets": [{"notReadyAddresses": [{}]}]}, Status.PROGRESSING, "0 of 1"),
    (
        "discovery.k8s.io/v1",
        "EndpointSlice",
        {"endpoints": [{"conditions": {"ready": True}}, {"conditions": {"ready": False}}]},
        Status.HEALTHY,
        "1 of 2",
    ),
    ("v1", "PersistentVolumeClaim", {"status": {"phase": "Bound"}}, Status.HEALTHY, "Bound"),
    (
        "v1",
        "PersistentVolumeClaim",
        {"spec": {"storageClassName": "fast"}, "status": {"phase": "Pending"}},
        Status.PROGRESSING,
        "storage class fast",
    ),
    ("v1", "PersistentVolumeClaim", {"status": {"phase": "Lost"}}, Status.DEGRADED, "gone"),
    ("v1", "PersistentVolumeClaim", {"status": {"phase": "Odd"}}, Status.UNKNOWN, "Odd"),
    ("v1", "PersistentVolume", {"status": {"phase": "Failed", "message": "in use"}}, Status.DEGRADED, "in use"),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        {"status": {"conditions": [condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics")]}},
        Status.DEGRADED,
        "It cannot read its metrics: no metrics",
    ),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        {
            "spec": {"maxReplicas": 10},
            "status": {"currentReplicas": 10, "conditions": [condition("ScalingLimited", "True", "TooManyReplicas")]},
        },
        Status.HEALTHY,
        "At its maximum of 10 pods",
    ),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        {
            "spec": {"maxReplicas": 10},
            "status": {"currentReplicas": 3, "conditions": [condition("AbleToScale", "True")]},
        },
        Status.HEALTHY,
        "Keeps 3 pods, of at most 10",
    ),
    ("autoscaling/v2", "HorizontalPodAutoscaler", {"status": {}}, Status.PROGRESSING, "not looked"),
    (
        "policy/v1",
        "PodDisruptionBudget",
        {"status": {"observedGeneration": 2, "expectedPods": 2, "currentHealthy": 2, "desiredHealthy": 2}},
        Status.HEALTHY,
        "Blocks every drain",
    ),
    (
        "policy/v1",
        "PodDisruptionBudget",
        {"status": {"observedGeneration": 2, "disruptionsAllowed": 1, "expectedPods": 3}},
        Status.HEALTHY,
        "1 of 3 pods may be evicted",
    ),
    (
        "policy/v1",
        "PodDisruptionBudget",
        {
            "status": {
                "observedGeneration": 2,
                "conditions": [condition("DisruptionAllowed", "False", "SyncFailed", "two owners")],
            }
        },
        Status.DEGRADED,
        "two owners",
    ),
    ("v1", "Namespace", {"status": {"phase": "Active"}}, Status.HEALTHY, "active"),
    (
        "v1",
        "Namespace",
        {
            "metadata": {"name": "it", "deletionTimestamp": ago(minutes=1)},
            "status": {
                "phase": "Terminating",
                "conditions": [
                    condition("NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed", "an API is gone")
                ],
            },
        },
        Status.DEGRADED,
        "an API is gone",
    ),
    (
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        {"status": {"conditions": [condition("Established", "True"), condition("NamesAccepted", "True")]}},
        Status.HEALTHY,
        "served",
    ),
    (
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        {"status": {"conditions": [condition("NamesAccepted", "False", "ListKindConflict", "taken by another")]}},
        Status.DEGRADED,
        "taken by another",
    ),
    (
        "apiregistration.k8s.io/v1",
        "APIService",
        {"status": {"conditions": [condition("Available", "False", "MissingEndpoints", "no endpoints")]}},
        Status.PROGRESSING,
        "no endpoints",
    ),
    ("v1", "Node", {"status": {"conditions": [condition("Ready", "Unknown")]}}, Status.UNKNOWN, "does not report"),
    (
        "v1",
        "Node",
        {"spec": {"unschedulable": True}, "status": {"conditions": [condition("Ready", "True")]}},
        Status.SUSPENDED,
        "Cordoned",
    ),
    ("v1", "ConfigMap", {}, Status.HEALTHY, "is there"),
    ("rbac.authorization.k8s.io/v1", "Role", {}, Status.HEALTHY, "is there"),
    ("example.com/v1", "Widget", {"spec": {}}, Status.UNKNOWN, "a rule can teach it"),
    ("example.com/v1", "Widget", {"status": {"conditions": [condition("Ready", "True")]}}, Status.HEALTHY, "ready"),
    (
        "example.com/v1",
        "Widget",
        {"status": {"conditions": [condition("Ready", "False", "Broken", "it broke")]}},
        Status.DEGRADED,
        "it broke",
    ),
    (
        "example.com/v1",
        "Widget",
        {"status": {"conditions": [condition("Ready", "False", "Creating", "on its way")]}},
        Status.PROGRESSING,
        "on its way",
    ),
    (
        "example.com/v1",
        "Widget",
        {"status": {"conditions": [condition("Ready", "True"), condition("Synced", "False", "Denied", "no access")]}},
        Status.DEGRADED,
        "no access",
    ),
    (
        "example.com/v1",
        "Widget",
        {"status": {"conditions": [condition("Ready", "True"), condition("Stalled", "True", "Gone", "gave up")]}},
        Status.DEGRADED,
        "gave up",
    ),
    (
        "example.com/v1",
        "Widget",
        {
            "status": {
                "conditions": [condition("Ready", "True"), condition("Reconciling", "True", "Working", "at work")]
            }
        },
        Status.PROGRESSING,
        "at work",
    ),
    (
        "example.com/v1",
        "Widget",
        {"status": {"observedGeneration": 1, "conditions": [condition("Ready", "True")]}},
        Status.PROGRESSING,
        "not been taken up",
    ),
    (
        "example.com/v1",
        "Widget",
        {"metadata": {"name": "it", "deletionTimestamp": ago(minutes=1), "finalizers": ["a/b"]}, "status": {}},
        Status.PROGRESSING,
        "being deleted; it waits for a/b",
    ),
    (
        "gateway.networking.k8s.io/v1",
        "Gateway",
        {
            "status": {
                "conditions": [condition("Accepted", "True"), condition("Programmed", "False", "NoAddress", "wait")]
            }
        },
        Status.PROGRESSING,
        "wait",
    ),
]


@pytest.mark.parametrize(("api_version", "kind", "parts", "status", "said"), _CASES)
def test_a_kind_is_judged_as_its_rule_says(api_version: str, kind: str, parts: Item, status: Status, said: str) -> None:
    verdict = judged(api_version, kind, **parts)
    assert verdict.status is status, verdict
    assert said in verdict.message


@pytest.mark.parametrize("kind", sorted(PYTHON_RULES))
def test_every_kind_says_alike_that_it_is_being_deleted(kind: GroupKind) -> None:
    """Whatever else it says, since when, and what holds it; the moment at which a grace ends is none to count from."""
    going: Item = {"name": "it", "deletionTimestamp": ago(minutes=1), "finalizers": ["a/b"]}
    item: Item = {"apiVersion": f"{kind.group}/v1" if kind.group else "v1", "kind": kind.kind, "metadata": going}
    said = f"{kind.kind} is being deleted; it waits for a/b"
    assert _RULES.judge(item, NOW) == Verdict(Status.PROGRESSING, said, "Terminating", NOW - timedelta(minutes=1))
    going["deletionGracePeriodSeconds"] = 90
    assert _RULES.judge(item, NOW) == Verdict(Status.PROGRESSING, said, "Terminating")


def parent(accepted: str, resolved: str = "True", generation: int = 2) -> Item:
    conditions = [
        condition("Accepted", accepted, message="not allowed here"),
        condition("ResolvedRefs", resolved, message="no such Service"),
    ]
    return {
        "parentRef": {"name": "public"},
        "conditions": [{**each, "observedGeneration": generation} for each in conditions],
    }


@pytest.mark.parametrize(
    ("parents", "status", "said"),
    [
        ([parent("True")], Status.HEALTHY, "Accepted by Gateway public"),
        ([parent("False")], Status.DEGRADED, "Gateway public does not take it: not allowed here"),
        ([parent("True", "False")], Status.DEGRADED, "no such Service"),
        ([parent("True", generation=1)], Status.PROGRESSING, "Gateway public has not answered"),
        ([], Status.PROGRESSING, "Gateway public has not answered"),
    ],
)
def test_every_parent_of_a_route_has_to_take_it(parents: list[Item], status: Status, said: str) -> None:
    spec = {"parentRefs": [{"name": "public"}]}
    verdict = judged("gateway.networking.k8s.io/v1", "HTTPRoute", spec=spec, status={"parents": parents})
    assert (verdict.status, said in verdict.message) == (status, True), verdict


_TRUE = [condition("Accepted", "True"), condition("Programmed", "True")]
_GATEWAY = "gateway.networking.k8s.io/v1"


def listener(*conditions: Item) -> Item:
    return {"conditions": _TRUE, "listeners": [{"name": "https", "conditions": list(conditions)}]}


@pytest.mark.parametrize(
    ("kind", "state", "status", "said"),
    [
        ("GatewayClass", {"conditions": [condition("Accepted", "True")]}, Status.HEALTHY, "is accepted"),
        ("GatewayClass", {"conditions": [condition("Accepted", "False", "No", "no such")]}, Status.DEGRADED, "no such"),
        ("GatewayClass", {}, Status.PROGRESSING, "not been answered"),
        ("Gateway", {"conditions": _TRUE}, Status.HEALTHY, "accepted and programmed"),
        (
            "Gateway",
            {"conditions": [*_TRUE, condition("ResolvedRefs", "False", "No", "no parameters")]},
            Status.DEGRADED,
            "no parameters",
        ),
        ("Gateway", listener(condition("Accepted", "False", "No", "port")), Status.DEGRADED, "Listener https: port"),
        ("ListenerSet", listener(condition("Conflicted", "True", "Host", "taken")), Status.DEGRADED, "https: taken"),
        ("ListenerSet", listener(condition("Programmed", "False", "No", "wait")), Status.PROGRESSING, "https: wait"),
        ("ListenerSet", listener(condition("Programmed", "True")), Status.HEALTHY, "programmed by Gateway public"),
        ("ListenerSet", {}, Status.PROGRESSING, "Gateway public has not answered"),
        ("ListenerSet", {"conditions": [condition("Accepted", "False", "No", "full")]}, Status.DEGRADED, "it: full"),
    ],
)
def test_a_gateway_and_each_of_its_listeners_has_to_be_taken(kind: str, state: Item, status: Status, said: str) -> None:
    spec = {"parentRef": {"name": "public"}} if kind == "ListenerSet" else {}
    verdict = judged(_GATEWAY, kind, spec=spec, status=state)
    assert (verdict.status, said in verdict.message) == (status, True), verdict


@pytest.mark.parametrize("kind", ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"])
def test_every_kind_of_route_is_judged_by_its_parents(kind: str) -> None:
    spec = {"parentRefs": [{"name": "public"}]}
    assert judged(_GATEWAY, kind, spec=spec, status={"parents": [parent("True")]}).status is Status.HEALTHY
    assert judged(_GATEWAY, kind, spec=spec, status={"parents": [parent("False")]}).status is Status.DEGRADED
    assert judged(_GATEWAY, kind).reason == "NoParents"


def test_an_old_answer_does_not_count_beside_a_new_one() -> None:
    """A controller that was taken away leaves its answer in the route for ever."""
    spec = {"parentRefs": [{"name": "public"}]}
    answers = [parent("False", generation=1), parent("True")]
    assert judged(_GATEWAY, "HTTPRoute", spec=spec, status={"parents": answers}).status is Status.HEALTHY


@pytest.mark.parametrize(
    ("annotations", "reason", "said"),
    [
        ({}, "Pending", "Waits for its first pod, or for a volume of storage class fast that fits"),
        (
            {"volume.kubernetes.io/storage-provisioner": "ebs.csi.aws.com"},
            "Provisioning",
            "A volume of storage class fast is being made",
        ),
    ],
)
def test_a_claim_says_whether_someone_makes_its_volume(annotations: Item, reason: str, said: str) -> None:
    parts = {"metadata": {"annotations": annotations}, "spec": {"storageClassName": "fast"}}
    verdict = judged("v1", "PersistentVolumeClaim", **parts, status={"phase": "Pending"})
    assert verdict == Verdict(Status.PROGRESSING, said, reason)


@pytest.mark.parametrize(
    ("kind", "state", "status"),
    [
        ({"apiVersion": "v1", "kind": "Node"}, {"conditions": [condition("Ready", "True")]}, Status.HEALTHY),
        ({"apiVersion": "v1", "kind": "Node"}, {"conditions": [condition("Ready", "False")]}, Status.DEGRADED),
        (
            {"apiVersion": "v1", "kind": "Node"},
            {"conditions": [condition("Ready", "True"), condition("DiskPressure", "True")]},
            Status.DEGRADED,
        ),
        (
            {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService"},
            {"conditions": [condition("Available", "True")]},
            Status.HEALTHY,
        ),
        ({"apiVersion": "v1", "kind": "PersistentVolume"}, {"phase": "Released"}, Status.HEALTHY),
        ({"apiVersion": "v1", "kind": "Endpoints"}, {}, Status.HEALTHY),
        (
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"},
            {"conditions": [condition("Established", "False", "Installing")]},
            Status.PROGRESSING,
        ),
    ],
)
def test_what_belongs_to_the_cluster_is_judged_by_what_it_says(kind: Item, state: Item, status: Status) -> None:
    assert _RULES.judge({**kind, "metadata": {"name": "it"}, "status": state}, NOW).status is status


@pytest.mark.parametrize(
    ("state", "status", "said"),
    [
        ({}, Status.HEALTHY, "It has not run yet"),
        ({"lastScheduleTime": ago(hours=1), "lastSuccessfulTime": ago(minutes=58)}, Status.HEALTHY, "has succeeded"),
        ({"lastScheduleTime": ago(hours=1), "lastSuccessfulTime": ago(hours=2)}, Status.DEGRADED, "did not succeed"),
        ({"lastScheduleTime": ago(hours=1)}, Status.DEGRADED, "did not succeed"),
        ({"lastScheduleTime": ago(hours=1), "active": [{"name": "run"}]}, Status.HEALTHY, "not run yet"),
    ],
)
def test_a_schedule_whose_runs_are_not_known_is_judged_by_its_own_words(state: Item, status: Status, said: str) -> None:
    verdict = judged("batch/v1", "CronJob", spec={"schedule": "0 * * * *"}, status=state)
    assert (verdict.status, said in verdict.message) == (status, True), verdict


def test_a_condition_of_an_older_generation_is_not_believed() -> None:
    """Neither by the rule of a project nor by the standard one, and no bad one either."""
    for said in ("True", "False"):
        old = {"conditions": [{**condition("Ready", said), "observedGeneration": 1}]}
        for version, kind in (("cert-manager.io/v1", "Certificate"), ("example.com/v1", "Widget")):
            verdict = judged(version, kind, status=old)
            assert (verdict.status, verdict.reason) == (Status.PROGRESSING, "Unobserved"), kind


def test_a_healthy_verdict_with_a_reason_is_a_concern() -> None:
    status = {"observedGeneration": 2, "expectedPods": 1, "currentHealthy": 1, "desiredHealthy": 1}
    assert judged("policy/v1", "PodDisruptionBudget", status=status).reason == "BlocksDrain"
