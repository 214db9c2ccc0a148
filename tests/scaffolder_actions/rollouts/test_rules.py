"""The rules on pods: why a roll-out does not get further."""

from __future__ import annotations

import pytest

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.rollouts.reasons import pods_of_newest_revision, reason_of

REVISION = "deployment.kubernetes.io/revision"


def pod(
    *containers: JsonObject, init: tuple[JsonObject, ...] = (), conditions: tuple[JsonObject, ...] = ()
) -> JsonObject:
    status: JsonObject = {
        "containerStatuses": list(containers),
        "initContainerStatuses": list(init),
        "conditions": list(conditions),
    }
    return {"metadata": {"ownerReferences": [{"uid": "r2"}]}, "status": status}


def waiting(reason: str, /, message: str = "", restarts: int = 0, **last: Json) -> JsonObject:
    return {
        "name": "app",
        "restartCount": restarts,
        "state": {"waiting": {"reason": reason, "message": message}},
        "lastState": {"terminated": last} if last else {},
    }


RUNNING: JsonObject = {"name": "app", "restartCount": 0, "state": {"running": {}}}
CRASHING = waiting("CrashLoopBackOff", restarts=4, exitCode=1, reason="Error")


@pytest.mark.parametrize(
    ("pods", "message", "hopeless"),
    [
        ([pod(waiting("ImagePullBackOff", 'no such image "x:1"'))], 'the pod: the image of app cannot be pulled: no such image "x:1"', True),
        ([pod(CRASHING), pod(RUNNING)], "1 of 2 pods: app crashes: exit 1", True),
        ([pod(CRASHING), pod(CRASHING), pod(RUNNING)], "2 of 3 pods: app crashes: exit 1", True),
        ([pod(waiting("CrashLoopBackOff", restarts=1, exitCode=1))], "the pod: app crashes: exit 1", False),
        ([pod(waiting("CrashLoopBackOff", restarts=3, exitCode=137, reason="OOMKilled"))], "the pod: app crashes: exit 137 (OOMKilled)", True),
        ([pod(RUNNING, init=(waiting("CreateContainerConfigError", 'secret "db" not found'),))], 'the pod: app cannot be started: secret "db" not found', True),
        ([pod(conditions=({"type": "PodScheduled", "status": "False", "message": "0/3 nodes  are\navailable"},))], "the pod: no node for it: 0/3 nodes are available", False),
        ([pod(waiting("CrashLoopBackOff", restarts=1, exitCode=2)), pod(waiting("ErrImagePull", "gone"))], "1 of 2 pods: the image of app cannot be pulled: gone", True),
    ],
)  # fmt: skip
def test_reasons(pods: list[JsonObject], message: str, hopeless: bool) -> None:
    """The most telling reason, with how many pods it is about, and whether waiting could help."""
    reason = reason_of(pods)
    assert reason is not None
    assert (reason.message, reason.hopeless) == (message, hopeless)


@pytest.mark.parametrize("pods", [[], [pod(RUNNING)], [pod(waiting("ContainerCreating"))], [{"metadata": {}}]])
def test_pods_that_are_only_slow(pods: list[JsonObject]) -> None:
    """No reason where there is nothing but time that passes."""
    assert reason_of(pods) is None


def test_old_pods_may_crash() -> None:
    """A roll-out that mends a crash is not judged by the pods that it replaces, nor by pods that are leaving."""

    def replica_set(uid: str, revision: str) -> JsonObject:
        owner: JsonObject = {"uid": "d"}
        return {"metadata": {"uid": uid, "annotations": {REVISION: revision}, "ownerReferences": [owner]}}

    deployment: JsonObject = {"metadata": {"name": "order-api", "uid": "d", "annotations": {REVISION: "2"}}}
    old: JsonObject = {"metadata": {"ownerReferences": [{"uid": "r1"}]}}
    leaving: JsonObject = {"metadata": {"ownerReferences": [{"uid": "r2"}], "deletionTimestamp": "now"}}
    new = pod(RUNNING)
    sets = [replica_set("r1", "1"), replica_set("r2", "2")]
    assert pods_of_newest_revision(deployment, sets, [old, leaving, new]) == [new]
    assert pods_of_newest_revision(deployment, sets[:1], [old]) == []
