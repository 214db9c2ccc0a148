"""The Service document as the rest of the platform sees it: checked, with every default filled in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from foundation.jsontypes import JsonObject

ServiceType = Literal["web", "worker"]
Lifecycle = Literal["experimental", "production", "deprecated"]
DependencyType = Literal["postgresql", "redis", "s3", "sqs", "service"]
Strategy = Literal["rolling", "recreate"]
Logging = Literal["structured", "plain"]

# Looked for where a document names no `api`.
DEFAULT_API = "openapi.yaml"


@dataclass(frozen=True)
class Resources:
    """Names of sizes, see `foundation.service.sizes`."""

    cpu: str
    memory: str


@dataclass(frozen=True)
class Dependency:
    """Something the service needs.

    `name` is unique among the service's own of that type; of another service it is that service's name.
    `size` is None where the type has none.
    """

    type: DependencyType
    name: str
    size: str | None


@dataclass(frozen=True)
class Observability:
    """What the platform collects from the service."""

    metrics: bool
    tracing: bool
    logging: Logging


@dataclass(frozen=True)
class Replicas:
    """Between how many pods the service scales; equal numbers mean that it does not."""

    min: int
    max: int


@dataclass(frozen=True)
class Deployment:
    """How a new version replaces the old one, and how many pods there are."""

    strategy: Strategy
    replicas: Replicas


@dataclass(frozen=True)
class Probes:
    """Where the platform asks whether a pod is ready and alive."""

    path: str


@dataclass(frozen=True)
class Link:
    """A page about the service; `icon` is one of Backstage's icon names."""

    title: str
    url: str
    icon: str | None


@dataclass(frozen=True)
class Service:
    """One service, as its document describes it.

    `system` is the team where none is named. `port` is None for a worker that serves nothing. `image` is None
    for the platform's own `{registry}/{team}/{name}`. `api` is None where the document names none; then
    `DEFAULT_API` is looked for. `api`, `docs` and `runbook` are relative to the document, as is a runbook that is
    no address.
    """

    name: str
    team: str
    system: str
    title: str | None
    description: str | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    tags: tuple[str, ...]
    type: ServiceType
    lifecycle: Lifecycle
    language: str | None
    framework: str | None
    image: str | None
    port: int | None
    probes: Probes
    resources: Resources
    dependencies: tuple[Dependency, ...]
    observability: Observability
    deployment: Deployment
    environments: tuple[str, ...]
    api: str | None
    docs: str
    runbook: str | None
    links: tuple[Link, ...]

    def as_json(self) -> JsonObject:
        """The same as plain data, for answers and files."""
        return cast("JsonObject", _plain(dataclasses.asdict(self)))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
