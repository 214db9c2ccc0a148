"""Issuers, secret stores and gateway classes: ready as soon as they are there, since nobody is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from greenroom.local.cluster.controllers.conditions import condition, conditions_of
from greenroom.local.cluster.controllers.loop import Context, Key, key_of
from greenroom.local.cluster.controllers.routes import CONTROLLER
from greenroom.local.cluster.objects import Manifest, timestamp
from greenroom.local.cluster.resources import (
    CLUSTER_ISSUERS,
    CLUSTER_SECRET_STORES,
    GATEWAY_CLASSES,
    ISSUERS,
    SECRET_STORES,
    Resource,
)
from greenroom.local.cluster.storage import Change

_ISSUER: Final = ("Ready", "ACMEAccountRegistered", "The ACME account was registered with the ACME server (simulated)")
_OTHER_ISSUER: Final = ("Ready", "IsReady", "The issuer is ready (simulated)")
_STORE: Final = ("Ready", "Valid", "store validated")
_CLASS: Final = ("Accepted", "Accepted", "GatewayClass is accepted (simulated)")
_MANAGERS: Final[Mapping[Resource, str]] = {
    ISSUERS: "cert-manager-issuers",
    CLUSTER_ISSUERS: "cert-manager-clusterissuers",
    SECRET_STORES: "external-secrets",
    CLUSTER_SECRET_STORES: "external-secrets",
    GATEWAY_CLASSES: CONTROLLER,
}


class ReadinessController:
    """Says of one kind's objects that they are ready."""

    def __init__(self, context: Context, kind: Resource) -> None:
        self._context = context
        self._kind = kind

    def keys(self, change: Change) -> Iterable[Key]:
        return [key_of(change.object)] if change.resource is self._kind else []

    def reconcile(self, key: Key) -> None:
        found = self._context.store.get(self._kind, *key)
        said = self._said(found) if found else None
        if found is None or said is None:
            return
        time = timestamp(self._context.clock.now())
        # Conditions of stores do not name a generation.
        generation = None if said is _STORE else found["metadata"]["generation"]
        ready = condition(conditions_of(found), *said, time, generation=generation)
        more = {"capabilities": "ReadWrite"} if said is _STORE else {}
        status = {"conditions": [ready], **more}
        self._context.operations.set_status(self._kind, found, status, _MANAGERS[self._kind])

    def _said(self, found: Manifest) -> tuple[str, str, str] | None:
        if self._kind in {SECRET_STORES, CLUSTER_SECRET_STORES}:
            return _STORE
        if self._kind is GATEWAY_CLASSES:
            return _CLASS if found["spec"]["controllerName"] == CONTROLLER else None
        return _ISSUER if "acme" in found["spec"] else _OTHER_ISSUER


READY_KINDS: Final = tuple(_MANAGERS)
