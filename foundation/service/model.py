"""The Service document as the rest of the platform sees it: checked, with every default filled in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from foundation.jsontypes import JsonObject

ServiceType = Literal["web", "worker", "job"]
Lifecycle = Literal["experimental", "production", "deprecated"]
DependencyType = Literal["postgresql", "redis", "s3", "sqs", "service"]
Strategy = Literal["rolling", "recreate"]
Logging = Literal["structured", "plain"]
Protocol = Literal["http", "grpc", "tcp"]
Visibility = Literal["public", "internal", "none"]
Concurrency = Literal["forbid", "replace", "allow"]

# What the usual frameworks and base images listen on when nobody says otherwise and ports below 1024 are closed.
DEFAULT_PORT = 8080
# Looked for where a document names no `api`.
DEFAULT_API = "openapi.yaml"


@dataclass(frozen=True)
class Place:
    """Where something stands in a document, for errors that are found after it was read; counts from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Resources:
    """What one pod gets: names of sizes (see `foundation.service.release`) or Kubernetes quantities."""

    cpu: str
    memory: str


@dataclass(frozen=True)
class Dependency:
    """Something the service needs.

    `name` is unique among the service's own of that type; of another service it is that service's name.
    `size`, `version` and `storage` (GiB) are None where the type has none, and the last two where the release of the
    platform decides. `team` is whose the other service is.
    """

    type: DependencyType
    name: str
    size: str | None = None
    version: str | None = None
    storage: int | None = None
    # s3: days until an object is deleted; None keeps it.
    expire_days: int | None = None
    # sqs: strict order; seconds that a message is hidden while it is worked on; tries before it is set aside.
    fifo: bool = False
    visibility_seconds: int = 30
    tries: int = 5
    team: str | None = None

    @property
    def is_managed(self) -> bool:
        """Whether the platform makes it, rather than another team."""
        return self.type != "service"

    @property
    def label(self) -> str:
        """What it is called among all dependencies of the service: `postgresql`, or `orders-postgresql` where named."""
        return self.type if self.name == self.type else f"{self.name}-{self.type}"


@dataclass(frozen=True)
class Observability:
    """What the platform collects from the service."""

    metrics: bool
    tracing: bool
    logging: Logging


@dataclass(frozen=True)
class Replicas:
    """Between how many pods the service scales; equal numbers, and a `min` of 1, mean that it does not."""

    min: int
    max: int


@dataclass(frozen=True)
class Deployment:
    """How a new version replaces the old one, and how many pods there are."""

    strategy: Strategy
    replicas: Replicas


@dataclass(frozen=True)
class Probes:
    """How the platform asks whether a pod is ready and alive.

    `liveness_path` is `path` where none is given. `command` asks a worker that has no port. A pod has `start_seconds`
    until its first good answer.
    """

    path: str
    liveness_path: str
    command: tuple[str, ...]
    start_seconds: int


@dataclass(frozen=True)
class Port:
    """A port that the container listens on beside the main one."""

    name: str
    port: int
    protocol: Protocol


@dataclass(frozen=True)
class Exposure:
    """Where the service is reached from outside of its cluster; `host` is None for the platform's own name."""

    visibility: Visibility
    host: str | None
    path: str


@dataclass(frozen=True)
class Latency:
    """`percent` of the requests are answered within `milliseconds`."""

    milliseconds: int
    percent: float


@dataclass(frozen=True)
class Objectives:
    """What users may rely on over 30 days; None where nothing is promised. `availability` is in percent."""

    availability: float | None
    latency: Latency | None


@dataclass(frozen=True)
class Schedule:
    """When a job runs: five fields of cron in a time zone of the tz database."""

    cron: str
    time_zone: str
    concurrency: Concurrency
    # Minutes after which a run is ended.
    deadline_minutes: int
    retries: int


@dataclass(frozen=True)
class Patch:
    """A change to what is generated, made anew at each rendering.

    It applies to each object of `kind` (of that `name`, where one is given): a Kubernetes object, or a resource of the
    stack by its CloudFormation type. Either `merge` (RFC 7386) or `operations` (RFC 6902) is there. No `environments`
    means all of them.
    """

    kind: str
    name: str | None
    merge: JsonObject | None
    operations: tuple[JsonObject, ...]
    environments: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Link:
    """A page about the service, or about it in one environment; `icon` is one of Backstage's icon names."""

    title: str
    url: str
    icon: str | None
    environment: str | None = None


@dataclass(frozen=True)
class Service:
    """One service, as its document describes it.

    `system` is the team where none is named. `platform` is the release that the document is pinned to, None for the
    newest. `port` is None for what serves nothing. `image` is None for the platform's own `{registry}/{team}/{name}`.
    `secrets` are names of environment variables whose values lie in the secret store. `schedule` is there for jobs
    alone. `api` is None where the document names none; then `DEFAULT_API` is looked for. `api`, `docs` and `runbook` are
    relative to the document, as is a runbook that is no address. `overridden` has the service as it is in each
    environment that overrides something; `hosts_given` are the environments that name their own host.
    """

    name: str
    team: str
    system: str
    title: str | None
    description: str | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    tags: tuple[str, ...]
    platform: str | None
    type: ServiceType
    lifecycle: Lifecycle
    language: str | None
    framework: str | None
    image: str | None
    command: tuple[str, ...]
    args: tuple[str, ...]
    port: int | None
    ports: tuple[Port, ...]
    probes: Probes
    env: Mapping[str, str]
    secrets: tuple[str, ...]
    resources: Resources
    dependencies: tuple[Dependency, ...]
    observability: Observability
    deployment: Deployment
    schedule: Schedule | None
    exposure: Exposure
    objectives: Objectives
    environments: tuple[str, ...]
    patches: tuple[Patch, ...]
    api: str | None
    docs: str
    runbook: str | None
    dashboards: tuple[Link, ...]
    links: tuple[Link, ...]
    hosts_given: tuple[str, ...] = ()
    overridden: Mapping[str, Service] = field(default_factory=dict)

    def in_environment(self, environment: str) -> Service:
        """The service with what `environment` overrides."""
        return self.overridden.get(environment, self)

    @property
    def managed(self) -> tuple[Dependency, ...]:
        """The dependencies that the platform makes for this service."""
        return tuple(each for each in self.dependencies if each.is_managed)

    def as_json(self) -> JsonObject:
        """The same as plain data, for answers and files."""
        return cast("JsonObject", _plain(dataclasses.asdict(self)))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
