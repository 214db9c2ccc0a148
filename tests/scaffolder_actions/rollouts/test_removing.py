"""Taking objects out of a cluster."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from foundation.connections.kubernetes import ClusterNotFoundError, KubernetesApi
from foundation.jsontypes import JsonObject
from scaffolder_actions.errors import RolloutError
from scaffolder_actions.rollouts import apply, objects_of, remove, removing
from scaffolder_actions.rollouts.paths import collection, metadata_of, path_of
from scaffolder_actions.rollouts.removing import Patience, is_in

from .conftest import LABELS, config_map, deployment

pytestmark = pytest.mark.usefixtures("namespace")


def put(api: KubernetesApi, *items: JsonObject) -> None:
    for item in items:
        apply(api, item, warn=print)


def names(items: Any) -> list[str]:
    return [f"{each['kind']}/{metadata_of(each)['name']}" for each in items]


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """Looks often: simulated pods end within moments."""
    turn = threading.Event()
    monkeypatch.setattr(removing, "LOOK_SECONDS", 0.01)
    return Patience(lambda seconds: cast("None", turn.wait(seconds)))


def test_what_belongs_to_a_service(api: KubernetesApi) -> None:
    """Its own objects by their labels, in the order in which they are taken away; nobody else's, and no pods."""
    account: JsonObject = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata_of(config_map())}
    put(api, config_map(), account, deployment(), config_map("more"))
    put(api, config_map("other", {**LABELS, "app.kubernetes.io/name": "other"}))
    by_hand = config_map("by-hand", {"app.kubernetes.io/name": "order-api"})
    api.request("POST", collection("v1", "configmaps", "commerce"), body=by_hand)
    found = objects_of(api, "order-api", "commerce")
    assert names(found) == [
        "Deployment/order-api",
        "ConfigMap/more",
        "ConfigMap/order-api",
        "ServiceAccount/order-api",
    ]
    assert is_in(found[0], [deployment()])
    assert not is_in(found[1], [deployment(), config_map()])
    assert objects_of(api, "order-api", "nowhere") == []


def test_removing_takes_pods_as_well(api: KubernetesApi, patience: Patience) -> None:
    """What is removed is gone when this returns, with all that was made of it; the rest stays."""
    put(api, config_map(), deployment())
    remove(api, [each for each in objects_of(api, "order-api", "commerce") if each["kind"] == "Deployment"], patience)
    assert names(objects_of(api, "order-api", "commerce")) == ["ConfigMap/order-api"]
    for version, plural in (("apps/v1", "replicasets"), ("v1", "pods")):
        assert not cast("Any", api.request("GET", collection(version, plural, "commerce")).body)["items"]


def test_removing_again(api: KubernetesApi, patience: Patience) -> None:
    """What is gone already is fine, and what somebody made anew meanwhile is another object, which stays."""
    put(api, config_map())
    found = objects_of(api, "order-api", "commerce")
    remove(api, found, patience)
    remove(api, found, patience)
    put(api, config_map())
    remove(api, found, patience)
    assert names(objects_of(api, "order-api", "commerce")) == ["ConfigMap/order-api"]


def test_the_key_goes_with_its_certificate(api: KubernetesApi, patience: Patience) -> None:
    """cert-manager leaves the Secret with the key; it goes too."""
    secret: JsonObject = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "order-api-tls"}}
    api.request("POST", collection("v1", "secrets", "commerce"), body=secret)
    spec: JsonObject = {
        "secretName": "order-api-tls",
        "dnsNames": ["order-api.example.com"],
        "issuerRef": {"kind": "ClusterIssuer", "name": "nobody"},
    }
    certificate: JsonObject = {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": metadata_of(config_map()),
        "spec": spec,
    }
    put(api, certificate)
    remove(api, objects_of(api, "order-api", "commerce"), patience)
    with pytest.raises(ClusterNotFoundError):
        api.request("GET", f"{collection('v1', 'secrets', 'commerce')}/order-api-tls")


def test_what_does_not_go(api: KubernetesApi) -> None:
    """An object that something holds is named at the end of all patience, with how to see what holds it."""
    held: JsonObject = {**config_map(), "metadata": {**metadata_of(config_map()), "finalizers": ["example.com/held"]}}
    put(api, held)
    now = [0.0]

    def passing(seconds: float) -> Callable[[], float]:
        now[0] += 100
        return lambda: seconds

    patience = Patience(cast("Callable[[float], None]", passing), lambda: now[0])
    with pytest.raises(RolloutError, match="ConfigMap order-api in cluster one is still there after 300 s") as raised:
        remove(api, objects_of(api, "order-api", "commerce"), patience)
    assert "kubectl get -n commerce configmap/order-api" in str(raised.value)
    api.request(
        "PATCH",
        path_of(held),
        body={"metadata": {"finalizers": None}},
        content_type="application/merge-patch+json",
    )
