"""What a service owns in one environment besides its pods, and how each of it stands: read, never compared or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, Protocol, TypeVar, cast

from foundation.connections.kubernetes import KubernetesApi
from foundation.errors import GreenroomError, ServiceUnavailableError
from foundation.jsontypes import Json, JsonObject
from foundation.service import Dependency
from scaffolder_actions.infrastructure.naming import logical_id, stack_name
from scaffolder_actions.infrastructure.states import ResourceState, StackState
from scaffolder_actions.plans.questions import words_of
from scaffolder_actions.rollouts.apply import standing
from scaffolder_actions.rollouts.children import WELL
from scaffolder_actions.rollouts.judging import Judgement, judge
from scaffolder_actions.rollouts.paths import metadata_of
from scaffolder_actions.workload import Compiled

T = TypeVar("T")
Kind = Literal["database", "cache", "bucket", "queue", "dns", "certificate"]
# `Unknown` is what could not be asked for.
OwnedStatus = Literal["Healthy", "Progressing", "Degraded", "Missing", "Unknown"]
# What each type of dependency is, and the end of its logical id in the stack.
STORES: Final[Mapping[str, tuple[Kind, str]]] = {
    "postgresql": ("database", "Database"),
    "redis": ("cache", "Cache"),
    "s3": ("bucket", "Bucket"),
    "sqs": ("queue", "Queue"),
}
# At the edge of a public service, and in the cluster of any that is exposed.
_EDGES: Final[Mapping[str, Kind]] = {
    "AWS::Route53::RecordSet": "dns",
    "AWS::CertificateManager::Certificate": "certificate",
}
_OBJECTS: Final[Mapping[str, Kind]] = {"HTTPRoute": "dns", "Certificate": "certificate"}


@dataclass(frozen=True)
class Owned:
    """One thing. `name` is what the service calls it, or its host; `place` the stack or the cluster that has it.

    `details` are the document's and the release's: size, version and the like.
    """

    kind: Kind
    name: str
    where: Literal["aws", "cluster"]
    place: str
    status: OwnedStatus
    reason: str = ""
    details: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> JsonObject:
        """As answers carry it."""
        return {
            "kind": self.kind,
            "name": self.name,
            "where": self.where,
            "place": self.place,
            "status": self.status,
            "reason": self.reason,
            "details": dict(self.details),
        }


class StackStates(Protocol):
    """Stacks, as far as their state is read."""

    def state(self, name: str) -> StackState | None:
        """The stack of that name; None where there is none. Raises a GreenroomError where AWS does not answer."""


class ClustersByEnvironment(Protocol):
    """Clusters, as far as they are asked for."""

    def of(self, environment: str) -> Sequence[KubernetesApi]:
        """The clusters of an environment. Raises a GreenroomError where it has none."""


@dataclass(frozen=True)
class Silent:
    """Clusters and stacks that have been waited for long enough."""

    reason: str

    def of(self, environment: str) -> Sequence[KubernetesApi]:
        raise ServiceUnavailableError(f"What runs in {environment} {self.reason}.")

    def state(self, name: str) -> StackState | None:
        raise ServiceUnavailableError(f"AWS, asked for the stack {name}, {self.reason}.")


def owned_by(compiled: Compiled, clusters: ClustersByEnvironment, stacks: StackStates) -> list[Owned]:
    """Everything that the service owns in the environment; what cannot be asked is Unknown, with the reason."""
    return [*_at_aws(compiled, stacks), *_in_clusters(compiled, clusters)]


def _at_aws(compiled: Compiled, stacks: StackStates) -> Iterator[Owned]:
    if compiled.stack is None:
        return
    workload = compiled.workload
    place = stack_name(workload.name, workload.environment)
    state, trouble = _asked(lambda: stacks.state(place))
    resources = {each.name: each for each in state.resources} if state else {}

    def owned(kind: Kind, name: str, resource: str, details: Mapping[str, Json]) -> Owned:
        if trouble:
            return Owned(kind, name, "aws", place, "Unknown", trouble, details)
        return Owned(kind, name, "aws", place, *_of_resource(resources.get(resource)), details)

    for each in workload.service.managed:
        kind, ending = STORES[each.type]
        yield owned(kind, each.label, logical_id(each, ending), _details(compiled, each))
    for resource, item in _resources(compiled.stack):
        if kind_of_edge := _EDGES.get(str(item.get("Type"))):
            yield owned(kind_of_edge, workload.host or "", resource, {})


def _resources(stack: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    resources = stack.get("Resources")
    for name, each in resources.items() if isinstance(resources, Mapping) else ():
        if isinstance(each, Mapping):
            yield name, each


def _of_resource(resource: ResourceState | None) -> tuple[OwnedStatus, str]:
    """From CloudFormation's word to ours."""
    if resource is None:
        return "Missing", "it is not there; applying the service makes it"
    reason = resource.reason or ""
    if resource.status.endswith("_FAILED"):
        return "Degraded", reason or resource.status
    if resource.status.endswith("_IN_PROGRESS"):
        return "Progressing", reason or "AWS is working on it"
    return "Healthy", ""


def _details(compiled: Compiled, dependency: Dependency) -> dict[str, Json]:
    """What was asked for, and what the release makes of it."""
    details: dict[str, Json] = {"type": dependency.type}
    engine = compiled.workload.release.engines.get(dependency.type)
    if engine is not None and dependency.size is not None:
        size = engine.sizes[dependency.size]
        version = dependency.version or engine.default
        details |= {"size": dependency.size, "instance": size.instance_class}
        details |= {"version": version, "supportedUntil": engine.versions[version].ends}
        if storage := dependency.storage or size.storage:
            details["storageGib"] = storage
    return details


def _in_clusters(compiled: Compiled, clusters: ClustersByEnvironment) -> Iterator[Owned]:
    exposed = [each for each in compiled.objects if str(each["kind"]) in _OBJECTS]
    if not exposed:
        return
    host = compiled.workload.host or ""
    apis, trouble = _asked(lambda: clusters.of(compiled.workload.environment))
    if apis is None:
        for item in exposed:
            yield _in_cluster(item, host, compiled.workload.environment, None, trouble)
    for api in apis or ():
        for item in exposed:
            found, trouble = (None, trouble) if trouble else _asked(partial(_judged, api, item))
            yield _in_cluster(item, host, api.cluster, found, trouble)
        trouble = ""


def _judged(api: KubernetesApi, item: JsonObject) -> Judgement:
    return judge(standing(api, item))


def _in_cluster(item: JsonObject, host: str, place: str, found: Judgement | None, trouble: str) -> Owned:
    kind = _OBJECTS[str(item["kind"])]
    details: dict[str, Json] = {"object": f"{item['kind']}/{metadata_of(item)['name']}"}
    if found is None:
        return Owned(kind, host, "cluster", place, "Unknown", trouble, details)
    if found.status in WELL:
        return Owned(kind, host, "cluster", place, "Healthy", details=details)
    status = cast("OwnedStatus", found.status)
    return Owned(kind, host, "cluster", place, status, found.reason, details)


def _asked(ask: Callable[[], T]) -> tuple[T | None, str]:
    """What was answered, or why nothing was."""
    try:
        return ask(), ""
    except GreenroomError as error:
        return None, words_of(error)
