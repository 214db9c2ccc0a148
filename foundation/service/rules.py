"""What a schema cannot say about a Service document: how its fields go together.

Each rule looks at plain data that may be wrong in other ways too, and says nothing about those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from foundation.errors import Problem
from foundation.findings import name_of
from foundation.yaml import Document, Path

SIZED = frozenset({"postgresql", "redis"})
UNSIZED = frozenset({"s3", "sqs", "service"})
# Set on every object and entity by the platform; a second opinion would make selectors and the catalog disagree.
RESERVED_LABELS = frozenset(
    {
        "app.kubernetes.io/name",
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/managed-by",
        "backstage.io/kubernetes-id",
    }
)


def rule_problems(document: Document) -> Iterator[Problem]:
    """Every way in which fields of the document contradict one another."""
    for rule in (_replicas, _dependencies, _labels, _probes):
        yield from rule(document)


def _at(document: Document, *path: str) -> Any:
    """What stands at `path`, or None; of any kind, since the document may be wrong there."""
    value: Any = document.value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _replicas(document: Document) -> Iterator[Problem]:
    path = ("spec", "deployment", "replicas")
    least, most = _at(document, *path, "min"), _at(document, *path, "max")
    if _is_number(least) and _is_number(most) and least > most:
        message = f"{name_of(path)}: min {least} is above max {most}."
        yield document.problem((*path, "min"), message, "Lower min or raise max.")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _dependencies(document: Document) -> Iterator[Problem]:
    dependencies = _at(document, "spec", "dependencies")
    service = _at(document, "metadata", "name")
    seen: set[tuple[str, str]] = set()
    for index, dependency in enumerate(dependencies if isinstance(dependencies, list) else []):
        if not isinstance(dependency, dict) or not isinstance(dependency.get("type"), str):
            continue
        path: Path = ("spec", "dependencies", index)
        kind, name = dependency["type"], dependency.get("name")
        if kind == "service":
            yield from _other_service(document, path, name, service)
        if kind in UNSIZED and "size" in dependency:
            message = f"{name_of(path)}.size: {kind} has no sizes."
            yield document.problem((*path, "size"), message, "Remove it.", at_key=True)
        identity = (kind, name if isinstance(name, str) else kind)
        if identity in seen and (kind != "service" or isinstance(name, str)):
            message = f'{name_of(path)}: a second {kind} called "{identity[1]}".'
            yield document.problem(path, message, "Give each its own name, or remove one.")
        seen.add(identity)


def _other_service(document: Document, path: Path, name: object, service: object) -> Iterator[Problem]:
    if name is None:
        yield document.problem(path, f"{name_of(path)}: name is missing.", "Add the name of the service.")
    elif name == service:
        message = f"{name_of(path)}.name: {name} would depend on itself."
        yield document.problem((*path, "name"), message, "Name another service.")


def _labels(document: Document) -> Iterator[Problem]:
    labels = _at(document, "metadata", "labels")
    for key in labels if isinstance(labels, dict) else {}:
        if key in RESERVED_LABELS:
            message = f"metadata.labels: {key} is set by the platform."
            yield document.problem(("metadata", "labels", key), message, "Remove it.", at_key=True)


def _probes(document: Document) -> Iterator[Problem]:
    if (
        _at(document, "spec", "type") == "worker"
        and _at(document, "spec", "probes")
        and not _at(document, "spec", "port")
    ):
        message = "probes: a worker without a port cannot be asked."
        yield document.problem(("spec", "probes"), message, "Give it a port, or remove probes.", at_key=True)
