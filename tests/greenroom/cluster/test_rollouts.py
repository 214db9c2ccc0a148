"""Deployments roll out as the real controller lets them."""

from __future__ import annotations

import pytest

from greenroom.local.cluster.controllers.deployment import REVISION
from greenroom.local.cluster.objects import Manifest, annotations_of, name_of
from greenroom.local.cluster.patches import JSON_PATCH
from greenroom.local.cluster.resources import DEPLOYMENTS, EVENTS, PODS, REPLICA_SETS
from greenroom.local.cluster.storage import Change
from tests.greenroom.cluster.simulation import Simulation, condition, deployment, is_rolled_out


def _image(version: str) -> Manifest:
    containers = [{"name": "app", "image": f"registry.example/order-api:{version}"}]
    return {"spec": {"template": {"spec": {"containers": containers}}}}


def test_a_new_deployment_becomes_available_and_says_so(simulation: Simulation) -> None:
    """Pods come up through Pending and ContainerCreating; status, conditions and revision end as recorded."""
    simulation.create(DEPLOYMENTS, deployment())
    simulation.clock.advance(0.3)
    assert {pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] for pod in simulation.pods()} == {
        "ContainerCreating"
    }
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    found = simulation.get(DEPLOYMENTS, "order-api")
    assert condition(found, "Available") == ("True", "MinimumReplicasAvailable")
    assert condition(found, "Progressing") == ("True", "NewReplicaSetAvailable")
    assert annotations_of(found)[REVISION] == "1"
    assert found["status"] == {
        "observedGeneration": 1,
        "replicas": 3,
        "updatedReplicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "terminatingReplicas": 0,
        "conditions": found["status"]["conditions"],
    }


@pytest.mark.parametrize(
    ("surge", "unavailable", "most", "least"), [("25%", "25%", 5, 3), (0, 1, 4, 3), (2, 0, 6, 4), (0, 0, 4, 3)]
)
def test_a_rollout_stays_within_surge_and_unavailable(
    simulation: Simulation, surge: object, unavailable: object, most: int, least: int
) -> None:
    """Never more pods than replicas and surge, never fewer available than replicas less unavailable."""
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}
    simulation.deployed(replicas=4, strategy=rolling)
    seen: list[tuple[int, int]] = []

    def look(change: Change) -> None:
        if change.resource in {PODS, DEPLOYMENTS}:
            sets = simulation.objects(REPLICA_SETS)
            wanted = sum(each["spec"]["replicas"] for each in sets)
            available = sum(each["status"].get("availableReplicas", 0) for each in sets)
            seen.append((wanted, available))

    simulation.cluster.store.subscribe(look)
    simulation.patch(DEPLOYMENTS, "order-api", _image("2.0.0"))
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    assert max(wanted for wanted, _ in seen) <= most
    assert min(available for _, available in seen) >= least
    assert len(simulation.objects(REPLICA_SETS)) == 2


def test_recreate_waits_until_the_old_pods_are_gone(simulation: Simulation) -> None:
    """No old and new pod exist at the same time."""
    simulation.deployed(replicas=2, strategy={"type": "Recreate"})
    old = {name_of(pod) for pod in simulation.pods()}
    mixed: list[bool] = []

    def look(change: Change) -> None:
        if change.resource is PODS:
            names = {name_of(pod) for pod in simulation.pods()}
            mixed.append(bool(names & old) and bool(names - old))

    simulation.cluster.store.subscribe(look)
    simulation.patch(DEPLOYMENTS, "order-api", _image("2.0.0"))
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    assert not any(mixed)
    assert not {name_of(pod) for pod in simulation.pods()} & old


def test_going_back_uses_the_old_replica_set_again(simulation: Simulation) -> None:
    """The template of an earlier revision becomes the newest revision, with the replica set it had."""
    simulation.deployed()
    (first,) = simulation.objects(REPLICA_SETS)
    simulation.patch(DEPLOYMENTS, "order-api", _image("2.0.0"))
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    template = dict(simulation.get(DEPLOYMENTS, "order-api")["spec"]["template"])
    template["spec"] = {**first["spec"]["template"]["spec"]}
    template["metadata"] = {**template["metadata"], "creationTimestamp": None}
    simulation.patch(
        DEPLOYMENTS, "order-api", [{"op": "replace", "path": "/spec/template", "value": template}], JSON_PATCH
    )
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    assert len(simulation.objects(REPLICA_SETS)) == 2
    assert simulation.get(REPLICA_SETS, name_of(first))["spec"]["replicas"] == 3
    assert annotations_of(simulation.get(DEPLOYMENTS, "order-api"))[REVISION] == "3"


def test_a_paused_deployment_keeps_its_pods_and_follows_its_size(simulation: Simulation) -> None:
    """A new template waits until the pause ends; a new size does not."""
    simulation.deployed()
    simulation.patch(DEPLOYMENTS, "order-api", {"spec": {"paused": True, "replicas": 4, **_image("2.0.0")["spec"]}})
    simulation.clock.advance(10)
    found = simulation.get(DEPLOYMENTS, "order-api")
    assert condition(found, "Progressing") == ("Unknown", "DeploymentPaused")
    assert [each["spec"]["replicas"] for each in simulation.objects(REPLICA_SETS)] == [4]
    simulation.patch(DEPLOYMENTS, "order-api", {"spec": {"paused": None}})
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    assert len(simulation.objects(REPLICA_SETS)) == 2


def test_scaling_to_nothing_leaves_a_complete_deployment(simulation: Simulation) -> None:
    """Zero replicas are available as asked."""
    simulation.deployed()
    simulation.patch(DEPLOYMENTS, "order-api", {"spec": {"replicas": 0}})
    simulation.clock.advance(5)
    found = simulation.get(DEPLOYMENTS, "order-api")
    assert not simulation.pods()
    assert condition(found, "Available") == ("True", "MinimumReplicasAvailable")
    assert "replicas" not in found["status"]


def test_a_rollout_beyond_its_deadline_has_failed_until_it_moves_again(simulation: Simulation) -> None:
    """ProgressDeadlineExceeded after the deadline, and complete again once the pods come up."""
    simulation.deployed(progressDeadlineSeconds=20)
    simulation.cluster.break_("order-api", "image")
    simulation.patch(DEPLOYMENTS, "order-api", _image("2.0.0"))
    simulation.clock.advance(19)
    assert condition(simulation.get(DEPLOYMENTS, "order-api"), "Progressing")[0] == "True"
    simulation.clock.advance(3)
    found = simulation.get(DEPLOYMENTS, "order-api")
    assert condition(found, "Progressing") == ("False", "ProgressDeadlineExceeded")
    simulation.cluster.heal("order-api")
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    assert condition(simulation.get(DEPLOYMENTS, "order-api"), "Progressing") == ("True", "NewReplicaSetAvailable")


def test_pods_count_as_available_after_min_ready_seconds(simulation: Simulation) -> None:
    """Ready first, available later."""
    simulation.create(DEPLOYMENTS, deployment(minReadySeconds=10))
    simulation.clock.advance(5)
    status = simulation.get(DEPLOYMENTS, "order-api")["status"]
    assert (status["readyReplicas"], status.get("availableReplicas", 0)) == (3, 0)
    simulation.clock.advance(10)
    assert simulation.get(DEPLOYMENTS, "order-api")["status"]["availableReplicas"] == 3


def test_old_replica_sets_are_kept_as_far_as_asked(simulation: Simulation) -> None:
    """`revisionHistoryLimit` old ones stay, the latest of them."""
    simulation.deployed(revisionHistoryLimit=1)
    for version in ("2", "3", "4"):
        simulation.patch(DEPLOYMENTS, "order-api", _image(version))
        simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
        simulation.clock.advance(5)
    revisions = sorted(annotations_of(each)[REVISION] for each in simulation.objects(REPLICA_SETS))
    assert revisions == ["3", "4"]


def test_what_happens_is_told_in_events(simulation: Simulation) -> None:
    """Scaling, scheduling, pulling and starting are said in the words of the real components."""
    simulation.deployed()
    reasons = {event["reason"] for event in simulation.objects(EVENTS)}
    assert reasons >= {"ScalingReplicaSet", "SuccessfulCreate", "Scheduled", "Pulling", "Pulled", "Created", "Started"}


def test_a_rollout_at_rest_changes_nothing(simulation: Simulation) -> None:
    """An idle cluster writes nothing, however long it runs."""
    simulation.deployed()
    before = simulation.cluster.store.version
    simulation.clock.advance(3600)
    assert simulation.cluster.store.version == before
