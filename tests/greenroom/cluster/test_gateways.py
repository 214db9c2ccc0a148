"""Gateways, listener sets and routes say of one another what a gateway's controller would."""

from __future__ import annotations

from typing import Any

import pytest

from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import (
    CERTIFICATES,
    GATEWAYS,
    LISTENER_SETS,
    REFERENCE_GRANTS,
    ROUTES,
    SECRETS,
    SERVICES,
)
from tests.greenroom.cluster.manifests import certificate, listener_set, route, service
from tests.greenroom.cluster.simulation import NAMESPACE, Simulation, condition

_ELSEWHERE = {"name": "internal", "namespace": "gateways"}


def _route_conditions(simulation: Simulation, place: int = 0) -> dict[str, tuple[str, str]]:
    parent = simulation.get(ROUTES, "order-api")["status"]["parents"][place]
    return {each["type"]: (each["status"], each["reason"]) for each in parent["conditions"]}


def _routed(simulation: Simulation, **spec: Any) -> dict[str, tuple[str, str]]:
    simulation.create(ROUTES, route(**spec))
    simulation.clock.advance(1)
    return _route_conditions(simulation)


def _listener(simulation: Simulation) -> Manifest:
    found: Manifest = simulation.get(LISTENER_SETS, "order-api")["status"]["listeners"][0]
    return found


def test_the_platforms_gateways_are_programmed_from_the_start(simulation: Simulation) -> None:
    """`public` and `internal`, with an address, each listener ready, and saying that they are simulated."""
    gateways = simulation.cluster.store.objects(GATEWAYS, "gateways")
    assert [each["metadata"]["name"] for each in gateways] == ["internal", "public"]
    for gateway in gateways:
        assert condition(gateway, "Programmed") == ("True", "Programmed")
        assert gateway["status"]["addresses"] == [{"type": "IPAddress", "value": "192.0.2.20"}]
        assert [each["name"] for each in gateway["status"]["listeners"]] == ["http", "https"]
        assert gateway["metadata"]["annotations"] == {"greenroom.local/simulated": "true"}


def test_a_gateway_of_another_class_waits_for_its_controller(simulation: Simulation) -> None:
    """Nobody claims what is not his; routes to it are not accepted."""
    listeners = [{"name": "http", "port": 80, "protocol": "HTTP"}]
    other = {"metadata": {"name": "other"}, "spec": {"gatewayClassName": "other", "listeners": listeners}}
    simulation.create(GATEWAYS, other)
    routed = _routed(simulation, parentRefs=[{"name": "other"}])
    assert condition(simulation.get(GATEWAYS, "other"), "Accepted") == ("Unknown", "Pending")
    assert routed["Accepted"] == ("False", "NoMatchingParent")


def test_a_route_is_accepted_and_resolved(simulation: Simulation) -> None:
    """Where its Gateway and its Service are there; the Gateway counts it."""
    simulation.create(SERVICES, service())
    assert _routed(simulation) == {"Accepted": ("True", "Accepted"), "ResolvedRefs": ("True", "ResolvedRefs")}
    gateway = simulation.cluster.operations.get(GATEWAYS, "gateways", "internal")
    assert [each["attachedRoutes"] for each in gateway["status"]["listeners"]] == [1, 1]


def test_a_route_notices_when_its_service_comes_and_goes(simulation: Simulation) -> None:
    """BackendNotFound until then, and the condition's time is that of the change."""
    assert _routed(simulation)["ResolvedRefs"] == ("False", "BackendNotFound")
    simulation.create(SERVICES, service())
    simulation.clock.advance(1)
    assert _route_conditions(simulation)["ResolvedRefs"] == ("True", "ResolvedRefs")
    simulation.delete(SERVICES, "order-api")
    simulation.clock.advance(1)
    assert _route_conditions(simulation)["ResolvedRefs"] == ("False", "BackendNotFound")


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ({"name": "missing", "namespace": "gateways"}, "NoMatchingParent"),
        ({**_ELSEWHERE, "sectionName": "grpc"}, "NoMatchingParent"),
        ({**_ELSEWHERE, "port": 8443}, "NoMatchingParent"),
        ({"name": "closed"}, "NotAllowedByListeners"),
        ({"name": "named"}, "NoMatchingListenerHostname"),
    ],
)
def test_why_a_route_is_not_accepted(simulation: Simulation, reference: Manifest, reason: str) -> None:
    """The reasons that the Gateway API has for it."""
    nobody = {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"no": "body"}}}}
    special: dict[str, Manifest] = {"closed": {"allowedRoutes": nobody}, "named": {"hostname": "*.other.example"}}
    for name, listener in special.items():
        listeners = [{"name": "http", "port": 80, "protocol": "HTTP", **listener}]
        spec = {"gatewayClassName": "simulated", "listeners": listeners}
        simulation.create(GATEWAYS, {"metadata": {"name": name}, "spec": spec})
    simulation.clock.advance(1)
    assert _routed(simulation, parentRefs=[reference])["Accepted"] == ("False", reason)


@pytest.mark.parametrize(
    ("hostname", "accepted"),
    [("*.example.com", True), ("*.internal.example.com", True), ("example.com", False), ("", True)],
)
def test_host_names_meet(simulation: Simulation, hostname: str, *, accepted: bool) -> None:
    """A wildcard stands for one label or more."""
    listener = {"name": "http", "port": 80, "protocol": "HTTP", **({"hostname": hostname} if hostname else {})}
    spec = {"gatewayClassName": "simulated", "listeners": [listener]}
    simulation.create(GATEWAYS, {"metadata": {"name": "own"}, "spec": spec})
    simulation.clock.advance(1)
    assert (_routed(simulation, parentRefs=[{"name": "own"}])["Accepted"][0] == "True") is accepted


def test_a_backend_in_another_namespace_needs_a_grant(simulation: Simulation) -> None:
    """RefNotPermitted until the other namespace permits it."""
    foreign = [{"backendRefs": [{"name": "shared", "namespace": "default", "port": 80}]}]
    simulation.create(SERVICES, {**service(), "metadata": {"name": "shared"}}, namespace="default")
    assert _routed(simulation, rules=foreign)["ResolvedRefs"] == ("False", "RefNotPermitted")
    source = {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": NAMESPACE}
    grant = {"metadata": {"name": "shared"}, "spec": {"from": [source], "to": [{"group": "", "kind": "Service"}]}}
    simulation.create(REFERENCE_GRANTS, grant, namespace="default")
    simulation.clock.advance(1)
    assert _route_conditions(simulation)["ResolvedRefs"] == ("True", "ResolvedRefs")


def test_a_listener_set_serves_once_its_certificate_is_there(simulation: Simulation) -> None:
    """Accepted at once, programmed with the Secret that the certificate brings, and routes attach to it."""
    simulation.create(LISTENER_SETS, listener_set())
    simulation.create(SERVICES, service())
    reference = {"kind": "ListenerSet", "name": "order-api", "sectionName": "https"}
    simulation.create(ROUTES, route(parentRefs=[reference]))
    simulation.clock.advance(1)
    found = simulation.get(LISTENER_SETS, "order-api")
    assert condition(found, "Accepted") == ("True", "Accepted")
    assert condition(found, "Programmed") == ("False", "ListenersNotValid")
    assert _listener(simulation)["conditions"][2]["reason"] == "InvalidCertificateRef"
    simulation.create(CERTIFICATES, certificate())
    simulation.clock.advance(5)
    assert condition(simulation.get(LISTENER_SETS, "order-api"), "Programmed") == ("True", "Programmed")
    assert _listener(simulation)["attachedRoutes"] == 1
    assert _route_conditions(simulation)["Accepted"] == ("True", "Accepted")


def test_a_listener_set_needs_a_gateway_that_lets_it_in(simulation: Simulation) -> None:
    """One that is not there, or lets in nobody, is the reason; a route then has no parent."""
    simulation.create(LISTENER_SETS, listener_set(parentRef={"name": "missing"}))
    simulation.create(ROUTES, route(parentRefs=[{"kind": "ListenerSet", "name": "order-api"}]))
    simulation.clock.advance(1)
    assert condition(simulation.get(LISTENER_SETS, "order-api"), "Accepted") == ("False", "ParentNotAccepted")
    assert _route_conditions(simulation)["Accepted"] == ("False", "NoMatchingParent")
    listeners = [{"name": "http", "port": 80, "protocol": "HTTP"}]
    spec = {"gatewayClassName": "simulated", "listeners": listeners}
    simulation.create(GATEWAYS, {"metadata": {"name": "missing"}, "spec": spec})
    simulation.clock.advance(1)
    assert condition(simulation.get(LISTENER_SETS, "order-api"), "Accepted") == ("False", "NotAllowed")


def test_a_secret_of_another_namespace_needs_a_grant(simulation: Simulation) -> None:
    """Of the namespace that it is in, for the Gateway that wants it."""
    tls = {"certificateRefs": [{"name": "order-api-tls", "namespace": NAMESPACE}]}
    spec = {
        "gatewayClassName": "simulated",
        "listeners": [{"name": "https", "port": 443, "protocol": "HTTPS", "tls": tls}],
    }
    data = {"tls.crt": "", "tls.key": ""}
    secret = {"metadata": {"name": "order-api-tls"}, "type": "kubernetes.io/tls", "data": data}
    simulation.create(SECRETS, secret)
    simulation.create(GATEWAYS, {"metadata": {"name": "own"}, "spec": spec}, namespace="gateways")
    simulation.clock.advance(1)

    def resolved() -> str:
        gateway = simulation.cluster.operations.get(GATEWAYS, "gateways", "own")
        return str(gateway["status"]["listeners"][0]["conditions"][2]["reason"])

    assert resolved() == "RefNotPermitted"
    source = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "gateways"}
    grant = {"metadata": {"name": "tls"}, "spec": {"from": [source], "to": [{"group": "", "kind": "Secret"}]}}
    simulation.create(REFERENCE_GRANTS, grant)
    simulation.clock.advance(1)
    assert resolved() == "ResolvedRefs"


def test_gateways_at_rest_change_nothing(simulation: Simulation) -> None:
    """However long they stand."""
    simulation.create(SERVICES, service())
    _routed(simulation)
    before = simulation.cluster.store.version
    simulation.clock.advance(7200)
    assert simulation.cluster.store.version == before
