"""What every simulated cluster has from the start, and by what it says that it is simulated."""

from __future__ import annotations

from typing import Final

from greenroom.local.cluster.defaults import SIMULATED_ANNOTATION
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.operations import Operations, options_of
from greenroom.local.cluster.resources import NAMESPACES, NODES
from greenroom.local.cluster.storage import Store

_NAMESPACES: Final = ("default", "kube-public", "kube-system")
# Two, so that pods can be seen to be spread.
_NODES: Final = ("simulated-node-1", "simulated-node-2")
_CAPACITY: Final = {"cpu": "8", "memory": "32Gi", "pods": "110", "ephemeral-storage": "100Gi"}


def sow(store: Store, operations: Operations, now: str) -> None:
    """Create the nodes and namespaces that are not there yet."""
    for number, name in enumerate(_NODES, start=1):
        if store.get(NODES, "", name) is None:
            node = operations.create(NODES, "", _node(name), options_of("kubelet"))
            operations.set_status(NODES, node, _node_status(name, f"10.9.0.{number}", now), "kubelet")
    for name in _NAMESPACES:
        if store.get(NAMESPACES, "", name) is None:
            body = {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}}
            operations.create(NAMESPACES, "", body, options_of("kube-apiserver"))


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
