"""HTTPRoutes: whether their Gateways take them, and whether their backends are there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers.attachment import (
    Refusal,
    backend_refusal,
    backends_of,
    refers_to,
    route_refusal,
)
from greenroom.local.cluster.controllers.conditions import condition
from greenroom.local.cluster.controllers.loop import Context, Key, key_of
from greenroom.local.cluster.custom.gateway_api import GROUP
from greenroom.local.cluster.objects import Manifest, labels_of, namespace_of, timestamp
from greenroom.local.cluster.resources import (
    GATEWAYS,
    LISTENER_SETS,
    NAMESPACES,
    REFERENCE_GRANTS,
    ROUTES,
    SERVICES,
    Resource,
)
from greenroom.local.cluster.storage import Change

# What says that nothing here routes anything.
CONTROLLER: Final = "greenroom.local/simulated-gateway"
_PARENTS: Final[dict[str, Resource]] = {"Gateway": GATEWAYS, "ListenerSet": LISTENER_SETS}


class RouteController:
    """Writes `status.parents`: one entry for each Gateway or ListenerSet that a route refers to."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is ROUTES:
            return [key_of(change.object)]
        routes = self._context.store.objects
        if change.resource in _PARENTS.values():
            return [key_of(each) for each in routes(ROUTES) if _names(each, change.object)]
        if change.resource is SERVICES and change.type != "MODIFIED":
            place = key_of(change.object)
            return [key_of(each) for each in routes(ROUTES) if place in _services_of(each)]
        return [key_of(each) for each in routes(ROUTES)] if change.resource is REFERENCE_GRANTS else []

    def reconcile(self, key: Key) -> None:
        route = self._context.store.get(ROUTES, *key)
        if route is None:
            return
        store = self._context.store
        unresolved = backend_refusal(
            route, lambda *place: store.get(SERVICES, *place) is not None, store.objects(REFERENCE_GRANTS)
        )
        references = [each for each in route["spec"].get("parentRefs") or [] if _is_known(each)]
        parents = [self._entry(route, reference, unresolved) for reference in references]
        self._context.operations.set_status(ROUTES, route, {"parents": parents}, CONTROLLER)

    def _entry(self, route: Manifest, reference: Manifest, unresolved: Refusal | None) -> Manifest:
        namespace = reference.get("namespace", namespace_of(route))
        parent = self._context.store.get(_PARENTS[reference["kind"]], namespace, reference["name"])
        space = self._context.store.get(NAMESPACES, "", namespace_of(route))
        refused = route_refusal(route, reference, parent, labels_of(space) if space else {})
        entries: list[Manifest] = route["status"].get("parents") or []
        before: list[Manifest] = next(
            (each["conditions"] for each in entries if each.get("parentRef") == reference), []
        )
        time, generation = timestamp(self._context.clock.now()), route["metadata"]["generation"]
        accepted = refused or ("Accepted", "Route is accepted")
        resolved = unresolved or ("ResolvedRefs", "All references are resolved")
        conditions = [
            condition(before, "Accepted", *accepted, time, on=refused is None, generation=generation),
            condition(before, "ResolvedRefs", *resolved, time, on=unresolved is None, generation=generation),
        ]
        return {"parentRef": reference, "controllerName": CONTROLLER, "conditions": conditions}


def _is_known(reference: Manifest) -> bool:
    return reference["group"] == GROUP and reference["kind"] in _PARENTS


def _names(route: Manifest, parent: Manifest) -> bool:
    home = namespace_of(route)
    return any(refers_to(each, home, parent) for each in route["spec"].get("parentRefs") or [])


def _services_of(route: Manifest) -> set[Key]:
    return {(each.get("namespace", namespace_of(route)), each["name"]) for each in backends_of(route)}
