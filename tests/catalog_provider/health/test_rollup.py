from __future__ import annotations

from pathlib import Path

import pytest

from catalog_provider.health.rollup import roll_up, version_of
from foundation.health.rulebook import load_rulebook
from tests.foundation.health.objects import (
    NOW,
    Item,
    ago,
    condition,
    crashing,
    deployment,
    pod,
    running,
    template,
    waiting,
)


def test_every_pod_crashing_after_a_finished_rollout_is_degraded() -> None:
    """The workload alone only says that it waits; its pods say why."""
    finished = deployment(readyReplicas=0, availableReplicas=0)
    health = roll_up(
        finished, [crashing(f"order-api-{place}", code=137, reason="OOMKilled") for place in range(3)], NOW
    )
    assert health.verdict.status == "Degraded"
    assert health.verdict.message == "3 of 3 pods crash: exit 137 (OOMKilled at 512Mi)"
    assert health.verdict.reason == "OOMKilled"
    assert (health.ready, health.desired, health.version) == (0, 3, "1.2.0")


def test_what_most_pods_suffer_from_is_said_and_the_rest_counted() -> None:
    """One sentence, the most common trouble first."""
    pods = [crashing("a"), crashing("b"), pod("c", waiting("ImagePullBackOff"), phase="Pending")]
    health = roll_up(deployment(availableReplicas=0), pods, NOW)
    assert health.verdict.message == "2 of 3 pods crash: exit 1 (1 more in other trouble)"


def test_one_pod_is_spoken_of_in_the_singular() -> None:
    """Sentences are for people."""
    health = roll_up(deployment(availableReplicas=2), [crashing("a"), pod("b"), pod("c")], NOW)
    assert health.verdict.message == "1 of 3 pods crashes: exit 1"


def test_a_stuck_rollout_says_what_it_is_stuck_on() -> None:
    """The deadline is the verdict, the pods are the reason."""
    stuck = deployment(reason="ProgressDeadlineExceeded", updatedReplicas=1, availableReplicas=2)
    health = roll_up(stuck, [pod("a"), pod("b"), pod("c", waiting("ImagePullBackOff"), phase="Pending")], NOW)
    assert health.verdict.message == "Rollout is stuck: 1 of 3 pods cannot pull image registry.example/order-api:1.2.0"
    assert health.verdict.reason == "ImagePullBackOff"


def test_a_waiting_pod_explains_a_rollout_that_is_under_way() -> None:
    """Still within its time, and the scheduler's words are there already."""
    scheduled = condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available", ago(seconds=30))
    lonely = {**pod("a"), "status": {"phase": "Pending", "conditions": [scheduled]}}
    health = roll_up(deployment(replicas=1, availableReplicas=0), [lonely], NOW)
    assert health.verdict.status == "Progressing"
    assert health.verdict.message == "0 of 1 pods ready; 1 of 1 pods cannot be scheduled: 0/1 nodes are available"


def test_pods_that_ended_are_shown_and_do_not_count() -> None:
    """An evicted pod stays for weeks beside its healthy stand-in."""
    health = roll_up(deployment(replicas=1), [pod("a", phase="Failed", reason="Evicted"), pod("b")], NOW)
    assert health.verdict.status == "Healthy"
    assert [(each.name, each.verdict.status) for each in health.pods] == [("a", "Degraded"), ("b", "Healthy")]


def test_the_deadline_of_a_deployment_is_the_patience_with_its_pods() -> None:
    """After a finished rollout no condition counts the time any more; the pods' age does."""
    short = deployment(replicas=1, availableReplicas=0)
    short["spec"]["progressDeadlineSeconds"] = 15
    young = pod(
        "a", running(ready=False, started=ago(seconds=20)), started=ago(seconds=20), ready_since=ago(seconds=20)
    )
    assert roll_up(short, [young], NOW).verdict.reason == "StartTimeout"
    assert roll_up(deployment(replicas=1, availableReplicas=0), [young], NOW).verdict.status == "Progressing"


def test_a_paused_deployment_that_crashes_is_degraded() -> None:
    """Being paused explains no crash."""
    paused = deployment()
    paused["spec"]["paused"] = True
    assert roll_up(paused, [pod("a")], NOW).verdict.status == "Suspended"
    assert roll_up(paused, [crashing("a")], NOW).verdict.status == "Degraded"


def test_a_bare_pod_is_its_own_workload() -> None:
    """Nothing above it, and judged all the same."""
    alone = crashing("alone")
    health = roll_up(alone, [alone], NOW)
    assert (health.kind, health.verdict.status, health.ready, health.desired) == ("Pod", "Degraded", 0, 1)


def test_containers_are_shown_with_state_and_restarts() -> None:
    """Init containers first, each as the kubelet reports it."""
    init = waiting("CrashLoopBackOff", restarts=4, name="migrate")
    health = roll_up(deployment(), [pod("a", waiting("PodInitializing"), init=init, phase="Pending")], NOW)
    shown = [each.to_json() for each in health.pods[0].containers]
    assert shown == [
        {"name": "migrate", "ready": False, "restarts": 4, "state": "waiting", "reason": "CrashLoopBackOff"},
        {"name": "app", "ready": False, "restarts": 0, "state": "waiting", "reason": "PodInitializing"},
    ]


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("registry.example/order-api:1.2.0", "1.2.0"),
        ("localhost:5000/order-api", None),
        ("localhost:5000/order-api:2", "2"),
        ("order-api@sha256:0123456789abcdef0123", "0123456789ab"),
        ("order-api:3.1@sha256:0123456789abcdef0123", "3.1"),
        ("", None),
    ],
)
def test_the_version_is_the_tag(image: str, version: str | None) -> None:
    """A port of a registry is no tag; a digest stands in for a missing one."""
    assert version_of({"kind": "Deployment", "spec": {"template": template(image)}}) == version


def test_the_version_is_that_of_the_services_own_container() -> None:
    """A side container may stand first."""
    containers: list[Item] = [{"name": "proxy", "image": "proxy:9"}, {"name": "order-api", "image": "order-api:1"}]
    workload = {**deployment(), "spec": {"template": {"spec": {"containers": containers}}}}
    assert version_of(workload) == "1"


def test_a_teams_rule_for_pods_is_heard_of_a_pod_without_a_workload(tmp_path: Path) -> None:
    """Pods of a workload are still read for what they say against it."""
    (tmp_path / "Pod").mkdir()
    (tmp_path / "Pod" / "health.lua").write_text("return {status = 'Healthy', message = 'ours'}")
    rules = load_rulebook(scripts=tmp_path)
    assert roll_up(crashing("a"), [crashing("a")], NOW, rulebook=rules).verdict.message == "ours"
    assert roll_up(deployment(), [crashing("a")], NOW, rulebook=rules).verdict.status == "Degraded"
