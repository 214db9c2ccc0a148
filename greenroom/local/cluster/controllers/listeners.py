"""The statuses of listeners, of Gateways and ListenerSets alike."""

from __future__ import annotations

from greenroom.local.cluster.controllers.attachment import is_granted, refers_to
from greenroom.local.cluster.controllers.conditions import condition
from greenroom.local.cluster.controllers.loop import Context
from greenroom.local.cluster.custom.gateway_api import GROUP
from greenroom.local.cluster.objects import Manifest, namespace_of, timestamp
from greenroom.local.cluster.resources import REFERENCE_GRANTS, ROUTES, SECRETS


def listener_statuses(context: Context, holder: Manifest) -> list[Manifest]:
    """One entry for each listener of a Gateway or ListenerSet that is accepted."""
    before = {each.get("name"): each for each in holder["status"].get("listeners") or []}
    return [_status(context, holder, each, before.get(each["name"], {})) for each in holder["spec"]["listeners"]]


def is_programmed(statuses: list[Manifest]) -> bool:
    """Whether all listeners serve."""
    return all(each["conditions"][1]["status"] == "True" for each in statuses)


def _status(context: Context, holder: Manifest, listener: Manifest, before: Manifest) -> Manifest:
    known = before.get("conditions") or []
    time, generation = timestamp(context.clock.now()), holder["metadata"]["generation"]
    missing = _missing_certificate(context, holder, listener)
    programmed = ("Invalid", "Listener is not valid") if missing else ("Programmed", "Listener is programmed")
    resolved = missing or ("ResolvedRefs", "All references are resolved")
    conditions = [
        condition(known, "Accepted", "Accepted", "Listener is accepted", time, generation=generation),
        condition(known, "Programmed", *programmed, time, on=missing is None, generation=generation),
        condition(known, "ResolvedRefs", *resolved, time, on=missing is None, generation=generation),
    ]
    attached = sum(1 for route in context.store.objects(ROUTES) if _is_attached(route, holder, listener))
    return {
        "name": listener["name"],
        "attachedRoutes": attached,
        "supportedKinds": [{"group": GROUP, "kind": "HTTPRoute"}],
        "conditions": conditions,
    }


def _missing_certificate(context: Context, holder: Manifest, listener: Manifest) -> tuple[str, str] | None:
    for reference in (listener.get("tls") or {}).get("certificateRefs") or []:
        namespace = reference.get("namespace", namespace_of(holder))
        target = {name: reference[name] for name in ("group", "kind", "name")}
        grants = context.store.objects(REFERENCE_GRANTS, namespace)
        if not is_granted(grants, holder["kind"], namespace_of(holder), target, namespace):
            return "RefNotPermitted", f'No ReferenceGrant in {namespace} permits the use of Secret "{target["name"]}"'
        secret = context.store.get(SECRETS, namespace, reference["name"])
        if secret is None or secret.get("type") != "kubernetes.io/tls":
            return "InvalidCertificateRef", f'Secret "{namespace}/{reference["name"]}" is no certificate'
    return None


def _is_attached(route: Manifest, holder: Manifest, listener: Manifest) -> bool:
    for entry in route["status"].get("parents") or []:
        reference = entry["parentRef"]
        accepted = entry["conditions"][0]["status"] == "True"
        if accepted and refers_to(reference, namespace_of(route), holder):
            return reference.get("sectionName") in {None, listener["name"]}
    return False
