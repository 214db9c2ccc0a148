"""How a service is reached from outside of its cluster: its certificate, its listener and its route.

All three stand in the team's namespace, beside the service; the Gateway is the platform team's and is not touched. See
decision 23.
"""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.ports import CALLERS_PORT

LISTENER = "https"
HTTPS_PORT = 443
# What external-dns reads beside the route's own host names, and what installations of it choose objects by.
HOSTNAME_ANNOTATION = "external-dns.alpha.kubernetes.io/hostname"


def exposing_objects(workload: Workload, host: str) -> tuple[JsonObject, ...]:
    """What leads requests for `host` to the service, in the order in which each needs the one before."""
    return (_certificate(workload, host), _listeners(workload, host), _route(workload, host))


def _secret(workload: Workload) -> str:
    return f"{workload.name}-tls"


def _certificate(workload: Workload, host: str) -> JsonObject:
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": workload.metadata(),
        "spec": {
            "secretName": _secret(workload),
            # No common name: it ends at 64 characters, and browsers have not read it for years.
            "dnsNames": [host],
            "issuerRef": {
                "group": "cert-manager.io",
                "kind": "ClusterIssuer",
                "name": workload.platform.cluster_issuer,
            },
            # Smaller and quicker than RSA, and a new key each time: one that leaked is worth nothing after a renewal.
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        },
    }


def _listeners(workload: Workload, host: str) -> JsonObject:
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "ListenerSet",
        "metadata": workload.metadata(),
        "spec": {
            "parentRef": {
                "group": "gateway.networking.k8s.io",
                "kind": "Gateway",
                "name": workload.service.exposure.visibility,
                "namespace": workload.platform.gateway_namespace,
            },
            "listeners": [
                {
                    "name": LISTENER,
                    "hostname": host,
                    "port": HTTPS_PORT,
                    "protocol": "HTTPS",
                    "tls": {
                        "mode": "Terminate",
                        "certificateRefs": [{"group": "", "kind": "Secret", "name": _secret(workload)}],
                    },
                    "allowedRoutes": {"namespaces": {"from": "Same"}},
                }
            ],
        },
    }


def _route(workload: Workload, host: str) -> JsonObject:
    metadata = {**workload.metadata(), "annotations": {HOSTNAME_ANNOTATION: host}}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata,
        "spec": {
            "parentRefs": [
                {
                    "group": "gateway.networking.k8s.io",
                    "kind": "ListenerSet",
                    "name": workload.name,
                    "sectionName": LISTENER,
                }
            ],
            "hostnames": [host],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": workload.service.exposure.path}}],
                    "backendRefs": [{"group": "", "kind": "Service", "name": workload.name, "port": CALLERS_PORT}],
                }
            ],
        },
    }
