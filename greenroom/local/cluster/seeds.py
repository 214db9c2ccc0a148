"""What every simulated cluster has from the start, and by what it says that it is simulated."""

from __future__ import annotations

from typing import Final

from greenroom.local.cluster.controllers.routes import CONTROLLER
from greenroom.local.cluster.defaults import SIMULATED_ANNOTATION
from greenroom.local.cluster.objects import Manifest, duplicate
from greenroom.local.cluster.operations import Operations, options_of
from greenroom.local.cluster.resources import (
    CLUSTER_ISSUERS,
    CLUSTER_SECRET_STORES,
    GATEWAY_CLASSES,
    GATEWAYS,
    NAMESPACES,
    NODES,
    Resource,
)
from greenroom.local.cluster.storage import Store

# The last is where the platform's Gateways are.
_NAMESPACES: Final = ("default", "kube-public", "kube-system", "gateways")
# Two, so that pods can be seen to be spread.
_NODES: Final = ("simulated-node-1", "simulated-node-2")
_CAPACITY: Final = {"cpu": "8", "memory": "32Gi", "pods": "110", "ephemeral-storage": "100Gi"}

_CLASS: Final = "simulated"
# What each Gateway listens on, for any host name; what services bring in listener sets of their own comes on top.
_LISTENERS: Final = [
    {"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "All"}}},
    {
        "name": "https",
        "port": 443,
        "protocol": "HTTPS",
        "tls": {"mode": "Terminate", "options": {SIMULATED_ANNOTATION: "true"}},
        "allowedRoutes": {"namespaces": {"from": "All"}},
    },
]
_GATEWAY: Final[Manifest] = {
    "gatewayClassName": _CLASS,
    "listeners": _LISTENERS,
    "allowedListeners": {"namespaces": {"from": "All"}},
}
_ISSUER: Final[Manifest] = {
    "acme": {"server": "https://acme.invalid/directory", "privateKeySecretRef": {"name": "simulated"}, "solvers": []}
}
_STORE: Final[Manifest] = {
    "provider": {"vault": {"server": "https://vault.invalid", "path": "secret", "version": "v2"}}
}
# By the names that Greenroom's settings have: kind, namespace, name and spec.
_PLATFORM: Final[tuple[tuple[Resource, str, str, Manifest], ...]] = (
    (GATEWAY_CLASSES, "", _CLASS, {"controllerName": CONTROLLER}),
    (GATEWAYS, "gateways", "public", _GATEWAY),
    (GATEWAYS, "gateways", "internal", _GATEWAY),
    (CLUSTER_ISSUERS, "", "letsencrypt", _ISSUER),
    (CLUSTER_SECRET_STORES, "", "vault", _STORE),
)


def sow(store: Store, operations: Operations, now: str) -> None:
    """Create the nodes, the namespaces and what a platform team has installed, where they are not there yet."""
    for number, name in enumerate(_NODES, start=1):
        if store.get(NODES, "", name) is None:
            node = operations.create(NODES, "", _node(name), options_of("kubelet"))
            operations.set_status(NODES, node, _node_status(name, f"10.9.0.{number}", now), "kubelet")
    for name in _NAMESPACES:
        if store.get(NAMESPACES, "", name) is None:
            body = {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}}
            operations.create(NAMESPACES, "", body, options_of("kube-apiserver"))
    for kind, namespace, name, spec in _PLATFORM:
        if store.get(kind, namespace, name) is None:
            metadata = {"name": name, "annotations": {SIMULATED_ANNOTATION: "true"}}
            operations.create(
                kind, namespace, {"metadata": metadata, "spec": duplicate(spec)}, options_of("platform-team")
            )


def _node(name: str) -> Manifest:
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "simulated"}
    metadata = {"name": name, "labels": labels, "annotations": {SIMULATED_ANNOTATION: "true"}}
    return {"kind": "Node", "apiVersion": "v1", "metadata": metadata, "spec": {"providerID": f"simulated://{name}"}}


def _node_status(name: str, address: str, now: str) -> Manifest:
    condition = {
        "type": "Ready",
        "status": "True",
        "lastHeartbeatTime": now,
        "lastTransitionTime": now,
        "reason": "KubeletReady",
        "message": "the node is simulated and always ready",
    }
    return {
        "capacity": _CAPACITY,
        "allocatable": _CAPACITY,
        "conditions": [condition],
        "addresses": [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": name}],
        "nodeInfo": {
            "machineID": "simulated",
            "systemUUID": "simulated",
            "bootID": "simulated",
            "kernelVersion": "simulated",
            "osImage": "simulated",
            "containerRuntimeVersion": "simulated://1",
            "kubeletVersion": "v1.36.0+greenroom-simulated",
            "kubeProxyVersion": "",
            "operatingSystem": "simulated",
            "architecture": "simulated",
        },
    }
