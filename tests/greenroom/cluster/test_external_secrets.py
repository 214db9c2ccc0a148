"""ExternalSecrets bring Secrets of placeholders, or say why they cannot."""

from __future__ import annotations

import base64
from typing import Any

from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import (
    CLUSTER_SECRET_STORES,
    DEPLOYMENTS,
    EVENTS,
    EXTERNAL_SECRETS,
    SECRET_STORES,
    SECRETS,
)
from tests.greenroom.cluster.manifests import external_secret
from tests.greenroom.cluster.simulation import Simulation, condition, container_state, deployment, is_rolled_out


def _synced(simulation: Simulation, **spec: Any) -> Manifest:
    simulation.create(EXTERNAL_SECRETS, external_secret(**spec))
    simulation.clock.advance(2)
    return simulation.get(EXTERNAL_SECRETS, "order-api")


def _with_secret() -> Manifest:
    """A deployment whose pods take everything from the Secret."""
    manifest = deployment(replicas=1)
    manifest["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [{"secretRef": {"name": "order-api"}}]
    return manifest


def test_a_secret_is_synced_with_placeholders(simulation: Simulation) -> None:
    """Each key that was asked for, owned by the ExternalSecret, saying that it is simulated."""
    found = _synced(simulation)
    assert condition(found, "Ready") == ("True", "SecretSynced")
    assert found["status"]["binding"] == {"name": "order-api"}
    secret = simulation.get(SECRETS, "order-api")
    assert base64.b64decode(secret["data"]["REDIS_URL"]).decode() == (
        "simulated by Greenroom: the value of commerce/order-api/staging/connections#REDIS_URL"
    )
    assert secret["metadata"]["ownerReferences"][0]["kind"] == "ExternalSecret"
    assert secret["metadata"]["annotations"]["greenroom.local/simulated"] == "true"
    simulation.delete(EXTERNAL_SECRETS, "order-api")
    simulation.clock.advance(2)
    assert not simulation.objects(SECRETS)


def test_a_template_decides_how_the_secret_looks(simulation: Simulation) -> None:
    """Its name, type, labels, and the keys that it makes."""
    template = {"type": "example.com/app", "metadata": {"labels": {"team": "commerce"}}, "data": {"config.yaml": "…"}}
    _synced(simulation, target={"name": "settings", "template": template})
    secret = simulation.get(SECRETS, "settings")
    assert (secret["type"], secret["metadata"]["labels"]["team"]) == ("example.com/app", "commerce")
    assert sorted(secret["data"]) == ["config.yaml"]


def test_without_its_store_nothing_is_synced(simulation: Simulation) -> None:
    """SecretSyncedError, the cause in an event; once the store is there it goes on."""
    found = _synced(simulation, secretStoreRef={"name": "own"})
    assert condition(found, "Ready") == ("False", "SecretSyncedError")
    (event,) = [each for each in simulation.objects(EVENTS) if each["reason"] == "UpdateFailed"]
    assert event["message"] == 'could not get SecretStore "own", SecretStore.external-secrets.io "own" not found'
    assert not simulation.objects(SECRETS)
    simulation.create(SECRET_STORES, {"metadata": {"name": "own"}, "spec": {"provider": {"vault": {}}}})
    simulation.clock.advance(2)
    assert condition(simulation.get(EXTERNAL_SECRETS, "order-api"), "Ready") == ("True", "SecretSynced")


def test_the_platforms_store_is_ready(simulation: Simulation) -> None:
    """`vault`, valid from the start."""
    store = simulation.cluster.operations.get(CLUSTER_SECRET_STORES, "", "vault")
    assert condition(store, "Ready") == ("True", "Valid")


def test_it_is_synced_anew_when_asked(simulation: Simulation) -> None:
    """An annotation asks for it, as `kubectl annotate externalsecret … force-sync=…` does."""
    first = _synced(simulation)["status"]["refreshTime"]
    simulation.clock.advance(60)
    simulation.patch(EXTERNAL_SECRETS, "order-api", {"metadata": {"annotations": {"force-sync": "1"}}})
    simulation.clock.advance(2)
    assert simulation.get(EXTERNAL_SECRETS, "order-api")["status"]["refreshTime"] > first


def test_a_secret_that_is_lost_or_changed_comes_back(simulation: Simulation) -> None:
    """The ExternalSecret says what is in it."""
    _synced(simulation)
    good = simulation.get(SECRETS, "order-api")["data"]
    simulation.delete(SECRETS, "order-api")
    simulation.clock.advance(2)
    simulation.patch(SECRETS, "order-api", {"data": {"REDIS_URL": "bm8="}})
    simulation.clock.advance(2)
    assert simulation.get(SECRETS, "order-api")["data"] == good


def test_one_secret_has_one_external_secret(simulation: Simulation) -> None:
    """The second one fails and leaves it alone, until the first one is gone."""
    _synced(simulation)
    second = {**external_secret(target={"name": "order-api"}), "metadata": {"name": "second"}}
    simulation.create(EXTERNAL_SECRETS, second)
    simulation.clock.advance(5)
    assert condition(simulation.get(EXTERNAL_SECRETS, "second"), "Ready") == ("False", "SecretSyncedError")
    assert condition(simulation.get(EXTERNAL_SECRETS, "order-api"), "Ready") == ("True", "SecretSynced")
    simulation.delete(EXTERNAL_SECRETS, "order-api")
    simulation.clock.advance(5)
    assert condition(simulation.get(EXTERNAL_SECRETS, "second"), "Ready") == ("True", "SecretSynced")


def test_policies_of_creation(simulation: Simulation) -> None:
    """Orphan has no owner, Merge adds to what is there, None makes nothing."""
    orphan = {**external_secret(target={"creationPolicy": "Orphan"}), "metadata": {"name": "orphan"}}
    nothing = {**external_secret(target={"creationPolicy": "None"}), "metadata": {"name": "nothing"}}
    merge = {**external_secret(target={"creationPolicy": "Merge"}), "metadata": {"name": "merged"}}
    for manifest in (orphan, nothing, merge):
        simulation.create(EXTERNAL_SECRETS, manifest)
    simulation.clock.advance(2)
    assert [each["metadata"]["name"] for each in simulation.objects(SECRETS)] == ["orphan"]
    assert "ownerReferences" not in simulation.get(SECRETS, "orphan")["metadata"]
    assert condition(simulation.get(EXTERNAL_SECRETS, "nothing"), "Ready") == ("True", "SecretSynced")
    assert condition(simulation.get(EXTERNAL_SECRETS, "merged"), "Ready") == ("False", "SecretSyncedError")
    simulation.create(SECRETS, {"metadata": {"name": "merged"}, "stringData": {"OWN": "1"}})
    simulation.clock.advance(2)
    assert sorted(simulation.get(SECRETS, "merged")["data"]) == ["DATABASE_URL", "OWN", "REDIS_URL"]


def test_pods_wait_for_the_secret_and_go_on_with_it(simulation: Simulation) -> None:
    """Applied in any order, a service comes up once its secrets are there."""
    simulation.create(DEPLOYMENTS, _with_secret())
    simulation.clock.advance(10)
    assert container_state(simulation.pods()[0]) == ("waiting", "CreateContainerConfigError")
    _synced(simulation)
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))


def test_the_store_can_refuse_the_secrets_of_a_deployment(simulation: Simulation) -> None:
    """The breakage `secret`: what is synced stays and serves, what is new is not synced, until it is healed."""
    _synced(simulation)
    simulation.create(DEPLOYMENTS, _with_secret())
    simulation.clock.advance_until(lambda: is_rolled_out(simulation.get(DEPLOYMENTS, "order-api")))
    simulation.cluster.break_("order-api", "secret")
    simulation.clock.advance(5)
    assert condition(simulation.get(EXTERNAL_SECRETS, "order-api"), "Ready") == ("False", "SecretSyncedError")
    assert is_rolled_out(simulation.get(DEPLOYMENTS, "order-api"))
    simulation.delete(SECRETS, "order-api")
    simulation.clock.advance(5)
    assert not simulation.objects(SECRETS)
    simulation.cluster.heal("order-api")
    simulation.clock.advance(5)
    assert condition(simulation.get(EXTERNAL_SECRETS, "order-api"), "Ready") == ("True", "SecretSynced")


def test_a_restart_syncs_nothing_anew(simulation: Simulation) -> None:
    """What is synced is known by its status."""
    first = _synced(simulation)["status"]
    simulation.restart(after=60)
    simulation.clock.advance(5)
    assert simulation.get(EXTERNAL_SECRETS, "order-api")["status"] == first


def test_secrets_at_rest_change_nothing(simulation: Simulation) -> None:
    """Nothing is fetched from a store that has nothing new."""
    _synced(simulation)
    before = simulation.cluster.store.version
    simulation.clock.advance(7200)
    assert simulation.cluster.store.version == before
