from __future__ import annotations

import pytest

from foundation.health.pods import is_active, judge_pod
from tests.foundation.health.objects import NOW, Item, ago, condition, crashing, ended, pod, running, waiting

SCHEDULER = "0/3 nodes are available: 3 Insufficient memory."


def unschedulable(**since: float) -> Item:
    scheduled = condition("PodScheduled", "False", "Unschedulable", SCHEDULER, ago(**since))
    return {**pod(phase="Pending", conditions=[scheduled]), "status": {"phase": "Pending", "conditions": [scheduled]}}


def deleted(item: Item) -> Item:
    return {**item, "metadata": {**item["metadata"], "deletionTimestamp": ago(seconds=1)}}


STARTING: Item = {"ready_since": ago(seconds=20), "started": ago(seconds=20)}

CASES = [
    # A pod that serves, and restarts that are over.
    (pod(), "Healthy", None, "Pod is ready"),
    (pod(container=running(7, last=ended(137, "OOMKilled"))), "Healthy", None, "Pod is ready"),
    # Crash loops, in each of their phases: waiting, just ended, and running again without being ready.
    (crashing(), "Degraded", "CrashLoopBackOff", "Container app crashes: exit 1, 5 restarts"),
    (
        crashing(code=137, reason="OOMKilled"),
        "Degraded",
        "OOMKilled",
        "Container app crashes: exit 137 (OOMKilled at 512Mi), 5 restarts",
    ),
    (
        crashing(code=0, reason="Completed"),
        "Degraded",
        "CrashLoopBackOff",
        "Container app crashes: exit 0, though it should keep running, 5 restarts",
    ),
    (
        pod(container={"name": "app", "ready": False, "restartCount": 1, "state": {"terminated": ended(2)}}),
        "Degraded",
        "CrashLoopBackOff",
        "Container app crashes: exit 2, 1 restart",
    ),
    (
        pod(
            container=running(3, ready=False, started=ago(seconds=5), last=ended(1)),
            ready_since=ago(seconds=40),
        ),
        "Degraded",
        "CrashLoopBackOff",
        "Container app crashes: exit 1, 3 restarts",
    ),
    # Init containers, which others do not look at.
    (
        pod(
            phase="Pending",
            init=waiting("CrashLoopBackOff", restarts=1, last=ended(1), name="migrate"),
            container=waiting("PodInitializing"),
        ),
        "Degraded",
        "CrashLoopBackOff",
        "Init container migrate crashes: exit 1, 1 restart",
    ),
    (
        pod(
            phase="Pending",
            init={"name": "migrate", "ready": True, "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}},
            container=waiting("PodInitializing"),
            **STARTING,
        ),
        "Progressing",
        "PodInitializing",
        "Pod is starting",
    ),
    # Images and configuration.
    *[
        (
            pod(phase="Pending", container=waiting(reason)),
            "Degraded",
            told,
            "Container app cannot pull image registry.example/order-api:1.2.0",
        )
        for reason, told in (
            ("ErrImagePull", "ImagePullBackOff"),
            ("ImagePullBackOff", "ImagePullBackOff"),
            ("ErrImageNeverPull", "ErrImageNeverPull"),
        )
    ],
    (
        pod(phase="Pending", container=waiting("InvalidImageName")),
        "Degraded",
        "InvalidImageName",
        "Container app cannot pull image registry.example/order-api:1.2.0: that is no image name",
    ),
    (
        pod(phase="Pending", container=waiting("CreateContainerConfigError", 'secret "db" not found')),
        "Degraded",
        "CreateContainerConfigError",
        'Container app cannot start: secret "db" not found',
    ),
    (
        pod(phase="Pending", container=waiting("RunContainerError")),
        "Degraded",
        "RunContainerError",
        "Container app cannot start: RunContainerError",
    ),
    # Scheduling: an autoscaler gets its time.
    (unschedulable(seconds=30), "Progressing", "Unschedulable", f"Pod cannot be scheduled: {SCHEDULER}"),
    (unschedulable(minutes=4), "Degraded", "Unschedulable", f"Pod cannot be scheduled: {SCHEDULER}"),
    # Starting, and starting for too long.
    (
        pod(phase="Pending", container=waiting("ContainerCreating"), **STARTING),
        "Progressing",
        "ContainerCreating",
        "Pod is starting",
    ),
    (
        pod(container=running(ready=False, started=ago(seconds=15)), **STARTING),
        "Progressing",
        "Starting",
        "Pod is starting",
    ),
    (
        pod(phase="Pending", container=waiting("ContainerCreating"), started=ago(minutes=11)),
        "Degraded",
        "StartTimeout",
        "Pod is not ready 10 minutes after its start",
    ),
    # Readiness that was reached and lost, without a crash.
    (
        pod(container=running(ready=False, started=ago(minutes=20)), ready_since=ago(minutes=2)),
        "Degraded",
        "Unready",
        "Pod was ready and is not any more",
    ),
    # Ends.
    (pod(phase="Succeeded"), "Healthy", None, "Pod has completed"),
    (
        pod(phase="Failed", reason="Evicted", message="The node was low on resource: memory."),
        "Degraded",
        "Evicted",
        "Pod failed: The node was low on resource: memory.",
    ),
    (
        pod(phase="Failed", container={"name": "app", "state": {"terminated": ended(3)}}),
        "Degraded",
        "Error",
        "Pod failed: container app ended with exit 3",
    ),
    (pod(restart_policy="Never"), "Progressing", "Running", "Pod runs"),
    (pod(phase="Unknown"), "Unknown", None, "The node of this pod does not report"),
    (deleted(crashing()), "Progressing", "Terminating", "Pod is being deleted"),
]


@pytest.mark.parametrize(
    ("item", "status", "reason", "message"),
    CASES,
    ids=[f"{case[1]}-{case[2]}-{place}" for place, case in enumerate(CASES)],
)
def test_the_rule_for_a_pod(item: Item, status: str, reason: str | None, message: str) -> None:
    """The status, the machine's word for why, and a sentence that names container and exit code."""
    if status == "Unknown":
        item["status"]["conditions"] = []
    verdict = judge_pod(item, NOW).verdict
    assert (verdict.status, verdict.reason, verdict.message) == (status, reason, message)


@pytest.mark.parametrize("item", [{}, {"status": None}, {"status": {"conditions": 3, "containerStatuses": ["x"]}}])
def test_any_shape_has_a_verdict(item: Item) -> None:
    """An object that no API server would send is Unknown, and no error."""
    assert judge_pod(item, NOW).verdict.status == "Unknown"


def test_pods_that_ended_or_go_do_not_count() -> None:
    """As for the controllers: an evicted pod has its stand-in already."""
    assert is_active(crashing())
    assert not is_active(pod(phase="Failed"))
    assert not is_active(pod(phase="Succeeded"))
    assert not is_active(deleted(pod()))
