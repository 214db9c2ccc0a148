"""Gateways and ListenerSets: taken up at once, with an address that nothing answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers.attachment import Refusal, admits
from greenroom.local.cluster.controllers.conditions import condition, conditions_of
from greenroom.local.cluster.controllers.listeners import is_programmed, listener_statuses
from greenroom.local.cluster.controllers.loop import Context, Key, key_of
from greenroom.local.cluster.controllers.routes import CONTROLLER
from greenroom.local.cluster.objects import Manifest, condition_of, labels_of, namespace_of, timestamp
from greenroom.local.cluster.resources import (
    GATEWAY_CLASSES,
    GATEWAYS,
    LISTENER_SETS,
    NAMESPACES,
    REFERENCE_GRANTS,
    ROUTES,
    SECRETS,
    Resource,
)
from greenroom.local.cluster.storage import Change

_ADDRESS: Final = "192.0.2.20"  # RFC 5737: an address for documentation, which nothing answers


class GatewayController:
    """Programs the Gateways of a class that is ours; those of other classes wait for their controller."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        return _keys(self._context, GATEWAYS, change, GATEWAY_CLASSES)

    def reconcile(self, key: Key) -> None:
        gateway = self._context.store.get(GATEWAYS, *key)
        if gateway is None:
            return
        family = self._context.store.get(GATEWAY_CLASSES, "", gateway["spec"]["gatewayClassName"])
        if family is None or family["spec"]["controllerName"] != CONTROLLER:
            return
        time, generation = timestamp(self._context.clock.now()), gateway["metadata"]["generation"]
        before = conditions_of(gateway)
        accepted, programmed = "Gateway is accepted", "Gateway is programmed (simulated)"
        status = {
            "addresses": [{"type": "IPAddress", "value": _ADDRESS}],
            "conditions": [
                condition(before, "Accepted", "Accepted", accepted, time, generation=generation),
                condition(before, "Programmed", "Programmed", programmed, time, generation=generation),
            ],
            "listeners": listener_statuses(self._context, gateway),
        }
        self._context.operations.set_status(GATEWAYS, gateway, status, CONTROLLER)


class ListenerSetController:
    """Takes up the sets whose Gateway lets them in."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        return _keys(self._context, LISTENER_SETS, change, GATEWAYS)

    def reconcile(self, key: Key) -> None:
        listeners = self._context.store.get(LISTENER_SETS, *key)
        if listeners is None:
            return
        refused = self._refusal(listeners)
        statuses = [] if refused else listener_statuses(self._context, listeners)
        time, generation = timestamp(self._context.clock.now()), listeners["metadata"]["generation"]
        before = conditions_of(listeners)
        accepted = refused or ("Accepted", "ListenerSet is accepted")
        serves = refused is None and is_programmed(statuses)
        programmed = ("Programmed", "ListenerSet is programmed (simulated)")
        if not serves:
            programmed = refused or ("ListenersNotValid", "A listener of the set is not valid")
        conditions = [
            condition(before, "Accepted", *accepted, time, on=refused is None, generation=generation),
            condition(before, "Programmed", *programmed, time, on=serves, generation=generation),
        ]
        status = {"conditions": conditions, **({"listeners": statuses} if statuses else {})}
        self._context.operations.set_status(LISTENER_SETS, listeners, status, CONTROLLER)

    def _refusal(self, listeners: Manifest) -> Refusal | None:
        reference, home = listeners["spec"]["parentRef"], namespace_of(listeners)
        namespace = reference.get("namespace", home)
        gateway = self._context.store.get(GATEWAYS, namespace, reference["name"])
        accepted = condition_of(gateway, "Accepted") if gateway else None
        if gateway is None or accepted is None or accepted["status"] != "True":
            return "ParentNotAccepted", f'Gateway "{namespace}/{reference["name"]}" is not there, or not accepted'
        allowed = (gateway["spec"].get("allowedListeners") or {}).get("namespaces") or {}
        space = self._context.store.get(NAMESPACES, "", home)
        if not admits(allowed, namespace, home, labels_of(space) if space else {}):
            return (
                "NotAllowed",
                f'Gateway "{namespace}/{reference["name"]}" allows no listeners of the namespace {home}',
            )
        return None


def _keys(context: Context, kind: Resource, change: Change, above: Resource) -> Iterable[Key]:
    """All of `kind` after a change of what they are judged by: there are a few of them."""
    if change.resource is kind:
        return [key_of(change.object)]
    secret = change.resource is SECRETS and change.object.get("type") == "kubernetes.io/tls"
    if secret or change.resource in {above, ROUTES, REFERENCE_GRANTS}:
        return [key_of(each) for each in context.store.objects(kind)]
    return []
