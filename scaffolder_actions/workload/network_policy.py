"""Who may talk to a service's pods, and whom they may talk to: what the document says, and nothing else.

See decision 24.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability import scraped_port, telemetry_variables
from scaffolder_actions.workload.pods import calls_label
from scaffolder_actions.workload.ports import listening_ports, reached_ports

HTTPS_PORT = 443
# The ports of what the platform makes; their addresses are not known before they stand.
_PORTS = {"postgresql": 5432, "redis": 6379}
# Where the cluster's DNS answers: in pods of kube-system, or on the node itself, at the address that
# https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ gives it.
_DNS_NAMESPACE, _NODE_DNS, _DNS_PORT = "kube-system", "169.254.20.10/32", 53
# Where EKS hands a pod the credentials of its role, which buckets and queues are reached with.
# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
_IDENTITY_AGENT, _IDENTITY_PORT = ("169.254.170.23/32", "fd00:ec2::23/128"), 80
_BY_ROLE = frozenset({"s3", "sqs"})
# The variable with the address that telemetry is sent to, where any is sent.
_TELEMETRY = "OTEL_EXPORTER_OTLP_ENDPOINT"


def network_policy(workload: Workload) -> JsonObject:
    """Both directions are closed, but for what the rules open."""
    rules = {"ingress": list(_ingress(workload)), "egress": list(_egress(workload))}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": workload.metadata(),
        "spec": {
            "podSelector": workload.selector(),
            "policyTypes": ["Ingress", "Egress"],
            **{direction: opened for direction, opened in rules.items() if opened},
        },
    }


def _ingress(workload: Workload) -> Iterator[JsonObject]:
    service, platform = workload.service, workload.platform
    numbers = {each.name: each.port for each in listening_ports(service)}
    scraped = scraped_port(service)
    called = [each.target for each in reached_ports(service) if each.name != scraped or each.target == service.port]
    if called:
        label = calls_label(service.team, service.name, platform.api_group)
        callers: JsonObject = {"namespaceSelector": {}, "podSelector": {"matchLabels": {label: "true"}}}
        yield {"from": [callers], "ports": _tcp(*called)}
    if workload.host and service.port is not None:
        yield {"from": [_namespace(platform.gateway_namespace)], "ports": _tcp(service.port)}
    if scraped:
        yield {"from": [_namespace(platform.monitoring_namespace)], "ports": _tcp(numbers[scraped])}


def _egress(workload: Workload) -> Iterator[JsonObject]:
    types = {each.type for each in workload.service.dependencies}
    yield {
        "to": [_namespace(_DNS_NAMESPACE), _block(_NODE_DNS)],
        "ports": [{"protocol": protocol, "port": _DNS_PORT} for protocol in ("UDP", "TCP")],
    }
    for each in workload.service.dependencies:
        if not each.is_managed:
            # At any port: which ones its pods listen on is the other service's to say, and its own policy's.
            pods: JsonObject = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": each.name}}}
            yield {"to": [{**_namespace(each.team or workload.namespace), **pods}]}
    yield {"ports": _tcp(HTTPS_PORT, *(port for kind, port in _PORTS.items() if kind in types))}
    if types & _BY_ROLE:
        yield {"to": [_block(each) for each in _IDENTITY_AGENT], "ports": _tcp(_IDENTITY_PORT)}
    if endpoint := telemetry_variables(workload).get(_TELEMETRY):
        yield _collector(endpoint)


def _collector(endpoint: str) -> JsonObject:
    """The rule for an address such as http://otel-collector.monitoring:4318: the namespace, where it is in the cluster."""
    address = urlsplit(endpoint)
    ports = _tcp(address.port or (HTTPS_PORT if address.scheme == "https" else 80))
    _, *domain = (address.hostname or "").split(".")
    # What a service is called inside the cluster: name.namespace, or name.namespace.svc and the cluster's domain.
    if len(domain) == 1 or domain[1:2] == ["svc"]:
        return {"to": [_namespace(domain[0])], "ports": ports}
    return {"ports": ports}


def _namespace(name: str) -> JsonObject:
    # The API server labels every namespace with its name.
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _block(addresses: str) -> JsonObject:
    return {"ipBlock": {"cidr": addresses}}


def _tcp(*ports: int) -> list[Json]:
    return [{"protocol": "TCP", "port": each} for each in ports]
