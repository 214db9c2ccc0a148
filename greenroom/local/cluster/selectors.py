"""Label and field selectors: text or structure → a predicate over objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from greenroom.local.cluster.errors import bad_request
from greenroom.local.cluster.objects import Manifest, labels_of
from greenroom.local.cluster.resources import Resource

Predicate: TypeAlias = Callable[[Manifest], bool]
_LabelPredicate: TypeAlias = Callable[[Mapping[str, str]], bool]

_REQUIREMENT = re.compile(r"\s*(?P<key>[^\s!=,()]+)\s+(?P<verb>in|notin)\s*\((?P<values>[^)]*)\)\s*")
_EQUALITY = re.compile(r"\s*(?P<key>[^\s!=,()]+)\s*(?P<verb>==|=|!=)\s*(?P<value>[^\s,()=!]*)\s*")
_EXISTENCE = re.compile(r"\s*(?P<absent>!?)\s*(?P<key>[^\s!=,()]+)\s*")

_METADATA_FIELDS: Final = ("metadata.name", "metadata.namespace")
# Fields that the real server can select by; all others are refused there as well.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "pods": (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "status.phase",
        "status.podIP",
        "status.nominatedNodeName",
    ),
    "events": (
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "source",
        "type",
    ),
    "secrets": ("type",),
    "namespaces": ("status.phase",),
    "nodes": ("spec.unschedulable",),
    "jobs.batch": ("status.successful",),
    "replicasets.apps": ("status.replicas",),
}


def everything(_: Manifest) -> bool:
    """The selector that leaves nothing out."""
    return True


def parse_labels(text: str) -> Predicate:
    """A label selector as in a query (`a=b,c in (d,e),!f`). Raises StatusError (400) when it is none."""
    requirements: list[_LabelPredicate] = []
    place = 0
    while place < len(text):
        place, requirement = _next_requirement(text, place)
        requirements.append(requirement)
    return lambda manifest: all(requirement(labels_of(manifest)) for requirement in requirements)


def _next_requirement(text: str, place: int) -> tuple[int, _LabelPredicate]:
    for pattern, build in ((_REQUIREMENT, _membership), (_EQUALITY, _equality), (_EXISTENCE, _existence)):
        match = pattern.match(text, place)
        if match and (match.end() == len(text) or text[match.end()] == ","):
            return match.end() + 1, build(match)
    raise bad_request(f"unable to parse requirement: found '{text[place:]}', expected: a label selector")


def _membership(match: re.Match[str]) -> _LabelPredicate:
    key, values = match["key"], frozenset(value.strip() for value in match["values"].split(","))
    if match["verb"] == "in":
        return lambda labels: labels.get(key) in values
    return lambda labels: labels.get(key) not in values


def _equality(match: re.Match[str]) -> _LabelPredicate:
    key, value = match["key"], match["value"]
    if match["verb"] == "!=":
        return lambda labels: labels.get(key) != value
    return lambda labels: labels.get(key) == value


def _existence(match: re.Match[str]) -> _LabelPredicate:
    key = match["key"]
    return (lambda labels: key not in labels) if match["absent"] else (lambda labels: key in labels)


def match_selector(selector: Manifest | None, labels: Mapping[str, str]) -> bool:
    """Whether labels satisfy a LabelSelector; one that is absent or empty is satisfied by none here."""
    if not selector:
        return False
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_expression(each, labels) for each in selector.get("matchExpressions") or [])


def _expression(expression: Manifest, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values") or []
    verdicts = {
        "In": value in values,
        "NotIn": value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }
    return verdicts.get(expression.get("operator", ""), False)


def selector_text(selector: Manifest | None) -> str:
    """A LabelSelector as the text that a query or a scale's status carries."""
    if not selector:
        return ""
    parts = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    for each in selector.get("matchExpressions") or []:
        values = f" ({','.join(each.get('values') or [])})"
        verb = {"In": " in", "NotIn": " notin"}.get(each["operator"], "")
        if each["operator"] == "DoesNotExist":
            parts.append(f"!{each['key']}")
        else:
            parts.append(each["key"] + (verb + values if verb else ""))
    return ",".join(parts)


def parse_fields(text: str, kind: Resource) -> Predicate:
    """A field selector (`metadata.name=x,status.phase!=Running`). Raises StatusError (400) for unknown fields."""
    allowed = (*_METADATA_FIELDS, *_FIELDS.get(kind.key, ()))
    tests: list[Predicate] = []
    for part in filter(None, text.split(",")):
        match = re.fullmatch(r"([^=!]+)(==|=|!=)(.*)", part)
        if match is None:
            raise bad_request(f"invalid selector: '{part}'; can't understand '{part}'")
        if match[1] not in allowed:
            raise bad_request(f'field label not supported: "{match[1]}"')
        tests.append(_field_test(match[1], match[3], wanted=match[2] != "!="))
    return lambda manifest: all(test(manifest) for test in tests)


def _field_test(path: str, value: str, *, wanted: bool) -> Predicate:
    return lambda manifest: (_field(manifest, path) == value) is wanted


def _field(manifest: Manifest, path: str) -> str:
    node: Any = manifest
    for step in path.split("."):
        node = node.get(step) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node = node.get("component")  # an event's `source` is selected by its component
    return "" if node is None else str(node)
