"""How a service is reached from outside of its cluster."""

from __future__ import annotations

import pytest

from foundation.settings import PlatformSettings
from tests.scaffolder_actions.workload.compiled import by_kind, order_api

KINDS = {"Certificate", "ListenerSet", "HTTPRoute"}


@pytest.mark.parametrize(
    ("exposure", "environment", "gateway", "host"),
    [
        ({}, "staging", "internal", "order-api.staging.internal.example.com"),
        ({}, "production", "internal", "order-api.internal.example.com"),
        ({"visibility": "public"}, "production", "public", "order-api.example.com"),
        ({"visibility": "public", "host": "orders.shop"}, "staging", "public", "staging.orders.shop"),
        ({"visibility": "public", "host": "orders.shop"}, "production", "public", "orders.shop"),
    ],
)
def test_a_host_leads_through_the_gateway_of_its_visibility(
    exposure: dict[str, str], environment: str, gateway: str, host: str
) -> None:
    """The same name in certificate, listener, route and DNS."""
    objects = by_kind(order_api(exposure=exposure), environment)
    listeners, route = objects["ListenerSet"]["spec"], objects["HTTPRoute"]
    assert (listeners["parentRef"]["name"], listeners["parentRef"]["namespace"]) == (gateway, "gateways")
    assert objects["Certificate"]["spec"]["dnsNames"] == [host]
    assert [each["hostname"] for each in listeners["listeners"]] == [host]
    assert route["spec"]["hostnames"] == [host]
    assert route["metadata"]["annotations"] == {"external-dns.alpha.kubernetes.io/hostname": host}


def test_what_is_not_exposed_has_none_of_it() -> None:
    """Nor has the gateway a way to its pods."""
    objects = by_kind(order_api(exposure={"visibility": "none"}))
    assert not KINDS & objects.keys()
    assert "gateways" not in str(objects["NetworkPolicy"])


def test_everything_stands_in_the_teams_namespace() -> None:
    """So that listener and certificate need no grant, and nobody but the team's own deployment writes them."""
    objects = by_kind(order_api())
    assert {objects[each]["metadata"]["namespace"] for each in KINDS} == {"commerce"}
    reference = objects["ListenerSet"]["spec"]["listeners"][0]["tls"]["certificateRefs"][0]
    assert reference == {"group": "", "kind": "Secret", "name": "order-api-tls"}
    assert objects["Certificate"]["spec"]["secretName"] == "order-api-tls"


def test_the_listener_takes_routes_of_its_namespace_alone() -> None:
    """Another team cannot attach a route to the name of this one."""
    assert by_kind(order_api())["ListenerSet"]["spec"]["listeners"][0]["allowedRoutes"] == {
        "namespaces": {"from": "Same"}
    }


def test_requests_are_led_on_with_their_path() -> None:
    """As a prefix, to the port that all callers know."""
    assert by_kind(order_api(exposure={"path": "/orders"}))["HTTPRoute"]["spec"]["rules"] == [
        {
            "matches": [{"path": {"type": "PathPrefix", "value": "/orders"}}],
            "backendRefs": [{"group": "", "kind": "Service", "name": "order-api", "port": 80}],
        }
    ]


def test_who_issues_certificates_and_where_gateways_are_is_the_platforms_to_say() -> None:
    """Settings, not constants."""
    objects = by_kind(order_api(), platform=PlatformSettings(cluster_issuer="ca", gateway_namespace="edge"))
    assert objects["Certificate"]["spec"]["issuerRef"]["name"] == "ca"
    assert objects["ListenerSet"]["spec"]["parentRef"]["namespace"] == "edge"
    assert objects["Certificate"]["spec"]["privateKey"]["rotationPolicy"] == "Always"
