"""Pods wait for the Secrets and ConfigMaps that they refer to, as a kubelet lets them."""

from __future__ import annotations

from typing import Any

import pytest

from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import CONFIG_MAPS, EVENTS, PODS, SECRETS
from tests.greenroom.cluster.simulation import Simulation, container_state


def _pod(**container: Any) -> Manifest:
    return {"metadata": {"name": "app"}, "spec": {"containers": [{"name": "app", "image": "app:1", **container}]}}


def _key(kind: str, **more: Any) -> Manifest:
    return {"env": [{"name": "A", "valueFrom": {kind: {"name": "settings", "key": "a", **more}}}]}


def _message(simulation: Simulation) -> str:
    waiting: Manifest = simulation.get(PODS, "app")["status"]["containerStatuses"][0]["state"]["waiting"]
    return str(waiting["message"])


def _events(simulation: Simulation, reason: str) -> set[str]:
    return {each["message"] for each in simulation.objects(EVENTS) if each["reason"] == reason}


@pytest.mark.parametrize(
    ("container", "message"),
    [
        ({"envFrom": [{"secretRef": {"name": "settings"}}]}, 'secret "settings" not found'),
        ({"envFrom": [{"configMapRef": {"name": "settings"}}]}, 'configmap "settings" not found'),
        (_key("secretKeyRef"), 'secret "settings" not found'),
        (_key("configMapKeyRef"), 'configmap "settings" not found'),
    ],
)
def test_a_container_without_its_variables_is_not_made(
    simulation: Simulation, container: Manifest, message: str
) -> None:
    """CreateContainerConfigError, in the kubelet's words, until what is missing appears."""
    simulation.create(PODS, _pod(**container))
    simulation.clock.advance(5)
    pod = simulation.get(PODS, "app")
    assert (pod["status"]["phase"], container_state(pod)) == ("Pending", ("waiting", "CreateContainerConfigError"))
    assert _message(simulation) == message
    assert _events(simulation, "Failed") == {f"Error: {message}"}
    kind = SECRETS if message.startswith("secret") else CONFIG_MAPS
    simulation.create(kind, {"metadata": {"name": "settings"}, "data": {"a": "eA=="}})
    simulation.clock.advance(3)
    assert container_state(simulation.get(PODS, "app"))[0] == "running"


def test_a_key_that_is_missing_is_named(simulation: Simulation) -> None:
    """The object is there, and one key of it is not."""
    simulation.create(SECRETS, {"metadata": {"name": "settings"}, "stringData": {"b": "1"}})
    simulation.create(PODS, _pod(**_key("secretKeyRef")))
    simulation.clock.advance(5)
    assert _message(simulation) == "couldn't find key a in Secret commerce/settings"
    simulation.patch(SECRETS, "settings", {"stringData": {"a": "1"}})
    simulation.clock.advance(3)
    assert container_state(simulation.get(PODS, "app"))[0] == "running"


@pytest.mark.parametrize(
    "container",
    [
        {"envFrom": [{"secretRef": {"name": "settings", "optional": True}}]},
        _key("secretKeyRef", optional=True),
        _key("configMapKeyRef", optional=True),
    ],
)
def test_what_is_optional_is_not_waited_for(simulation: Simulation, container: Manifest) -> None:
    """The container starts without it."""
    simulation.create(PODS, _pod(**container))
    simulation.clock.advance(5)
    assert container_state(simulation.get(PODS, "app"))[0] == "running"


def test_an_init_container_waits_as_well(simulation: Simulation) -> None:
    """And the others with it."""
    manifest = _pod()
    source = {"envFrom": [{"secretRef": {"name": "settings"}}]}
    manifest["spec"]["initContainers"] = [{"name": "init", "image": "init:1", **source}]
    simulation.create(PODS, manifest)
    simulation.clock.advance(5)
    pod = simulation.get(PODS, "app")
    assert container_state(pod, "initContainerStatuses") == ("waiting", "CreateContainerConfigError")
    assert container_state(pod) == ("waiting", "PodInitializing")
    simulation.create(SECRETS, {"metadata": {"name": "settings"}})
    simulation.clock.advance(5)
    assert container_state(simulation.get(PODS, "app"))[0] == "running"


def test_another_container_of_the_pod_starts(simulation: Simulation) -> None:
    """Each waits for itself."""
    manifest = _pod(**_key("secretKeyRef"))
    manifest["spec"]["containers"].append({"name": "side", "image": "side:1"})
    simulation.create(PODS, manifest)
    simulation.clock.advance(5)
    states = [next(iter(each["state"])) for each in simulation.get(PODS, "app")["status"]["containerStatuses"]]
    assert states == ["waiting", "running"]


@pytest.mark.parametrize("source", [{"secret": {"secretName": "settings"}}, {"configMap": {"name": "settings"}}])
def test_a_volume_that_cannot_be_mounted_holds_the_pod(simulation: Simulation, source: Manifest) -> None:
    """It stays in ContainerCreating, and an event says why."""
    manifest = _pod()
    manifest["spec"]["volumes"] = [{"name": "files", **source}]
    simulation.create(PODS, manifest)
    simulation.clock.advance(10)
    assert container_state(simulation.get(PODS, "app")) == ("waiting", "ContainerCreating")
    kind = next(iter(source)).lower()
    assert _events(simulation, "FailedMount") == {
        f'MountVolume.SetUp failed for volume "files" : {kind} "settings" not found'
    }
    simulation.create(SECRETS if kind == "secret" else CONFIG_MAPS, {"metadata": {"name": "settings"}})
    simulation.clock.advance(3)
    assert container_state(simulation.get(PODS, "app"))[0] == "running"


def test_a_running_container_keeps_what_it_was_given(simulation: Simulation) -> None:
    """Variables are read at the start."""
    simulation.create(SECRETS, {"metadata": {"name": "settings"}, "stringData": {"a": "1"}})
    simulation.create(PODS, _pod(**_key("secretKeyRef")))
    simulation.clock.advance(5)
    simulation.delete(SECRETS, "settings")
    simulation.clock.advance(10)
    assert container_state(simulation.get(PODS, "app"))[0] == "running"
