"""What stands beside the workloads of a service."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from catalog_provider.cluster.state import KindState, summarise
from catalog_provider.health import EnvironmentHealth, Status, assess
from foundation.health import Cause
from foundation.health.rulebook import load_rulebook
from tests.catalog_provider.health.builders import fresh, view
from tests.catalog_provider.health.test_assess import service
from tests.foundation.health.objects import NOW, Item, condition, metadata


def beside(api_version: str, kind: str, spec: Item | None = None, status: Item | None = None) -> Item:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": metadata(f"order-api-{kind.lower()}"),
        "spec": spec or {},
        "status": status or {},
    }


def autoscaler(*conditions: Item, current: int = 3) -> Item:
    status = {"currentReplicas": current, "conditions": list(conditions)}
    return beside("autoscaling/v2", "HorizontalPodAutoscaler", {"maxReplicas": 3}, status)


def certificate(ready: str, message: str = "") -> Item:
    return beside("cert-manager.io/v1", "Certificate", {}, {"conditions": [condition("Ready", ready, "Any", message)]})


def environment(*objects: Item, crash: bool = False) -> EnvironmentHealth:
    kinds = {**fresh().kinds, **dict.fromkeys(_BESIDE, KindState(synced=True, heard_at=NOW))}
    health = assess("order-api", [], [view(*service(crash=crash), *objects, state=summarise(kinds, NOW))], NOW)
    assert health is not None
    return health.environments[0]


_BESIDE = ("HorizontalPodAutoscaler", "PodDisruptionBudget", "PersistentVolumeClaim", "Certificate.cert-manager.io")
_BLIND = condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics")


def test_trouble_beside_the_workloads_is_the_services_and_named() -> None:
    found = environment(autoscaler(_BLIND))
    name = "order-api-horizontalpodautoscaler"
    assert found.verdict.status is Status.DEGRADED
    assert found.verdict.message == f"HorizontalPodAutoscaler {name}: It cannot read its metrics: no metrics"
    assert found.verdict.cause == Cause("HorizontalPodAutoscaler", "shop", name)


def test_the_next_step_leads_to_the_object_in_trouble() -> None:
    kinds = {**fresh().kinds, **dict.fromkeys(_BESIDE, KindState(synced=True, heard_at=NOW))}
    given = view(*service(), certificate("False", "refused"), state=summarise(kinds, NOW))
    health = assess("order-api", [], [given], NOW)
    assert health is not None
    (step,) = health.next_steps
    assert step.command == "kubectl -n shop describe certificate order-api-certificate"


def test_of_two_troubles_alike_the_workload_speaks() -> None:
    found = environment(certificate("False", "refused"), crash=True)
    assert found.verdict.message == "1 of 1 pods crashes: exit 1"
    assert found.verdict.cause == Cause("Pod", "shop", "order-api-2-x", "app", 1)


def test_a_custom_resource_counts_by_the_rule_of_its_project() -> None:
    assert environment(certificate("False", "refused")).verdict.status is Status.DEGRADED
    assert environment(certificate("True")).verdict.status is Status.HEALTHY


def test_a_concern_is_told_and_colours_nothing() -> None:
    limited = condition("ScalingLimited", "True", "TooManyReplicas")
    found = environment(autoscaler(condition("AbleToScale", "True"), limited))
    assert found.verdict.status is Status.HEALTHY
    assert found.verdict.message.endswith("At its maximum of 3 pods, and the load asks for more")
    assert len(found.concerns) == 1


def test_a_volume_that_is_waited_for_is_progress() -> None:
    claim = beside("v1", "PersistentVolumeClaim", {"storageClassName": "fast"}, {"phase": "Pending"})
    assert environment(claim).verdict.status is Status.PROGRESSING


@pytest.mark.parametrize(
    "state",
    [
        KindState(synced=True, heard_at=NOW, refused=True, trouble="certificates is forbidden"),
        KindState(synced=True, heard_at=NOW - timedelta(minutes=2)),
        KindState(),
    ],
)
def test_a_kind_that_is_not_seen_is_unknown_and_nothing_else_suffers(state: KindState) -> None:
    kinds = {**fresh().kinds, "Certificate.cert-manager.io": state}
    health = assess("order-api", [], [view(*service(), certificate("True"), state=summarise(kinds, NOW))], NOW)
    assert health is not None
    (found,) = health.environments[0].resources
    assert found.verdict.status is Status.UNKNOWN
    assert health.verdict.status is Status.HEALTHY


def test_a_custom_workload_is_as_well_as_its_pods() -> None:
    """A Rollout of Argo with a finished rollout, whose pods crash."""
    rollout = {**beside("argoproj.io/v1alpha1", "Rollout", {}, {"phase": "Healthy"}), "metadata": metadata("order-api")}
    _, current, _, *pods = service(crash=True)
    owner = {"kind": "Rollout", "name": "order-api", "uid": rollout["metadata"]["uid"], "controller": True}
    current["metadata"]["ownerReferences"] = [owner]
    kinds = {**fresh().kinds, "Rollout.argoproj.io": KindState(synced=True, heard_at=NOW)}
    health = assess("order-api", [], [view(rollout, current, *pods, state=summarise(kinds, NOW))], NOW)
    assert health is not None
    (workload,) = health.environments[0].workloads
    assert (workload.kind, workload.verdict.status) == ("Rollout", Status.DEGRADED)
    assert workload.verdict.message == "1 of 1 pods crashes: exit 1"


def test_a_teams_rule_for_a_workload_is_heard(tmp_path: Path) -> None:
    """It wins over ours, here as in `explain`; what the pods say counts as ever."""
    (tmp_path / "ours.yaml").write_text(
        "project: Ours\nrules:\n- {group: apps, kinds: [Deployment], otherwise: {status: Suspended, message: ours}}\n"
    )
    rules = load_rulebook(tmp_path)
    health = assess("order-api", [], [view(*service())], NOW, rules)
    assert health is not None
    (workload,) = health.environments[0].workloads
    assert (workload.verdict.message, workload.ready, workload.desired) == ("ours", 1, 1)
    crashed = assess("order-api", [], [view(*service(crash=True))], NOW, rules)
    assert crashed is not None
    assert crashed.verdict.status is Status.DEGRADED
