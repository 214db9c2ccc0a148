"""Who may attach to what in the Gateway API: pure functions, after its documentation of each field.

A refusal is (reason, message), None where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from greenroom.local.cluster.custom.gateway_api import GROUP
from greenroom.local.cluster.objects import Manifest, condition_of, name_of, namespace_of
from greenroom.local.cluster.selectors import match_selector

Refusal: TypeAlias = tuple[str, str]
Labels: TypeAlias = Mapping[str, str]

_NO_PARENT: Final = "NoMatchingParent"


def admits(allowed: Manifest, home: str, guest: str, labels_of_guest: Labels) -> bool:
    """Whether what lives in the namespace `home` lets in what lives in `guest` (`from`, and a selector for it)."""
    match allowed.get("from"):
        case "All":
            return True
        case "Selector":
            return match_selector(allowed.get("selector"), labels_of_guest)
        case "Same":
            return home == guest
        case _:
            return False


def route_refusal(route: Manifest, reference: Manifest, parent: Manifest | None, labels: Labels) -> Refusal | None:
    """Why a route is not accepted by the Gateway or ListenerSet that it refers to. `labels`: of its namespace."""
    named = f'{reference["kind"]} "{reference.get("namespace", namespace_of(route))}/{reference["name"]}"'
    if parent is None:
        return _NO_PARENT, f"{named} not found"
    accepted = condition_of(parent, "Accepted")
    if accepted is None or accepted["status"] != "True":
        return _NO_PARENT, f"{named} is not accepted by a controller"
    listeners = [each for each in parent["spec"]["listeners"] if _is_meant(each, reference)]
    if not listeners:
        wanted = reference.get("sectionName") or f"port {reference.get('port')}"
        return _NO_PARENT, f"{named} has no listener {wanted}"
    open_ones = [
        each
        for each in listeners
        if admits(each["allowedRoutes"]["namespaces"], namespace_of(parent), namespace_of(route), labels)
    ]
    if not open_ones:
        return "NotAllowedByListeners", f"No listener of {named} allows routes of the namespace {namespace_of(route)}"
    names = route["spec"].get("hostnames") or []
    if names and not any(_meets(each.get("hostname", ""), name) for each in open_ones for name in names):
        return "NoMatchingListenerHostname", f"No listener of {named} has a host name of the route"
    return None


def _is_meant(listener: Manifest, reference: Manifest) -> bool:
    section, port = reference.get("sectionName"), reference.get("port")
    return section in {None, listener["name"]} and port in {None, listener["port"]}


def _meets(one: str, other: str) -> bool:
    """Whether two host names have one in common; a leading `*.` stands for one label or more, nothing for any name."""
    if not one or one == other:
        return True
    return any(wild.startswith("*.") and (name.endswith(wild[1:])) for wild, name in ((one, other), (other, one)))


def backends_of(route: Manifest) -> Iterator[Manifest]:
    """The references to backends in all rules of a route."""
    for rule in route["spec"]["rules"]:
        yield from rule.get("backendRefs") or []


def backend_refusal(route: Manifest, exists: Callable[[str, str], bool], grants: Iterable[Manifest]) -> Refusal | None:
    """Why a backend of a route cannot be resolved. `exists`: whether a service is there, by namespace and name."""
    for backend in backends_of(route):
        target = {"group": backend["group"], "kind": backend["kind"], "name": backend["name"]}
        namespace = backend.get("namespace", namespace_of(route))
        if (backend["group"], backend["kind"]) != ("", "Service"):
            return "InvalidKind", f'The kind {backend["kind"]} of the group "{backend["group"]}" is no backend here'
        if not is_granted(grants, "HTTPRoute", namespace_of(route), target, namespace):
            return "RefNotPermitted", f'No ReferenceGrant in {namespace} permits the use of Service "{backend["name"]}"'
        if not exists(namespace, backend["name"]):
            return "BackendNotFound", f'Service "{namespace}/{backend["name"]}" not found'
    return None


def is_granted(grants: Iterable[Manifest], kind: str, home: str, target: Manifest, namespace: str) -> bool:
    """Whether an object of that kind in `home` may refer to `target` (group, kind, name) in `namespace`."""
    if home == namespace:
        return True
    source = {"group": GROUP, "kind": kind, "namespace": home}
    return any(
        namespace_of(grant) == namespace
        and source in grant["spec"]["from"]
        and any(_covers(each, target) for each in grant["spec"]["to"])
        for grant in grants
        if "spec" in grant
    )


def _covers(permitted: Manifest, target: Manifest) -> bool:
    same = (permitted["group"], permitted["kind"]) == (target["group"], target["kind"])
    return same and permitted.get("name") in {None, target["name"]}


def refers_to(reference: Manifest, home: str, parent: Manifest) -> bool:
    """Whether a parent reference of an object in the namespace `home` means that Gateway or ListenerSet."""
    return bool(
        reference["group"] == GROUP
        and reference["kind"] == parent["kind"]
        and reference["name"] == name_of(parent)
        and reference.get("namespace", home) == namespace_of(parent)
    )
