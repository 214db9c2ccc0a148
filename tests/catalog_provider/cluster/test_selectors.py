from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_provider.cluster.indexes import Indexes
from catalog_provider.cluster.kept import keep
from catalog_provider.cluster.kinds import DEPLOYMENT, POD, RELATED
from catalog_provider.cluster.selectors import labels_of_pods, selector_of
from catalog_provider.cluster.slimming import slim
from catalog_provider.cluster.store import ClusterStore

Item = dict[str, Any]
BUDGET = next(each for each in RELATED if each.name == "PodDisruptionBudget")


def item(kind: str, name: str, *, space: str = "shop", service: str = "", **spec: Any) -> Item:
    labels = {"labels": {"app.kubernetes.io/name": service}} if service else {}
    metadata = {"name": name, "namespace": space, "uid": f"{kind}-{space}-{name}", "resourceVersion": "1", **labels}
    return {"apiVersion": _VERSIONS[kind], "kind": kind, "metadata": metadata, "spec": spec}


_VERSIONS = {
    "Deployment": "apps/v1",
    "Service": "v1",
    "PodDisruptionBudget": "policy/v1",
    "Ingress": "networking.k8s.io/v1",
}


def workload(name: str, labels: Mapping[str, str], **options: Any) -> Item:
    return item("Deployment", name, template={"metadata": {"labels": labels}}, **options)


def service(name: str, labels: Mapping[str, str], **options: Any) -> Item:
    return item("Service", name, selector=labels, **options)


def budget(name: str, labels: Mapping[str, str], *expressions: Item) -> Item:
    return item("PodDisruptionBudget", name, selector={"matchLabels": labels, "matchExpressions": list(expressions)})


def expression(key: str, operator: str, *values: str) -> Item:
    return {"key": key, "operator": operator, "values": list(values)}


def store_of(*items: Item) -> ClusterStore:
    store = ClusterStore()
    for each in items:
        store.put(each)
    return store


def names(store: ClusterStore, of: str) -> set[str]:
    return {each["metadata"]["name"] for each in store.objects_of(of)}  # type: ignore[index,call-overload,misc]


@pytest.mark.parametrize(
    ("chooser", "chosen"),
    [
        (service("web", {"app": "orders"}), True),
        (service("web", {"app": "orders", "track": "canary"}), False),
        (service("web", {"app": "orders"}, space="other"), False),
        (service("web", {}), False),
        (service("web", {"app": "orders"}, service="somebody-else"), False),
        (budget("guard", {"app": "orders"}), True),
        (budget("guard", {}), False),
        (budget("guard", {}, expression("app", "In", "carts", "orders")), True),
        (budget("guard", {}, expression("app", "In", "carts")), False),
        (budget("guard", {"app": "orders"}, expression("tier", "NotIn", "back")), True),
        (budget("guard", {"app": "orders"}, expression("tier", "NotIn", "front")), False),
        (budget("guard", {"app": "orders"}, expression("tier", "Exists")), True),
        (budget("guard", {"app": "orders"}, expression("zone", "Exists")), False),
        (budget("guard", {"app": "orders"}, expression("zone", "DoesNotExist")), True),
        (budget("guard", {"app": "orders"}, expression("tier", "DoesNotExist")), False),
        (budget("guard", {"app": "orders"}, expression("tier", "Gt", "1")), False),
        # About the namespace, and no service in it.
        (budget("guard", {}, expression("zone", "DoesNotExist")), False),
    ],
)
def test_what_chooses_the_pods_of_a_service_is_its_own(chooser: Item, chosen: bool) -> None:
    """In whatever order they come, unless its own label says whose it is."""
    orders = workload("order-api", {"app": "orders", "tier": "front"})
    for store in (store_of(orders, chooser), store_of(chooser, orders)):
        assert (chooser["metadata"]["name"] in names(store, "order-api")) is chosen


def test_the_way_in_to_a_chosen_service_is_the_services_too() -> None:
    backend = {"service": {"name": "web"}}
    ingress = item("Ingress", "way-in", rules=[{"http": {"paths": [{"backend": backend}]}}])
    store = store_of(workload("order-api", {"app": "orders"}), service("web", {"app": "orders"}), ingress)
    assert names(store, "order-api") == {"order-api", "web", "way-in"}
    assert store.put(ingress) == {"order-api"}


def test_a_change_of_what_chooses_concerns_those_chosen_before_and_after() -> None:
    store = store_of(workload("order-api", {"app": "orders"}), workload("cart-api", {"app": "carts"}))
    assert store.put(budget("guard", {"app": "orders"})) == {"order-api"}
    assert store.put(budget("guard", {"app": "carts"})) == {"order-api", "cart-api"}
    assert store.remove(budget("guard", {"app": "carts"})) == {"cart-api"}
    assert names(store, "cart-api") == {"cart-api"}


def test_a_workload_whose_pods_are_labelled_otherwise_is_chosen_no_more() -> None:
    store = store_of(workload("order-api", {"app": "orders"}), service("web", {"app": "orders"}))
    store.put(workload("order-api", {"app": "orders-2"}))
    assert names(store, "order-api") == {"order-api"}


def test_labels_and_selectors_are_kept_of_what_has_them() -> None:
    """And none of pods, of which there are the most."""
    labels = {"app": "orders", "app.kubernetes.io/name": "order-api"}
    assert labels_of_pods(slim(DEPLOYMENT, workload("orders", labels))) == (
        "app=orders",
        "app.kubernetes.io/name=order-api",
    )
    kept = slim(BUDGET, budget("guard", labels, expression("tier", "Exists")))
    assert selector_of(kept) == selector_of(budget("guard", labels, expression("tier", "Exists")))
    pod = keep(slim(POD, {"metadata": {"name": "x", "labels": labels}, "spec": {"containers": [{"name": "app"}]}}))
    assert (pod.labels, pod.selector) == ((), None)


def test_labels_that_all_have_in_common_lead_to_few() -> None:
    """A change asks those that it touches, however many there are in its namespace."""
    indexes, made = Indexes(), []
    for number in range(500):
        labels = {"environment": "production", "app": f"service-{number}"}
        made += [keep(workload(f"w-{number}", labels)), keep(service(f"s-{number}", labels))]
    for each in made:
        indexes.add(each)
    # The first was filed before anyone knew what is rare.
    assert all(len(list(indexes.might_choose(each))) <= 2 for each in made)
    assert all(len(list(indexes.might_be_chosen(each))) <= 1 for each in made)
    for each in made:
        indexes.discard(each)
    assert not any((*indexes.might_choose(each), *indexes.might_be_chosen(each)) for each in made)


_LABELS = st.dictionaries(st.sampled_from("ab"), st.sampled_from("xyz"))
_EXPRESSIONS = st.builds(
    expression,
    st.sampled_from("ab"),
    st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
    st.sampled_from("xyz"),
)
_OBJECTS = st.one_of(
    st.builds(workload, st.sampled_from("123"), _LABELS),
    st.builds(service, st.sampled_from("45"), _LABELS),
    st.builds(budget, st.sampled_from("67"), _LABELS, _EXPRESSIONS),
)


@given(st.lists(st.tuples(st.booleans(), _OBJECTS), max_size=20))
def test_the_indexes_find_what_asking_everybody_finds(changes: list[tuple[bool, Item]]) -> None:
    """After any changes, and each change concerns everybody whose objects are others than before."""
    store, there = ClusterStore(), dict[tuple[str, str], Item]()

    def shown() -> dict[str, list[object]]:
        found: dict[str, list[object]] = {}
        for each in there.values():
            if each["kind"] == "Deployment":
                labels = labels_of_pods(each)
                selectors = {name: selector_of(other) for name, other in there.items()}
                choosing = sorted(name for name, other in selectors.items() if other and other.chooses(labels))
                found[each["metadata"]["name"]] = [choosing, labels]
        return found

    for is_put, each in changes:
        before = shown()
        if is_put:
            there[each["kind"], each["metadata"]["name"]] = each
        else:
            there.pop((each["kind"], each["metadata"]["name"]), None)
        touched = (store.put if is_put else store.remove)(each)
        after = shown()
        assert {name for name in {*before, *after} if before.get(name) != after.get(name)} <= touched
        for name, (choosing, _) in after.items():
            assert isinstance(choosing, list)
            assert names(store, name) == {name, *(other for _, other in choosing)}
