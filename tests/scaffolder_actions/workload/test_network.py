"""How a service is reached inside the cluster."""

from __future__ import annotations

import pytest

from tests.scaffolder_actions.workload.compiled import Data, by_kind, order_api

PORTS = [
    {"name": "grpc", "port": 9090, "protocol": "grpc"},
    {"name": "admin", "port": 9091, "protocol": "http"},
    {"name": "raw", "port": 9092},
]


def offered(**spec: object) -> list[tuple[str, int, str, str | None]]:
    """Name, number, target and protocol of each port of the Service."""
    ports: list[Data] = by_kind(order_api(**spec)).get("Service", {}).get("spec", {}).get("ports", [])
    return [(each["name"], each["port"], each["targetPort"], each.get("appProtocol")) for each in ports]


def test_callers_need_not_know_the_main_port() -> None:
    """http://order-api.commerce leads to it."""
    assert offered(port=9000) == [("http", 80, "http", "http")]


def test_other_ports_are_reached_by_their_numbers() -> None:
    """HTTP/2 without TLS is announced, since nothing could guess it."""
    assert offered(ports=PORTS)[1:] == [
        ("grpc", 9090, "grpc", "kubernetes.io/h2c"),
        ("admin", 9091, "admin", "http"),
        ("raw", 9092, "raw", None),
    ]


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ({}, []),
        ({"port": 8080}, []),
        ({"ports": [{"name": "metrics", "port": 9000}]}, []),
        ({"port": 8080, "ports": [{"name": "admin", "port": 9000}, {"name": "metrics", "port": 9001}]}, ["admin"]),
    ],
)
def test_a_worker_is_reached_at_what_it_has_beside_probes_and_metrics(spec: Data, names: list[str]) -> None:
    """Without such a port it has no Service."""
    assert [each[0] for each in offered(type="worker", **spec)] == names


def test_prometheus_reaches_a_web_services_port_for_metrics() -> None:
    """Through the Service, which a ServiceMonitor needs."""
    assert "metrics" in [each[0] for each in offered(ports=[{"name": "metrics", "port": 9001}])]
