"""The other controllers do just enough."""

from __future__ import annotations

from typing import Any

import pytest

from greenroom.local.cluster.controllers.loop import ControllerLoop
from greenroom.local.cluster.objects import Manifest, name_of
from greenroom.local.cluster.resources import (
    AUTOSCALERS,
    CLAIMS,
    DAEMON_SETS,
    DEPLOYMENTS,
    DISRUPTION_BUDGETS,
    ENDPOINTS,
    JOBS,
    NAMESPACES,
    PODS,
    REPLICA_SETS,
    SERVICE_ACCOUNTS,
    SERVICES,
    STATEFUL_SETS,
    resource,
)
from greenroom.local.cluster.storage import Change
from tests.greenroom.cluster.simulation import NAMESPACE, Simulation

_LABELS = {"app": "orders-db"}


def _workload(**spec: Any) -> Manifest:
    template = {"metadata": {"labels": _LABELS}, "spec": {"containers": [{"name": "db", "image": "db:1"}]}}
    return {
        "metadata": {"name": "orders-db"},
        "spec": {"selector": {"matchLabels": _LABELS}, "template": template, **spec},
    }


def test_a_stateful_set_makes_its_pods_one_after_the_other(simulation: Simulation) -> None:
    """Pod 1 is made when pod 0 is ready, with its claim; numbers and revisions are in the status."""
    claim = {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}
    simulation.create(STATEFUL_SETS, _workload(replicas=2, volumeClaimTemplates=[claim]))
    simulation.clock.advance(0.5)
    assert [name_of(pod) for pod in simulation.pods()] == ["orders-db-0"]
    simulation.clock.advance(6)
    assert [name_of(pod) for pod in simulation.pods()] == ["orders-db-0", "orders-db-1"]
    status = simulation.get(STATEFUL_SETS, "orders-db")["status"]
    assert (status["readyReplicas"], status["currentRevision"]) == (2, status["updateRevision"])
    assert {each["status"]["phase"] for each in simulation.objects(CLAIMS)} == {"Bound"}


def test_a_stateful_set_replaces_its_pods_from_the_last_one_down(simulation: Simulation) -> None:
    """A new template reaches every pod, the highest number first, one at a time."""
    simulation.create(STATEFUL_SETS, _workload(replicas=2))
    simulation.clock.advance(6)
    containers = [{"name": "db", "image": "db:2"}]
    simulation.patch(STATEFUL_SETS, "orders-db", {"spec": {"template": {"spec": {"containers": containers}}}})
    simulation.clock.advance(3)
    images = {name_of(pod): pod["spec"]["containers"][0]["image"] for pod in simulation.pods()}
    assert images["orders-db-0"] == "db:1"
    simulation.clock.advance(10)
    assert {pod["spec"]["containers"][0]["image"] for pod in simulation.pods()} == {"db:2"}
    assert simulation.get(STATEFUL_SETS, "orders-db")["status"]["updatedReplicas"] == 2


def test_a_daemon_set_has_a_pod_on_each_node(simulation: Simulation) -> None:
    """As many as nodes; a new template replaces them."""
    simulation.create(DAEMON_SETS, _workload())
    simulation.clock.advance(4)
    assert {pod["spec"]["nodeName"] for pod in simulation.pods()} == {"simulated-node-1", "simulated-node-2"}
    status = simulation.get(DAEMON_SETS, "orders-db")["status"]
    assert (status["desiredNumberScheduled"], status["numberAvailable"]) == (2, 2)
    containers = [{"name": "db", "image": "db:2"}]
    simulation.patch(DAEMON_SETS, "orders-db", {"spec": {"template": {"spec": {"containers": containers}}}})
    simulation.clock.advance(15)
    assert simulation.get(DAEMON_SETS, "orders-db")["status"]["updatedNumberScheduled"] == 2


def test_a_job_completes(simulation: Simulation) -> None:
    """Its pods run and succeed; the job says Complete, and its template can no longer change."""
    pod = {"containers": [{"name": "backfill", "image": "backfill:1"}], "restartPolicy": "Never"}
    body = {"metadata": {"name": "backfill"}, "spec": {"completions": 2, "template": {"spec": pod}}}
    simulation.create(JOBS, body)
    simulation.clock.advance(10)
    job = simulation.get(JOBS, "backfill")
    assert job["status"]["succeeded"] == 2
    assert [each["type"] for each in job["status"]["conditions"]] == ["SuccessCriteriaMet", "Complete"]
    assert {pod["status"]["phase"] for pod in simulation.pods()} == {"Succeeded"}


def test_an_autoscaler_keeps_its_target_between_the_bounds(simulation: Simulation) -> None:
    """Too few become the minimum, too many the maximum; zero stays switched off."""
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "order-api"}
    spec = {"scaleTargetRef": reference, "minReplicas": 2, "maxReplicas": 4}
    simulation.deployed(replicas=1)
    simulation.create(AUTOSCALERS, {"metadata": {"name": "order-api"}, "spec": spec})
    simulation.clock.advance(5)
    assert simulation.get(DEPLOYMENTS, "order-api")["spec"]["replicas"] == 2
    simulation.patch(DEPLOYMENTS, "order-api", {"spec": {"replicas": 9}})
    simulation.clock.advance(5)
    assert simulation.get(DEPLOYMENTS, "order-api")["spec"]["replicas"] == 4
    status = simulation.get(AUTOSCALERS, "order-api")["status"]
    assert (status["currentReplicas"], status["desiredReplicas"]) == (4, 4)
    assert {each["type"]: each["status"] for each in status["conditions"]} == {
        "AbleToScale": "True",
        "ScalingActive": "True",
        "ScalingLimited": "False",
    }
    simulation.patch(DEPLOYMENTS, "order-api", {"spec": {"replicas": 0}})
    simulation.clock.advance(5)
    assert simulation.get(DEPLOYMENTS, "order-api")["spec"]["replicas"] == 0


def test_a_disruption_budget_counts_healthy_pods(simulation: Simulation) -> None:
    """Allowed disruptions are the healthy pods beyond the minimum."""
    selector = {"matchLabels": {"app.kubernetes.io/name": "order-api"}}
    budget = {"metadata": {"name": "order-api"}, "spec": {"minAvailable": "50%", "selector": selector}}
    simulation.create(DISRUPTION_BUDGETS, budget)
    simulation.deployed(replicas=4)
    status = simulation.get(DISRUPTION_BUDGETS, "order-api")["status"]
    assert (status["currentHealthy"], status["desiredHealthy"], status["disruptionsAllowed"]) == (4, 2, 2)
    simulation.cluster.break_("order-api", "crash")
    simulation.clock.advance(3)
    status = simulation.get(DISRUPTION_BUDGETS, "order-api")["status"]
    assert (status["currentHealthy"], status["disruptionsAllowed"]) == (0, 0)


def test_a_service_leads_to_the_ready_pods(simulation: Simulation) -> None:
    """Endpoints have the addresses of ready pods, and go with the service."""
    spec = {"selector": {"app.kubernetes.io/name": "order-api"}, "ports": [{"port": 80, "targetPort": 8080}]}
    service = simulation.create(SERVICES, {"metadata": {"name": "order-api"}, "spec": spec})
    assert service["spec"]["clusterIP"].startswith("10.96.")
    simulation.deployed()
    (subset,) = simulation.get(ENDPOINTS, "order-api")["subsets"]
    assert {each["ip"] for each in subset["addresses"]} == {pod["status"]["podIP"] for pod in simulation.pods()}
    assert subset["ports"] == [{"port": 8080, "protocol": "TCP"}]
    simulation.cluster.break_("order-api", "crash")
    simulation.clock.advance(3)
    assert "addresses" not in simulation.get(ENDPOINTS, "order-api")["subsets"][0]
    simulation.delete(SERVICES, "order-api")
    simulation.clock.advance(1)
    assert not simulation.objects(ENDPOINTS)


def test_what_belongs_to_a_deployment_goes_with_it(simulation: Simulation) -> None:
    """In the background, replica sets and pods follow their owner."""
    simulation.deployed()
    assert simulation.delete(DEPLOYMENTS, "order-api") is None
    simulation.clock.advance(3)
    assert not simulation.objects(REPLICA_SETS)
    assert not simulation.pods()


def test_orphans_stay(simulation: Simulation) -> None:
    """With the policy Orphan the dependents stay and lose their owner."""
    simulation.deployed()
    simulation.delete(DEPLOYMENTS, "order-api", propagation="Orphan")
    simulation.clock.advance(3)
    (replica_set,) = simulation.objects(REPLICA_SETS)
    assert replica_set["metadata"]["ownerReferences"] == []
    assert len(simulation.pods()) == 3


def test_a_foreground_deletion_waits_for_the_dependents(simulation: Simulation) -> None:
    """The owner stays, marked, until everything below it is gone."""
    simulation.deployed()
    remaining = simulation.delete(DEPLOYMENTS, "order-api", propagation="Foreground")
    assert remaining is not None
    assert remaining["metadata"]["finalizers"] == ["foregroundDeletion"]
    simulation.clock.advance_until(lambda: not simulation.objects(DEPLOYMENTS))
    assert not simulation.objects(REPLICA_SETS)
    assert not simulation.pods()


def test_a_finalizer_holds_an_object(simulation: Simulation) -> None:
    """It stays until the finalizer is taken off."""
    config_maps = resource("configmaps")
    simulation.create(config_maps, {"metadata": {"name": "held", "finalizers": ["example.com/wait"]}})
    remaining = simulation.delete(config_maps, "held")
    assert remaining is not None
    assert "deletionTimestamp" in remaining["metadata"]
    simulation.patch(config_maps, "held", {"metadata": {"finalizers": None}})
    assert not simulation.objects(config_maps)


def test_a_namespace_goes_with_all_that_is_in_it(simulation: Simulation) -> None:
    """It is Terminating while it is emptied, and takes nothing new."""
    simulation.deployed()
    assert [name_of(each) for each in simulation.objects(SERVICE_ACCOUNTS)] == ["default"]
    remaining = simulation.delete(NAMESPACES, NAMESPACE, namespace="")
    assert remaining is not None
    assert remaining["status"]["phase"] == "Terminating"
    simulation.clock.advance(5)
    assert simulation.cluster.store.get(NAMESPACES, "", NAMESPACE) is None
    assert not any(
        manifest["metadata"].get("namespace") == NAMESPACE for _, manifest in simulation.cluster.store.everything()
    )


def test_a_deleted_pod_ends_within_its_grace_and_is_replaced(simulation: Simulation) -> None:
    """It is Terminating for a moment; its replica set makes another one at once."""
    simulation.deployed()
    name = name_of(simulation.pods()[0])
    remaining = simulation.delete(PODS, name)
    assert remaining is not None
    assert remaining["metadata"]["deletionGracePeriodSeconds"] == 30
    simulation.clock.advance(0.2)
    assert len(simulation.pods()) == 4
    simulation.clock.advance(2)
    assert name not in {name_of(pod) for pod in simulation.pods()}


def test_a_controller_that_fails_stops_no_other(simulation: Simulation, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of the simulation in one object is logged, with the object; the rest goes on."""

    class Failing:
        def keys(self, change: Change) -> list[tuple[str, str]]:
            return [(NAMESPACE, name_of(change.object))]

        def reconcile(self, key: tuple[str, str]) -> None:
            raise ValueError(key)

    loop = ControllerLoop(simulation.clock)
    loop.add(Failing())
    simulation.cluster.store.subscribe(loop.notice)
    simulation.deployed()
    assert "Failing failed on commerce/order-api" in caplog.text
