"""Reading a Service document: text in, a checked `Service` or every error out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.errors import Problem
from foundation.findings import Schema, schema_problems
from foundation.service.errors import ServiceDocumentError
from foundation.service.model import (
    Dependency,
    Deployment,
    Link,
    Observability,
    Probes,
    Replicas,
    Resources,
    Service,
)
from foundation.service.rules import SIZED, rule_problems
from foundation.service.schema import service_schema
from foundation.settings import PlatformSettings
from foundation.yaml import MOST_PROBLEMS, Document, YamlError, load_yaml

# Bytes. The longest documents in use are 10 KiB; checking this much takes a second.
LARGEST = 128 * 1024
# What the usual frameworks and base images listen on when nobody says otherwise and ports below 1024 are closed.
DEFAULT_PORT = 8080
# A second pod takes over while one is replaced; twice the least leaves room to scale.
DEFAULT_MIN = 2


def load_service(text: bytes | str, file: str, settings: PlatformSettings) -> Service:
    """Read the Service document `text`, which messages call `file`.

    Raises ServiceDocumentError; its `problems` are all there are, in the order of the text (of very many, the first).
    """
    try:
        document = load_yaml(text, file, largest=LARGEST)
    except YamlError as error:
        raise ServiceDocumentError(error.message, problems=error.problems) from error
    schema = service_schema(settings)
    problems = [*schema_problems(document, schema), *rule_problems(document)]
    if problems:
        raise ServiceDocumentError(f"{file} is not a Service document that can be used.", problems=_ordered(problems))
    return _build(document, schema)


def _ordered(problems: list[Problem]) -> list[Problem]:
    ordered = sorted(problems, key=lambda each: (each.line, each.column))
    if len(ordered) <= MOST_PROBLEMS:
        return ordered
    rest = f"{len(ordered) - MOST_PROBLEMS} more errors."
    return [*ordered[:MOST_PROBLEMS], Problem(ordered[0].file, 0, 0, rest, "Mend those above first.")]


def _with_defaults(schema: Schema, value: Mapping[str, Any]) -> dict[str, Any]:
    """`value` and, for what it leaves out, the schema's defaults, on every level of mappings."""
    filled = dict(value)
    for name, field in schema.get("properties", {}).items():
        if "properties" in field:
            filled[name] = _with_defaults(field, filled.get(name, {}))
        elif name not in filled:
            filled[name] = field.get("default")
    return filled


def _build(document: Document, schema: Schema) -> Service:
    data = _with_defaults(schema, document.mapping)
    metadata, spec = data["metadata"], data["spec"]
    return Service(
        name=metadata["name"],
        team=metadata["team"],
        system=metadata["system"] or metadata["team"],
        title=metadata["title"],
        description=metadata["description"],
        labels=metadata["labels"],
        annotations=metadata["annotations"],
        tags=tuple(metadata["tags"]),
        type=spec["type"],
        lifecycle=spec["lifecycle"],
        language=spec["language"],
        framework=spec["framework"],
        image=spec["image"],
        port=spec["port"] or (DEFAULT_PORT if spec["type"] == "web" else None),
        probes=Probes(**spec["probes"]),
        resources=Resources(**spec["resources"]),
        dependencies=tuple(map(_dependency, spec["dependencies"])),
        observability=Observability(**spec["observability"]),
        deployment=Deployment(spec["deployment"]["strategy"], _replicas(spec["deployment"]["replicas"])),
        environments=tuple(spec["environments"]),
        api=spec["api"],
        docs=spec["docs"],
        runbook=spec["runbook"],
        links=tuple(Link(each["title"], each["url"], each.get("icon")) for each in spec["links"]),
    )


def _dependency(data: Mapping[str, Any]) -> Dependency:
    size = data.get("size", "small") if data["type"] in SIZED else None
    return Dependency(data["type"], data.get("name", data["type"]), size)


def _replicas(data: Mapping[str, int | None]) -> Replicas:
    least, most = data["min"], data["max"]
    least = least or min(DEFAULT_MIN, most or DEFAULT_MIN)
    return Replicas(least, most or 2 * least)
