"""Each way to break a deployment shows as the real thing does, and heals."""

from __future__ import annotations

import pytest

from greenroom.local.cluster.breakage import BREAKAGES, Breakage
from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.objects import Manifest, name_of
from greenroom.local.cluster.resources import DEPLOYMENTS, EVENTS
from tests.greenroom.cluster.simulation import Simulation, condition, container_state, deployment, is_rolled_out


def _states(simulation: Simulation, field: str = "containerStatuses") -> set[tuple[str, str]]:
    return {container_state(pod, field) for pod in simulation.pods()}


def _is_down(simulation: Simulation) -> bool:
    return condition(simulation.get(DEPLOYMENTS, "order-api"), "Available")[0] == "False"


@pytest.mark.parametrize(("how", "reason", "code"), [("crash", "Error", 1), ("oom", "OOMKilled", 137)])
def test_running_containers_end_and_are_restarted_ever_later(
    simulation: Simulation, how: Breakage, reason: str, code: int
) -> None:
    """Terminated at once, then CrashLoopBackOff; restarts rise, each after twice the time."""
    simulation.deployed()
    simulation.cluster.break_("order-api", how)
    simulation.clock.advance(0)
    assert _states(simulation) == {("terminated", reason)}
    simulation.clock.advance(2)
    assert _is_down(simulation)
    assert _states(simulation) == {("waiting", "CrashLoopBackOff")}
    (status, *_) = simulation.pods()[0]["status"]["containerStatuses"]
    assert status["restartCount"] == 1
    assert status["lastState"]["terminated"]["exitCode"] == code
    assert "back-off 10s restarting failed container=app" in status["state"]["waiting"]["message"]
    simulation.clock.advance(40)
    assert simulation.pods()[0]["status"]["containerStatuses"][0]["restartCount"] == 3


def test_pods_without_their_image_wait(simulation: Simulation) -> None:
    """ErrImagePull, then ImagePullBackOff, with the events of a kubelet; the pods were replaced."""
    simulation.deployed()
    before = {name_of(pod) for pod in simulation.pods()}
    simulation.cluster.break_("order-api", "image")
    simulation.clock.advance(1.5)
    assert ("waiting", "ErrImagePull") in _states(simulation)
    simulation.clock.advance(2)
    assert _states(simulation) == {("waiting", "ImagePullBackOff")}
    assert not before & {name_of(pod) for pod in simulation.pods()}
    assert _is_down(simulation)
    assert {pod["status"]["phase"] for pod in simulation.pods()} == {"Pending"}
    messages = [event["message"] for event in simulation.objects(EVENTS) if event["type"] == "Warning"]
    assert "Error: ImagePullBackOff" in messages


@pytest.mark.parametrize("with_own", [False, True])
def test_init_containers_fail_before_anything_runs(simulation: Simulation, *, with_own: bool) -> None:
    """The init container is in CrashLoopBackOff, the others wait for it; one is added where there is none."""
    template = deployment()["spec"]["template"]
    if with_own:
        template["spec"]["initContainers"] = [{"name": "migrate", "image": "registry.example/migrate:1"}]
    simulation.deployed(template=template)
    simulation.cluster.break_("order-api", "init")
    simulation.clock.advance(5)
    assert _states(simulation, "initContainerStatuses") == {("waiting", "CrashLoopBackOff")}
    assert _states(simulation) == {("waiting", "PodInitializing")}
    names = {pod["status"]["initContainerStatuses"][0]["name"] for pod in simulation.pods()}
    assert names == {"migrate" if with_own else "prepare"}
    assert _is_down(simulation)


def test_a_slow_rollout_goes_on_and_its_old_pods_serve(simulation: Simulation) -> None:
    """New pods run for a minute before they are ready; the deployment stays available and progresses."""
    simulation.deployed()
    simulation.cluster.break_("order-api", "slow")
    simulation.clock.advance(30)
    found = simulation.get(DEPLOYMENTS, "order-api")
    assert condition(found, "Available")[0] == "True"
    assert condition(found, "Progressing") == ("True", "ReplicaSetUpdated")
    assert not is_rolled_out(found)
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")), limit=300)


def test_a_stuck_rollout_passes_its_deadline(simulation: Simulation) -> None:
    """ProgressDeadlineExceeded within seconds, whatever the deployment's own deadline; old pods serve on."""
    simulation.deployed()
    simulation.cluster.break_("order-api", "stuck")
    simulation.clock.advance(20)
    found = simulation.get(DEPLOYMENTS, "order-api")
    assert condition(found, "Progressing") == ("False", "ProgressDeadlineExceeded")
    assert condition(found, "Available")[0] == "True"


@pytest.mark.parametrize("how", BREAKAGES)
def test_healed_deployments_come_up_again(simulation: Simulation, how: Breakage) -> None:
    """After healing every pod is ready again, within seconds."""
    simulation.deployed()
    simulation.cluster.break_("order-api", how)
    simulation.clock.advance(25)
    simulation.cluster.heal("order-api")
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")), limit=20)
    assert simulation.cluster.broken() == []


@pytest.mark.parametrize("how", ["crash", "image", "oom", "init"])
def test_new_pods_of_a_broken_deployment_are_broken(simulation: Simulation, how: Breakage) -> None:
    """Scaling up or replacing a pod helps nobody."""
    simulation.deployed()
    simulation.cluster.break_("order-api", how)
    simulation.clock.advance(5)
    simulation.patch(DEPLOYMENTS, "order-api", {"spec": {"replicas": 5}})
    simulation.clock.advance(10)
    assert len(simulation.pods()) == 5
    assert not any(_ready(pod) for pod in simulation.pods())


def test_another_breakage_takes_the_place_of_the_first(simulation: Simulation) -> None:
    """A deployment is broken in one way at a time."""
    simulation.deployed()
    simulation.cluster.break_("order-api", "image")
    simulation.clock.advance(5)
    simulation.cluster.break_("order-api", "crash")
    simulation.clock.advance(8)
    assert simulation.cluster.broken() == [("commerce", "order-api", "crash")]
    assert _states(simulation) == {("waiting", "CrashLoopBackOff")}


def test_a_breakage_goes_with_its_deployment(simulation: Simulation) -> None:
    """A deployment that is made anew under the same name is well."""
    simulation.deployed()
    simulation.cluster.break_("order-api", "crash")
    simulation.delete(DEPLOYMENTS, "order-api")
    simulation.clock.advance(5)
    assert simulation.cluster.broken() == []
    simulation.deployed()


def test_unknown_and_ambiguous_deployments_are_named(simulation: Simulation) -> None:
    """A 404 names the deployment, a 400 the namespaces to choose from."""
    with pytest.raises(StatusError, match=r'deployments\.apps "other" not found'):
        simulation.cluster.break_("other", "crash")
    simulation.create(DEPLOYMENTS, deployment())
    simulation.create(DEPLOYMENTS, {**deployment(), "metadata": {"name": "order-api"}}, namespace="default")
    with pytest.raises(StatusError, match="are in commerce, default"):
        simulation.cluster.break_("order-api", "crash")
    simulation.cluster.break_("order-api", "crash", namespace="default")
    assert simulation.cluster.broken() == [("default", "order-api", "crash")]


def _ready(pod: Manifest) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"]["conditions"])
