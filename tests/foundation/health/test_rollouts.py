from __future__ import annotations

from typing import Any

import pytest

from foundation.health.jobs import judge_job
from foundation.health.rollouts import RULES
from tests.foundation.health.objects import Item, ago, condition, deployment, metadata


def changed(item: Item, generation: int = 1, **spec: Any) -> Item:
    return {**item, "metadata": {**item["metadata"], "generation": generation}, "spec": {**item["spec"], **spec}}


def with_condition(item: Item, *conditions: Item) -> Item:
    return {**item, "status": {**item["status"], "conditions": [*item["status"].get("conditions", []), *conditions]}}


def stateful_set(replicas: int = 3, strategy: Item | None = None, **status: Any) -> Item:
    full = {"readyReplicas": replicas, "updatedReplicas": replicas, "currentRevision": "a", "updateRevision": "a"}
    return {
        "kind": "StatefulSet",
        "metadata": metadata("db"),
        "spec": {"replicas": replicas, "updateStrategy": strategy or {"type": "RollingUpdate"}},
        "status": {"observedGeneration": 1, **full, **status},
    }


def daemon_set(desired: int = 3, strategy: str = "RollingUpdate", **status: Any) -> Item:
    full = {"desiredNumberScheduled": desired, "updatedNumberScheduled": desired, "numberAvailable": desired}
    return {
        "kind": "DaemonSet",
        "metadata": metadata("agent"),
        "spec": {"updateStrategy": {"type": strategy}},
        "status": {"observedGeneration": 1, **full, **status},
    }


def replica_set(replicas: int = 2, **status: Any) -> Item:
    return {
        "kind": "ReplicaSet",
        "metadata": metadata("alone"),
        "spec": {"replicas": replicas},
        "status": {"observedGeneration": 1, "availableReplicas": replicas, **status},
    }


QUOTA = condition("ReplicaFailure", "True", "FailedCreate", 'pods "x" is forbidden: exceeded quota: team')
GOING = {"metadata": {**deployment()["metadata"], "deletionTimestamp": ago(seconds=1)}}

CASES = [
    (deployment(), "Healthy", "3 of 3 pods ready"),
    (deployment(replicas=0), "Healthy", "Scaled to 0: nothing runs, as asked"),
    (changed(deployment(), paused=True), "Suspended", "Paused: changes are not rolled out"),
    (changed(deployment(), generation=2), "Progressing", "The last change has not been taken up yet"),
    (deployment(reason="ReplicaSetUpdated", updatedReplicas=1), "Progressing", "Rolling out: 1 of 3 pods updated"),
    (
        changed(deployment(reason="ReplicaSetUpdated", replicas=4, updatedReplicas=3, availableReplicas=3), replicas=3),
        "Progressing",
        "Rolling out: 1 old pod left",
    ),
    (deployment(availableReplicas=1), "Progressing", "1 of 3 pods ready"),
    # After a finished rollout a pod that is gone is no rollout.
    (deployment(updatedReplicas=2, availableReplicas=2), "Progressing", "2 of 3 pods ready"),
    (
        deployment(reason="ProgressDeadlineExceeded", updatedReplicas=1, availableReplicas=3),
        "Degraded",
        "Rollout is stuck: 1 of 3 pods are up to date and available",
    ),
    # The deadline of the generation before says nothing of this one.
    (
        changed(deployment(reason="ProgressDeadlineExceeded"), generation=2),
        "Progressing",
        "The last change has not been taken up yet",
    ),
    (
        with_condition(deployment(updatedReplicas=1), QUOTA),
        "Degraded",
        'Pods cannot be created: pods "x" is forbidden: exceeded quota: team',
    ),
    ({**deployment(), **GOING}, "Progressing", "Deployment is being deleted"),
    # Counts that are 0 are left out by API servers.
    (
        {"kind": "Deployment", "metadata": metadata("new"), "spec": {}, "status": {}},
        "Progressing",
        "The last change has not been taken up yet",
    ),
    (stateful_set(), "Healthy", "3 of 3 pods ready"),
    (stateful_set(readyReplicas=2), "Progressing", "2 of 3 pods ready"),
    (stateful_set(updateRevision="b", updatedReplicas=1), "Progressing", "Rolling out: 1 of 3 pods updated"),
    (stateful_set(strategy={"type": "OnDelete"}, updateRevision="b"), "Healthy", "3 of 3 pods ready"),
    (
        stateful_set(strategy={"rollingUpdate": {"partition": 2}}, updateRevision="b", updatedReplicas=0),
        "Progressing",
        "Rolling out: 0 of 1 pods updated",
    ),
    (
        stateful_set(strategy={"rollingUpdate": {"partition": 2}}, updateRevision="b", updatedReplicas=1),
        "Healthy",
        "3 of 3 pods ready",
    ),
    # The API server's default for a rolling update; revisions meet a moment after the last pod.
    (
        stateful_set(strategy={"rollingUpdate": {"partition": 0}}, updateRevision="b", updatedReplicas=2),
        "Progressing",
        "Rolling out: 2 of 3 pods updated",
    ),
    (stateful_set(strategy={"rollingUpdate": {"partition": 0}}, updateRevision="b"), "Healthy", "3 of 3 pods ready"),
    (daemon_set(), "Healthy", "3 of 3 pods ready"),
    (daemon_set(numberAvailable=2), "Progressing", "2 of 3 pods ready"),
    (daemon_set(updatedNumberScheduled=1), "Progressing", "Rolling out: 1 of 3 pods updated"),
    (daemon_set(strategy="OnDelete", updatedNumberScheduled=1), "Healthy", "3 of 3 pods ready"),
    (daemon_set(strategy="OnDelete", numberAvailable=1), "Progressing", "1 of 3 pods ready"),
    (daemon_set(desired=0), "Healthy", "No node asks for a pod"),
    # Neither field of a comparison that others make: absent is not equal to absent.
    (
        {"kind": "DaemonSet", "metadata": metadata("agent"), "spec": {}, "status": {}},
        "Progressing",
        "The last change has not been taken up yet",
    ),
    (replica_set(), "Healthy", "2 of 2 pods ready"),
    (replica_set(availableReplicas=1), "Progressing", "1 of 2 pods ready"),
    (
        with_condition(replica_set(availableReplicas=0), QUOTA),
        "Degraded",
        'Pods cannot be created: pods "x" is forbidden: exceeded quota: team',
    ),
]


@pytest.mark.parametrize(
    ("item", "status", "message"), CASES, ids=[f"{case[0]['kind']}-{place}" for place, case in enumerate(CASES)]
)
def test_the_rules_for_what_keeps_pods_running(item: Item, status: str, message: str) -> None:
    """Each state of each kind, judged alone."""
    verdict = RULES[item["kind"]](item)
    assert (verdict.status, verdict.message) == (status, message)


def job(*conditions: Item, suspend: bool = False, **status: Any) -> Item:
    return {
        "kind": "Job",
        "metadata": metadata("backfill"),
        "spec": {"completions": 2, "suspend": suspend},
        "status": {"conditions": list(conditions), "startTime": ago(minutes=3), **status},
    }


@pytest.mark.parametrize(
    ("item", "status", "reason", "message"),
    [
        (job(active=1), "Progressing", "Running", "Job runs: 0 of 2 done"),
        (job(succeeded=1, failed=2), "Progressing", "Running", "Job runs: 1 of 2 done, 2 attempts failed"),
        (job(condition("Complete", "True")), "Healthy", None, "Job has completed"),
        (job(condition("Suspended", "True", "JobSuspended")), "Suspended", "JobSuspended", "Job is suspended"),
        # Resumed: the condition stays, as False.
        (job(condition("Suspended", "False", "JobResumed")), "Progressing", "Running", "Job runs: 0 of 2 done"),
        (
            job(condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit")),
            "Degraded",
            "BackoffLimitExceeded",
            "Job failed: too many attempts failed",
        ),
        (
            job(condition("Failed", "True", "DeadlineExceeded")),
            "Degraded",
            "DeadlineExceeded",
            "Job failed: it took longer than allowed",
        ),
    ],
)
def test_the_rule_for_a_job(item: Item, status: str, reason: str | None, message: str) -> None:
    """Running, complete, suspended or given up, and why."""
    verdict = judge_job(item)
    assert (verdict.status, verdict.reason, verdict.message) == (status, reason, message)
