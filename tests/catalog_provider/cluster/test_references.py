from __future__ import annotations

import itertools
from typing import Any

import pytest

from catalog_provider.cluster.store import ClusterStore

Item = dict[str, Any]


def item(api_version: str, kind: str, name: str, *, service: str = "", owner: str = "", **parts: Any) -> Item:
    labels = {"labels": {"app.kubernetes.io/name": service}} if service else {}
    owners = {"ownerReferences": [{"uid": owner, "controller": True}]} if owner else {}
    metadata = {"name": name, "namespace": "shop", "uid": f"{kind}-{name}", "resourceVersion": "1", **labels, **owners}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **parts}


DEPLOYMENT = item("apps/v1", "Deployment", "orders", service="order-api")
POD = item(
    "v1",
    "Pod",
    "orders-x",
    owner="Deployment-orders",
    spec={"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]},
)
CLAIM = item("v1", "PersistentVolumeClaim", "data")
AUTOSCALER = item(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    "scaler",
    spec={"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders"}},
)
SERVICE = item("v1", "Service", "web", service="order-api")
INGRESS = item(
    "networking.k8s.io/v1",
    "Ingress",
    "way-in",
    spec={"rules": [{"http": {"paths": [{"backend": {"service": {"name": "web"}}}]}}]},
)
EVENT = item("v1", "Event", "warning", involvedObject={"kind": "Pod", "namespace": "shop", "name": "orders-x"})
ALL = [DEPLOYMENT, POD, CLAIM, AUTOSCALER, SERVICE, INGRESS, EVENT]


def names(store: ClusterStore) -> set[str]:
    return {each["metadata"]["name"] for each in store.objects_of("order-api")}  # type: ignore[index,call-overload,misc]


@pytest.mark.parametrize("order", itertools.permutations(ALL[:4]))
def test_what_stands_beside_a_service_is_its_own_in_whatever_order_it_comes(order: tuple[Item, ...]) -> None:
    store = ClusterStore()
    for each in (*order, SERVICE, INGRESS, EVENT):
        store.put(each)
    assert names(store) == {"orders", "orders-x", "data", "scaler", "web", "way-in", "warning"}


@pytest.mark.parametrize("changed", [CLAIM, AUTOSCALER, INGRESS, EVENT, POD])
def test_a_change_beside_a_service_concerns_it(changed: Item) -> None:
    store = ClusterStore()
    for each in ALL:
        store.put(each)
    assert store.put(changed) == {"order-api"}
    assert store.remove(changed) == {"order-api"}
    assert changed["metadata"]["name"] not in names(store)


def test_a_volume_leads_to_no_other_service() -> None:
    """Two services that mount one volume are not one service."""
    store = ClusterStore()
    for each in (
        *ALL,
        {**POD, "metadata": {**POD["metadata"], "name": "other", "uid": "other", "ownerReferences": []}},
    ):
        store.put(each)
    assert "other" not in names(store)


def test_some_namespaces_of_a_service_lead_to_what_they_refer_to_and_no_further() -> None:
    """A route stands where the Gateway is, and is the environment's whose Service it leads to."""
    store = ClusterStore()
    for each in (*ALL, {**SERVICE, "metadata": {**SERVICE["metadata"], "namespace": "shop-staging", "uid": "staging"}}):
        store.put(each)
    backend = {"name": "web", "namespace": "shop-staging"}
    route = item("gateway.networking.k8s.io/v1", "HTTPRoute", "route", spec={"rules": [{"backendRefs": [backend]}]})
    store.put({**route, "metadata": {**route["metadata"], "namespace": "gateways"}})
    found: Any = store.objects_of("order-api", lambda space: space == "shop-staging")
    assert {(each["kind"], each["metadata"]["namespace"]) for each in found} == {
        ("Service", "shop-staging"),
        ("HTTPRoute", "gateways"),
    }


def test_kinds_of_different_groups_share_a_name() -> None:
    """Knative has a Service, too."""
    store = ClusterStore()
    store.put(SERVICE)
    store.put(
        {**SERVICE, "apiVersion": "serving.knative.dev/v1", "metadata": {**SERVICE["metadata"], "uid": "knative"}}
    )
    assert len(store.objects_of("order-api")) == 2
    assert len(store.objects("Service.serving.knative.dev")) == 1
