"""Reading a Service document: text in, a checked `Service` or every error out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from foundation.errors import Problem
from foundation.findings import Schema, schema_problems
from foundation.service.anchors import page_of
from foundation.service.errors import ServiceDocumentError
from foundation.service.hosts import host_problems
from foundation.service.model import (
    DEFAULT_PORT,
    Dependency,
    Deployment,
    Exposure,
    Latency,
    Link,
    Objectives,
    Observability,
    Patch,
    Place,
    Port,
    Probes,
    Replicas,
    Resources,
    Schedule,
    Service,
    Visibility,
)
from foundation.service.overrides import merged_spec
from foundation.service.pointers import resolved
from foundation.service.rules import SIZED, rule_problems
from foundation.service.schema import service_schema
from foundation.settings import PlatformSettings
from foundation.yaml import MOST_PROBLEMS, Document, Path, YamlError, load_yaml

# Bytes. The longest documents in use are 10 KiB; checking this much takes a second.
LARGEST = 128 * 1024
# A second pod takes over while one is replaced; twice the least leaves room to scale.
DEFAULT_MIN = 2
# Percent over 30 days: three and a half hours, which a team with office hours can keep.
DEFAULT_AVAILABILITY = 99.5


def load_service(text: bytes | str, file: str, settings: PlatformSettings) -> Service:
    """Read the Service document `text`, which messages call `file`.

    Raises ServiceDocumentError; its `problems` are all there are, in the order of the text (of very many, the first).
    """
    try:
        document = load_yaml(text, file, largest=LARGEST)
    except YamlError as error:
        raise ServiceDocumentError(error.message, problems=error.problems) from error
    schema = service_schema(settings)
    document = dataclasses.replace(document, page_of=lambda path: page_of(_explained(schema, path), settings))
    if problems := [*schema_problems(document, schema), *rule_problems(document, settings)]:
        raise _unfit(file, problems)
    service = _Builder(document, schema).service()
    if problems := list(host_problems(service, document, settings)):
        raise _unfit(file, problems)
    return service


def _unfit(file: str, problems: list[Problem]) -> ServiceDocumentError:
    message = f"{file} is not a Service document that can be used."
    return ServiceDocumentError(message, problems=_ordered(problems))


def _explained(schema: Schema, path: Path) -> Path:
    """The field that the reference page has a section about; empty, for all of them, where there is no such field."""
    fields = schema["properties"]
    if path[:1] == ("spec",) and len(path) > 1:
        path, fields = path[1:], fields["spec"]["properties"]
        return ("spec", path[0]) if path[0] in fields else ()
    return path[:1] if path[:1] and path[0] in fields else ()


def _ordered(problems: list[Problem]) -> list[Problem]:
    ordered = sorted(problems, key=lambda each: (each.line, each.column))
    if len(ordered) <= MOST_PROBLEMS:
        return ordered
    rest = f"{len(ordered) - MOST_PROBLEMS} more errors."
    return [*ordered[:MOST_PROBLEMS], Problem(ordered[0].file, 0, 0, rest, "Mend those above first.")]


def _with_defaults(root: Schema, schema: Schema, value: Mapping[str, Any]) -> dict[str, Any]:
    """`value` and, for what it leaves out, the schema's defaults, on every level of mappings."""
    filled = dict(value)
    for name, given in schema.get("properties", {}).items():
        field = resolved(root, given)
        if "properties" in field and (name in filled or "required" not in field):
            filled[name] = _with_defaults(root, field, filled.get(name, {}))
        elif name not in filled:
            filled[name] = field.get("default")
    return filled


@dataclasses.dataclass(frozen=True)
class _Builder:
    """Builds the Service out of a document without errors."""

    document: Document
    schema: Schema

    def service(self) -> Service:
        """The service, and what it is in environments of their own."""
        spec = self.document.mapping.get("spec") or {}
        overrides: Mapping[str, Any] = spec.get("overrides", {})
        hosts = tuple(name for name, each in overrides.items() if "host" in each.get("exposure", {}))
        made = dataclasses.replace(self._build(spec), hosts_given=hosts)
        overridden = {
            name: dataclasses.replace(self._build(merged_spec(spec, override)), hosts_given=hosts)
            for name, override in overrides.items()
        }
        return dataclasses.replace(made, overridden=overridden)

    def _build(self, given: Mapping[str, Any]) -> Service:
        data = _with_defaults(self.schema, self.schema, {**self.document.mapping, "spec": given})
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
            platform=spec["platform"],
            type=spec["type"],
            lifecycle=spec["lifecycle"],
            language=spec["language"],
            framework=spec["framework"],
            image=spec["image"],
            command=tuple(spec["command"]),
            args=tuple(spec["args"]),
            port=spec["port"] or (DEFAULT_PORT if spec["type"] == "web" else None),
            ports=tuple(Port(each["name"], each["port"], each.get("protocol", "tcp")) for each in spec["ports"]),
            probes=_probes(spec["probes"]),
            env=spec["env"],
            secrets=tuple(spec["secrets"]),
            resources=Resources(**spec["resources"]),
            dependencies=tuple(_dependency(each, metadata["team"]) for each in spec["dependencies"]),
            observability=Observability(**spec["observability"]),
            deployment=Deployment(spec["deployment"]["strategy"], _replicas(spec["deployment"]["replicas"])),
            schedule=_schedule(spec["schedule"]) if spec["type"] == "job" else None,
            exposure=_exposure(spec["exposure"], spec["type"]),
            objectives=_objectives(spec["objectives"], spec["type"]),
            environments=tuple(spec["environments"]),
            patches=tuple(self._patch(index, each) for index, each in enumerate(spec["patches"])),
            api=spec["api"],
            docs=spec["docs"],
            runbook=spec["runbook"],
            dashboards=tuple(_link(each, "dashboard") for each in spec["dashboards"]),
            links=tuple(map(_link, spec["links"])),
        )

    def _patch(self, index: int, data: Mapping[str, Any]) -> Patch:
        line, column = self.document.position(("spec", "patches", index))
        return Patch(
            kind=data["target"]["kind"],
            name=data["target"].get("name"),
            merge=data.get("merge"),
            operations=tuple(data.get("operations", ())),
            environments=tuple(data.get("environments", ())),
            place=Place(self.document.file, line, column),
        )


def _probes(data: Mapping[str, Any]) -> Probes:
    path = data["path"]
    return Probes(path, data["livenessPath"] or path, tuple(data["command"]), data["startSeconds"])


def _dependency(data: Mapping[str, Any], team: str) -> Dependency:
    kind = data["type"]
    return Dependency(
        type=kind,
        name=data.get("name", kind),
        size=data.get("size", "small") if kind in SIZED else None,
        version=data.get("version"),
        storage=data.get("storage"),
        expire_days=data.get("expireDays"),
        fifo=data.get("fifo", False),
        visibility_seconds=data.get("visibilitySeconds", 30),
        tries=data.get("tries", 5),
        team=data.get("team", team) if kind == "service" else None,
    )


def _replicas(data: Mapping[str, int | None]) -> Replicas:
    least, most = data["min"], data["max"]
    least = least or min(DEFAULT_MIN, most or DEFAULT_MIN)
    return Replicas(least, most or 2 * least)


def _schedule(data: Mapping[str, Any]) -> Schedule:
    return Schedule(
        cron=data["cron"],
        time_zone=data["timeZone"],
        concurrency=data["concurrency"],
        deadline_minutes=data["deadlineMinutes"],
        retries=data["retries"],
    )


def _exposure(data: Mapping[str, Any], kind: str) -> Exposure:
    visibility: Visibility = data["visibility"] or ("internal" if kind == "web" else "none")
    return Exposure(visibility, data["host"], data["path"])


def _objectives(data: Mapping[str, Any], kind: str) -> Objectives:
    availability = data["availability"] or (DEFAULT_AVAILABILITY if kind == "web" else None)
    latency = data["latency"]
    return Objectives(
        float(availability) if availability else None,
        Latency(latency["milliseconds"], float(latency["percent"])) if latency else None,
    )


def _link(data: Mapping[str, Any], icon: str | None = None) -> Link:
    return Link(data["title"], data["url"], data.get("icon", icon))
