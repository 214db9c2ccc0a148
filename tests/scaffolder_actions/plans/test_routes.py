"""Two services that claim one host, in one cluster."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.plans.cluster import ClusterPlan
from scaffolder_actions.plans.routes import claimed_elsewhere
from scaffolder_actions.rollouts.apply import apply, ensure_namespace


def route(name: str, namespace: str, hosts: Sequence[str], path: str = "/") -> JsonObject:
    """A route of the service `name`."""
    matches: list[Json] = [{"path": {"type": "PathPrefix", "value": path}}]
    rule: JsonObject = {"backendRefs": [{"name": name, "port": 80}], "matches": matches}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "greenroom"},
        },
        "spec": {"parentRefs": [{"name": "public"}], "hostnames": list(hosts), "rules": [rule]},
    }


@pytest.fixture
def taken(api: KubernetesApi) -> KubernetesApi:
    """A cluster in which the service shop has shop.example.com, and /api of shared.example.com."""
    ensure_namespace(api, "retail", dry_run=False)
    for each in (
        route("shop", "retail", ["shop.example.com"]),
        route("shop-api", "retail", ["shared.example.com"], "/api"),
    ):
        apply(api, each, warn=lambda _: None)
    return api


@pytest.mark.parametrize(
    ("wanted", "claimed"),
    [
        (route("order-api", "commerce", ["orders.example.com"]), None),
        (route("order-api", "commerce", ["orders.example.com", "shop.example.com"]), "shop.example.com"),
        (route("order-api", "commerce", ["shared.example.com"], "/orders"), "shared.example.com"),
        (route("shop", "retail", ["shop.example.com"]), None),
        (route("shop", "commerce", ["shop.example.com"]), "shop.example.com"),
    ],
    ids=["free", "taken", "own path", "its own", "a namesake"],
)
def test_claims(taken: KubernetesApi, wanted: JsonObject, claimed: str | None) -> None:
    """A host belongs to one service; paths are no way to share it."""
    found = claimed_elsewhere(taken, wanted)
    assert (found or "").partition(" is claimed by HTTPRoute shop")[0] == (claimed or "")


def test_the_plan_says_who_has_the_host(taken: KubernetesApi) -> None:
    """The change is blocked, naming the other route."""
    wanted = route("order-api", "commerce", ["shop.example.com"])
    compared = ClusterPlan(taken, "staging", "order-api", "commerce", [wanted]).compare()
    (change,) = (each for each in compared.changes if each.kind == "HTTPRoute")
    assert change.verb == "create"
    assert change.blocked == (
        "shop.example.com is claimed by HTTPRoute shop in namespace retail of cluster one. "
        "Give one of them another host."
    )


def test_a_route_that_goes_takes_its_hosts_with_it(taken: KubernetesApi) -> None:
    """Removing a route, or a host of it, says where the service is no longer reached."""
    gone = ClusterPlan(taken, "staging", "shop", "retail", ()).compare().changes
    assert [each.impact for each in gone] == ["No longer reached at shop.example.com."]
    moved = route("shop", "retail", ["market.example.com"])
    (change,) = ClusterPlan(taken, "staging", "shop", "retail", [moved]).compare().changes
    assert (change.verb, change.impact) == ("update", "No longer reached at shop.example.com.")
