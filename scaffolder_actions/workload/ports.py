"""The ports of a service: what its container listens on, and which of them are there for others."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.jsontypes import JsonObject
from foundation.service import Port, Service
from scaffolder_actions.workload.observability import scraped_port

# What every object calls the main port.
MAIN_PORT = "http"
# Callers say http://order-api.commerce, whatever the container listens on.
CALLERS_PORT = 80
# Who speaks HTTP/2 without TLS must be told so: https://kubernetes.io/docs/concepts/services-networking/service/
_PROTOCOLS = {"http": "http", "grpc": "kubernetes.io/h2c"}


@dataclass(frozen=True)
class Reached:
    """A port that other pods reach: by `number` at the Service's address, at `target` in the container."""

    name: str
    number: int
    target: int
    protocol: str | None


def listening_ports(service: Service) -> tuple[Port, ...]:
    """Every port of the container, the main one first."""
    main = (Port(MAIN_PORT, service.port, "http"),) if service.port is not None else ()
    return (*main, *service.ports)


def reached_ports(service: Service) -> tuple[Reached, ...]:
    """The ports that a Service offers; none means that there is no Service.

    A worker's main port answers probes and Prometheus and serves nobody; its other ports are there to be reached. A port
    for metrics alone is no reason for an address: Prometheus goes to each pod.
    """
    if service.type == "job":
        return ()
    own = [each for each in service.ports if service.type == "web" or each.name != scraped_port(service)]
    others = tuple(Reached(each.name, each.port, each.port, _PROTOCOLS.get(each.protocol)) for each in own)
    if service.type == "web" and service.port is not None:
        return (Reached(MAIN_PORT, CALLERS_PORT, service.port, "http"), *others)
    return others


def container_port(port: Port) -> JsonObject:
    """The port as a container declares it."""
    return {"name": port.name, "containerPort": port.port, "protocol": "TCP"}
