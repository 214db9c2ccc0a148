"""gateway.networking.k8s.io: gateways, listener sets, routes and grants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from greenroom.local.cluster.cells import AGE, Column, at, condition
from greenroom.local.cluster.custom.definition import Definition
from greenroom.local.cluster.custom.fields import Fields
from greenroom.local.cluster.errors import Cause
from greenroom.local.cluster.objects import Manifest

GROUP: Final = "gateway.networking.k8s.io"
# What a route matches that says nothing of paths.
_EVERY_PATH: Final = {"type": "PathPrefix", "value": "/"}

_SELECTOR: Final[Fields] = {
    "matchExpressions": [{"key!": "text", "operator!": "text", "values": ["text"]}],
    "matchLabels": "map",
}
_NAMESPACES: Final[Fields] = {"from": "text", "selector": _SELECTOR}
_LOCAL: Final[Fields] = {"group!": "text", "kind!": "text", "name!": "text"}
_SECRET: Final[Fields] = {"group": "text", "kind": "text", "name!": "text", "namespace": "text"}
_BACKEND: Final[Mapping[str, Fields]] = {
    "group": "text",
    "kind": "text",
    "name!": "text",
    "namespace": "text",
    "port": "number",
}
_LISTENER: Final[Fields] = {
    "name!": "text",
    "hostname": "text",
    "port!": "number",
    "protocol!": "text",
    "tls": {"mode": "Terminate|Passthrough", "certificateRefs": [_SECRET], "options": "map"},
    "allowedRoutes": {"namespaces": _NAMESPACES, "kinds": [{"group": "text", "kind!": "text"}]},
}
_HEADERS: Final[Fields] = {
    "set": [{"name!": "text", "value!": "text"}],
    "add": [{"name!": "text", "value!": "text"}],
    "remove": ["text"],
}
_PATH: Final[Fields] = {"type!": "text", "replaceFullPath": "text", "replacePrefixMatch": "text"}
_FILTER: Final[Fields] = {
    "type!": "text",
    "requestHeaderModifier": _HEADERS,
    "responseHeaderModifier": _HEADERS,
    "requestMirror": {
        "backendRef!": _BACKEND,
        "percent": "number",
        "fraction": {"numerator!": "number", "denominator": "number"},
    },
    "requestRedirect": {
        "scheme": "http|https",
        "hostname": "text",
        "path": _PATH,
        "port": "number",
        "statusCode": "number",
    },
    "urlRewrite": {"hostname": "text", "path": _PATH},
    "cors": "any",
    "externalAuth": "any",
    "extensionRef": _LOCAL,
}
_NAMED_VALUE: Final[Fields] = {"type": "Exact|RegularExpression", "name!": "text", "value!": "text"}
_RULE: Final[Fields] = {
    "name": "text",
    "matches": [
        {
            "path": {"type": "Exact|PathPrefix|RegularExpression", "value": "text"},
            "headers": [_NAMED_VALUE],
            "queryParams": [_NAMED_VALUE],
            "method": "GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH",
        }
    ],
    "filters": [_FILTER],
    "backendRefs": [{**_BACKEND, "weight": "number", "filters": [_FILTER]}],
    "timeouts": {"request": "text", "backendRequest": "text"},
    "retry": {"codes": ["number"], "attempts": "number", "backoff": "text"},
    "sessionPersistence": "any",
}


def _fill_listeners(spec: Manifest) -> None:
    for listener in spec["listeners"]:
        listener.setdefault("allowedRoutes", {}).setdefault("namespaces", {}).setdefault("from", "Same")
        if "tls" in listener:
            listener["tls"].setdefault("mode", "Terminate")
            for secret in listener["tls"].get("certificateRefs", ()):
                _fill(secret, group="", kind="Secret")


def _fill_listener_set(spec: Manifest) -> None:
    _fill(spec["parentRef"], group=GROUP, kind="Gateway")
    _fill_listeners(spec)


def _fill_route(spec: Manifest) -> None:
    for parent in spec.get("parentRefs", ()):
        _fill(parent, group=GROUP, kind="Gateway")
    for rule in spec.setdefault("rules", [{}]):
        for match in rule.setdefault("matches", [{}]):
            _fill(match.setdefault("path", {}), **_EVERY_PATH)
            for value in (*match.get("headers", ()), *match.get("queryParams", ())):
                _fill(value, type="Exact")
        for backend in rule.get("backendRefs", ()):
            _fill(backend, group="", kind="Service", weight=1)
            _fill_filters(backend)
        _fill_filters(rule)


def _fill_filters(holder: Manifest) -> None:
    for each in holder.get("filters", ()):
        if "requestRedirect" in each:
            _fill(each["requestRedirect"], statusCode=302)
        if "requestMirror" in each:
            _fill(each["requestMirror"]["backendRef"], group="", kind="Service")


def _route_rules(spec: Manifest) -> Iterator[Cause]:
    """Two rules of the definition that people run into, in its words."""
    for place, rule in enumerate(spec["rules"]):
        for number, match in enumerate(rule["matches"]):
            path = match["path"]
            if path["type"] != "RegularExpression" and not path["value"].startswith("/"):
                why = "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']"
                yield _against(f"spec.rules[{place}].matches[{number}].path", why)
        for number, backend in enumerate(rule.get("backendRefs", ())):
            if (backend["group"], backend["kind"]) == ("", "Service") and "port" not in backend:
                yield _against(f"spec.rules[{place}].backendRefs[{number}]", "Must have port for Service reference")


def _against(path: str, why: str) -> Cause:
    return Cause("FieldValueInvalid", f'Invalid value: "object": {why}', path)


def _fill(target: Manifest, **defaults: object) -> None:
    for name, value in defaults.items():
        target.setdefault(name, value)


DEFINITIONS: Final[Mapping[str, Definition]] = {
    "GatewayClass": Definition(
        {"controllerName!": "text", "description": "text", "parametersRef": _SECRET},
        (
            Column("Controller", at("spec.controllerName")),
            Column("Accepted", condition("Accepted")),
            AGE,
            Column("Description", at("spec.description"), priority=1),
        ),
    ),
    "Gateway": Definition(
        {
            "gatewayClassName!": "text",
            "listeners!": [_LISTENER],
            "addresses": [{"type": "text", "value": "text"}],
            "infrastructure": {"labels": "map", "annotations": "map", "parametersRef": _LOCAL},
            "allowedListeners": {"namespaces": _NAMESPACES},
            "tls": "any",
            "defaultScope": "All|None",
        },
        (
            Column("Class", at("spec.gatewayClassName")),
            Column("Address", lambda gateway, _: _addresses(gateway)),
            Column("Programmed", condition("Programmed")),
            AGE,
        ),
        _fill_listeners,
    ),
    "ListenerSet": Definition(
        {"parentRef!": _SECRET, "listeners!": [_LISTENER]},
        (
            Column("Accepted", condition("Accepted")),
            Column("Programmed", condition("Programmed")),
            AGE,
        ),
        _fill_listener_set,
    ),
    "HTTPRoute": Definition(
        {
            "parentRefs": [{**_BACKEND, "sectionName": "text"}],
            "useDefaultGateways": "All|None",
            "hostnames": ["text"],
            "rules": [_RULE],
        },
        (Column("Hostnames", at("spec.hostnames")), AGE),
        _fill_route,
        _route_rules,
    ),
    "ReferenceGrant": Definition(
        {
            "from!": [{"group!": "text", "kind!": "text", "namespace!": "text"}],
            "to!": [{"group!": "text", "kind!": "text", "name": "text"}],
        },
        required=False,
    ),
}


def _addresses(gateway: Manifest) -> str:
    found = gateway.get("status", {}).get("addresses") or []
    return " ".join(str(each.get("value", "")) for each in found)
