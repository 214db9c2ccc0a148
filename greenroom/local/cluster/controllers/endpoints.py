"""Endpoints and EndpointSlices: the addresses of the ready pods behind a service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers import pods
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import (
    Manifest,
    labels_of,
    name_of,
    namespace_of,
    owner_reference,
    uid_of,
)
from greenroom.local.cluster.operations import options_of
from greenroom.local.cluster.pod_summary import is_ready
from greenroom.local.cluster.resources import ENDPOINT_SLICES, ENDPOINTS, PODS, SERVICES, Resource
from greenroom.local.cluster.selectors import match_selector
from greenroom.local.cluster.storage import Change

_SERVICE_NAME: Final = "kubernetes.io/service-name"
_BALANCER_ADDRESS: Final = "192.0.2.10"  # RFC 5737: an address for documentation, which nothing answers


class EndpointsController:
    """Follows services with a selector, and the pods that it selects."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is SERVICES:
            return [key_of(change.object)]
        if change.resource is not PODS:
            return []
        services = self._context.store.objects(SERVICES, namespace_of(change.object))
        return [key_of(each) for each in services if _selects(each, change.object)]

    def reconcile(self, key: Key) -> None:
        service = self._context.store.get(SERVICES, *key)
        if service is None:
            self._remove(key)
            return
        if service["spec"].get("type") == "LoadBalancer":
            status = {"loadBalancer": {"ingress": [{"ip": _BALANCER_ADDRESS}]}}
            self._context.operations.set_status(SERVICES, service, status, MANAGER)
        if not service["spec"].get("selector"):
            return
        selected = [pod for pod in self._context.store.objects(PODS, key[0]) if _selects(service, pod)]
        addressed = [pod for pod in pods.active(selected) if pod["status"].get("podIP")]
        self._put(ENDPOINTS, service, {"subsets": _subsets(service, addressed)}, name_of(service))
        self._put(ENDPOINT_SLICES, service, _slice(service, addressed), f"{name_of(service)}-simulated")

    def _put(self, kind: Resource, service: Manifest, content: Manifest, name: str) -> None:
        namespace = namespace_of(service)
        existing = self._context.store.get(kind, namespace, name)
        if existing is not None:
            self._context.operations.rewrite(kind, existing, {**existing, **content}, MANAGER)
            return
        metadata = {
            "name": name,
            "namespace": namespace,
            "labels": {**labels_of(service), _SERVICE_NAME: name_of(service)},
            "ownerReferences": [owner_reference(service)],
        }
        body = {"kind": kind.kind, "apiVersion": kind.api_version, "metadata": metadata, **content}
        self._context.operations.create(kind, namespace, body, options_of(MANAGER))

    def _remove(self, key: Key) -> None:
        for kind, name in ((ENDPOINTS, key[1]), (ENDPOINT_SLICES, f"{key[1]}-simulated")):
            existing = self._context.store.get(kind, key[0], name)
            if existing is not None:
                self._context.store.remove(kind, existing)


def _selects(service: Manifest, pod: Manifest) -> bool:
    return match_selector({"matchLabels": service["spec"].get("selector") or {}}, labels_of(pod)) and bool(
        service["spec"].get("selector")
    )


def _ports(service: Manifest) -> list[Manifest]:
    found = []
    for port in service["spec"].get("ports") or []:
        target = port.get("targetPort")
        named = {"name": port["name"]} if "name" in port else {}
        found.append(
            {**named, "port": target if isinstance(target, int) else port["port"], "protocol": port["protocol"]}
        )
    return found


def _target(pod: Manifest) -> Manifest:
    return {"kind": "Pod", "namespace": namespace_of(pod), "name": name_of(pod), "uid": uid_of(pod)}


def _subsets(service: Manifest, selected: list[Manifest]) -> list[Manifest]:
    addresses: dict[str, list[Manifest]] = {}
    for pod in selected:
        address = {"ip": pod["status"]["podIP"], "nodeName": pod["spec"].get("nodeName"), "targetRef": _target(pod)}
        addresses.setdefault("addresses" if is_ready(pod) else "notReadyAddresses", []).append(address)
    return [{**addresses, "ports": _ports(service)}] if addresses else []


def _slice(service: Manifest, selected: list[Manifest]) -> Manifest:
    endpoints = [
        {
            "addresses": [pod["status"]["podIP"]],
            "conditions": {"ready": is_ready(pod), "serving": is_ready(pod), "terminating": False},
            "nodeName": pod["spec"].get("nodeName"),
            "targetRef": _target(pod),
        }
        for pod in selected
    ]
    return {"addressType": "IPv4", "endpoints": endpoints, "ports": [{"name": "", **port} for port in _ports(service)]}
