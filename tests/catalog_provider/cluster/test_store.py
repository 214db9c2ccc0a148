from __future__ import annotations

from typing import Any

import pytest

from catalog_provider.cluster.kept import keep
from catalog_provider.cluster.services import service_of
from catalog_provider.cluster.store import ClusterStore
from foundation.jsontypes import JsonObject


def item(
    kind: str, name: str, *, uid: str = "", owner: str = "", service: str = "", version: str = "1"
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "namespace": "shop", "uid": uid or f"{kind}-{name}"}
    metadata["resourceVersion"] = version
    if owner:
        metadata["ownerReferences"] = [{"kind": "x", "name": "x", "uid": owner, "controller": True}]
    if service:
        metadata["labels"] = {"backstage.io/kubernetes-id": service}
    return {"kind": kind, "metadata": metadata}


def names(items: tuple[JsonObject, ...]) -> set[object]:
    return {dict(each)["metadata"]["name"] for each in items}  # type: ignore[index, call-overload]  # made above


@pytest.fixture
def store() -> ClusterStore:
    """A Deployment with a ReplicaSet and a pod, of which only the Deployment is labelled; and another service."""
    store = ClusterStore()
    store.put(item("Deployment", "orders", service="order-api"))
    store.put(item("ReplicaSet", "orders-1", owner="Deployment-orders"))
    store.put(item("Pod", "orders-1-x", owner="ReplicaSet-orders-1"))
    store.put(item("Pod", "other", service="other-api"))
    return store


def test_a_service_is_its_labelled_objects_and_what_they_own(store: ClusterStore) -> None:
    """Labels on the workload are enough; pods follow by ownership."""
    assert names(store.objects_of("order-api")) == {"orders", "orders-1", "orders-1-x"}
    assert names(store.objects_of("other-api")) == {"other"}
    assert store.objects_of("nobody") == ()
    assert store.services() == {"order-api", "other-api"}


def test_a_change_concerns_the_service_of_the_owner(store: ClusterStore) -> None:
    """A pod without labels still moves its service's health."""
    assert store.put(item("Pod", "orders-1-x", owner="ReplicaSet-orders-1", version="2")) == {"order-api"}
    assert store.remove(item("Pod", "orders-1-x")) == {"order-api"}
    assert store.remove(item("Pod", "orders-1-x")) == set()


def test_a_moved_label_concerns_both_services(store: ClusterStore) -> None:
    """The one that lost the object has to be looked at as well."""
    assert store.put(item("Pod", "other", service="new-api", version="2")) == {"other-api", "new-api"}
    assert store.objects_of("other-api") == ()


def test_a_list_tells_only_differences(store: ClusterStore) -> None:
    """After an expiry, what is as it was concerns nobody."""
    pods = [item("Pod", "orders-1-x", owner="ReplicaSet-orders-1"), item("Pod", "other", service="other-api")]
    assert store.replace("Pod", map(keep, pods)) == set()
    changed = item("Pod", "other", service="other-api", version="2")
    assert store.replace("Pod", [keep(changed)]) == {"order-api", "other-api"}
    assert len(store) == 3


def test_a_namesake_made_anew_takes_the_place(store: ClusterStore) -> None:
    """Same name and another uid is another object, and leaves no trace of the first in any index."""
    store.put(item("Deployment", "orders", uid="second", service="order-api"))
    assert names(store.objects_of("order-api")) == {"orders"}
    assert store.remove(item("Deployment", "orders")) == {"order-api"}
    assert store.services() == {"other-api"}


def test_owners_in_a_circle_end(store: ClusterStore) -> None:
    """What no API server would accept does not hang us either."""
    store.put(item("Pod", "a", uid="a", owner="b", service="circle"))
    store.put(item("Pod", "b", uid="b", owner="a"))
    assert names(store.objects_of("circle")) == {"a", "b"}


@pytest.mark.parametrize(
    ("labels", "template", "expected"),
    [
        ({"backstage.io/kubernetes-id": "a", "app.kubernetes.io/name": "b"}, {}, "a"),
        ({"app.kubernetes.io/name": "b"}, {}, "b"),
        ({"app.kubernetes.io/name": "b"}, {"backstage.io/kubernetes-id": "c"}, "c"),
        ({}, {"app.kubernetes.io/name": "d"}, "d"),
        ({}, {}, None),
        (None, None, None),
        ("nonsense", 3, None),
    ],
)
def test_labels_say_which_service(labels: Any, template: Any, expected: str | None) -> None:
    """Backstage's label before Kubernetes' own, on the object before its template."""
    labelled = {"metadata": {"labels": labels}, "spec": {"template": {"metadata": {"labels": template}}}}
    assert service_of(labelled) == expected


def test_what_was_touched_is_told_once(store: ClusterStore) -> None:
    """At first all there is of the kinds, then what came, went or changed; of others nothing is kept."""
    assert {name for *_, name in store.take_touched(["Deployment"])} == {"orders"}
    assert not store.take_touched(["Deployment"])
    store.put(item("Deployment", "orders", service="order-api", version="2"))
    store.put(item("Deployment", "new"))
    store.remove(item("Deployment", "new"))
    store.put(item("Pod", "new"))
    touched = store.take_touched(["Deployment"])
    assert {name for *_, name in touched} == {"orders", "new"}
    assert names(tuple(store.having(touched))) == {"orders"}
