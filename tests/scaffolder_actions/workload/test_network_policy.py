"""Who may talk to a service's pods, and whom they may talk to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from foundation.service import Service
from foundation.settings import PlatformSettings
from tests.judges.documents import PLATFORM, document_of, service_of
from tests.scaffolder_actions.workload.compiled import Data, by_kind, job, order_api, pod_of

NAMESPACE = "kubernetes.io/metadata.name"


def policy_of(service: Service, platform: PlatformSettings = PLATFORM) -> Data:
    found: Data = by_kind(service, platform=platform)["NetworkPolicy"]["spec"]
    return found


def peers(rule: Data, side: str) -> Iterator[str]:
    """Where a rule leads, in a word: a namespace with or without pods, pods anywhere, addresses, or anywhere."""
    for peer in rule.get(side, [{}]):
        space = peer.get("namespaceSelector", {}).get("matchLabels", {}).get(NAMESPACE)
        pods = ",".join(peer.get("podSelector", {}).get("matchLabels", {}))
        name = peer.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/name")
        yield peer.get("ipBlock", {}).get("cidr") or "/".join(filter(None, (space, name or pods))) or "anywhere"


def opened(service: Service, direction: str, platform: PlatformSettings = PLATFORM) -> dict[str, Any]:
    """The ports by where they are open to; None is all of them."""
    side = "from" if direction == "ingress" else "to"
    return {
        peer: [each["port"] for each in rule["ports"]] if "ports" in rule else None
        for rule in policy_of(service, platform).get(direction, [])
        for peer in peers(rule, side)
    }


def test_both_directions_are_closed_but_for_what_is_opened() -> None:
    """For the pods of the service, and no others of the namespace."""
    for service in (order_api(), order_api(type="worker"), job()):
        found = policy_of(service)
        assert found["policyTypes"] == ["Ingress", "Egress"]
        assert found["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "order-api"}}
        assert {} not in [*found.get("ingress", []), *found["egress"]]


def test_callers_the_gateway_and_prometheus_come_in() -> None:
    """Each at the port that it has business at."""
    ports = [{"name": "grpc", "port": 9090}, {"name": "metrics", "port": 9091}]
    assert opened(order_api(port=8000, ports=ports), "ingress") == {
        "commerce.calls.platform.company.com/order-api": [8000, 9090],
        "gateways": [8000],
        "monitoring": [9091],
    }


def test_a_caller_is_who_depends_on_the_service() -> None:
    """The label that the policy asks for is the one that the caller's pods carry, in any namespace."""
    asked = policy_of(order_api())["ingress"][0]["from"][0]
    document = document_of(dependencies=[{"type": "service", "name": "order-api", "team": "commerce"}])
    caller = service_of({**document, "metadata": {"name": "shop", "team": "web"}})
    assert asked["namespaceSelector"] == {}
    assert asked["podSelector"]["matchLabels"].items() <= pod_of(by_kind(caller))["metadata"]["labels"].items()
    other = service_of({**document_of(), "metadata": {"name": "shop", "team": "web"}})
    assert not asked["podSelector"]["matchLabels"].items() <= pod_of(by_kind(other))["metadata"]["labels"].items()


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (order_api(type="worker"), {}),
        (order_api(type="worker", port=8080), {"monitoring": [8080]}),
        (
            order_api(exposure={"visibility": "none"}, observability={"metrics": False}),
            {"commerce.calls.platform.company.com/order-api": [8080]},
        ),
        (job(), {}),
    ],
    ids=["worker", "worker with metrics", "neither exposed nor measured", "job"],
)
def test_nobody_comes_in_where_nothing_is_offered(service: Service, expected: dict[str, Any]) -> None:
    """What is not reached, exposed or measured opens no port for it."""
    assert opened(service, "ingress") == expected


def test_a_service_without_dependencies_goes_to_names_telemetry_and_https() -> None:
    """The least that any service needs."""
    assert opened(order_api(), "egress") == {
        "kube-system": [53, 53],
        "169.254.20.10/32": [53, 53],
        "anywhere": [443],
        "monitoring": [4318],
    }


def test_dependencies_open_the_way_to_themselves() -> None:
    """Other services by their pods, databases and caches by their ports, buckets and queues by who hands out credentials."""
    kinds = [{"type": each} for each in ("postgresql", "redis", "s3")]
    service = order_api(dependencies=[*kinds, {"type": "service", "name": "pay", "team": "money"}])
    found = opened(service, "egress")
    assert found["anywhere"] == [443, 5432, 6379]
    assert found["money/pay"] is None
    assert found["169.254.170.23/32"] == found["fd00:ec2::23/128"] == [80]


def test_without_traces_nothing_goes_to_the_collector() -> None:
    """Metrics are fetched, and logs are read off the node."""
    assert "monitoring" not in opened(order_api(observability={"tracing": False}), "egress")


@pytest.mark.parametrize(
    ("endpoint", "peer", "port"),
    [
        ("http://otel-collector.monitoring:4318", "monitoring", 4318),
        ("http://collector.telemetry.svc.cluster.local:4317", "telemetry", 4317),
        ("https://otel.example.com", "anywhere", 443),
        ("http://otel.example.com", "anywhere", 80),
    ],
)
def test_the_collector_is_where_its_address_says(endpoint: str, peer: str, port: int) -> None:
    """In a namespace of the cluster, or outside of it."""
    rule = policy_of(order_api(), PlatformSettings(telemetry_endpoint=endpoint))["egress"][-1]
    assert list(peers(rule, "to")) == [peer]
    assert rule["ports"] == [{"protocol": "TCP", "port": port}]
