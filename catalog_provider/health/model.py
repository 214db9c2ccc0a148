"""Health of an entity down to its containers, as it is told to Backstage.

These are structs, as verdicts are: hundreds of thousands of them are made anew and kept, and Python does not look for cycles in them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from foundation.health.verdict import Cause, Status, Verdict
from foundation.jsontypes import JsonObject


class ContainerHealth(Struct, frozen=True, gc=False):
    """A container as the kubelet reports it; `state` is running, waiting, terminated or unknown."""

    name: str
    ready: bool
    restarts: int
    state: str
    reason: str | None = None

    def to_json(self) -> JsonObject:
        return {
            "name": self.name,
            "ready": self.ready,
            "restarts": self.restarts,
            "state": self.state,
            "reason": self.reason,
        }


class PodHealth(Struct, frozen=True, gc=False):
    """A pod with its containers, init containers first."""

    name: str
    verdict: Verdict
    containers: tuple[ContainerHealth, ...] = ()

    def to_json(self) -> JsonObject:
        return {
            "name": self.name,
            **_verdict(self.verdict),
            "containers": [each.to_json() for each in self.containers],
        }


class WorkloadHealth(Struct, frozen=True, gc=False):
    """What runs a service's pods; `ready` of `desired` pods serve, `version` is the tag of its image."""

    kind: str
    namespace: str
    name: str
    verdict: Verdict
    ready: int
    desired: int
    version: str | None = None
    pods: tuple[PodHealth, ...] = ()

    def to_json(self) -> JsonObject:
        return {
            "kind": self.kind,
            "namespace": self.namespace,
            "name": self.name,
            **_verdict(self.verdict),
            "ready": self.ready,
            "desired": self.desired,
            "pods": [each.to_json() for each in self.pods],
        }


class ResourceHealth(Struct, frozen=True, gc=False):
    """What stands beside the workloads of a service: an autoscaler, a volume, a route, a custom resource."""

    api_version: str
    kind: str
    namespace: str
    name: str
    verdict: Verdict

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.kind} {self.name}"

    def to_json(self) -> JsonObject:
        return {
            "kind": self.kind,
            "apiVersion": self.api_version,
            "namespace": self.namespace,
            "name": self.name,
            **_verdict(self.verdict),
        }


class Event(Struct, frozen=True, gc=False):
    """A warning about an object of a service, `count` times, the last time `at`."""

    at: datetime | None
    reason: str
    message: str
    count: int
    kind: str
    namespace: str
    name: str

    def to_json(self) -> JsonObject:
        return {
            "at": iso(self.at),
            "reason": self.reason,
            "message": self.message,
            "count": self.count,
            "kind": self.kind,
            "namespace": self.namespace,
            "name": self.name,
        }


class EnvironmentHealth(Struct, frozen=True, gc=False):
    """A service in one environment on one cluster."""

    name: str
    cluster: str
    verdict: Verdict
    version: str | None = None
    ready: int = 0
    desired: int = 0
    simulated: bool = False
    workloads: tuple[WorkloadHealth, ...] = ()
    resources: tuple[ResourceHealth, ...] = ()
    events: tuple[Event, ...] = ()
    # What a kubeconfig calls the cluster, for commands that people paste.
    context: str = ""
    observed_at: datetime | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        """What is not wrong yet, and someone should know: a sentence each."""
        return tuple(
            f"{each.title}: {each.verdict.message}"
            for each in self.resources
            if each.verdict.status is Status.HEALTHY and each.verdict.reason
        )

    def to_json(self) -> JsonObject:
        return {"name": self.name, "cluster": self.cluster, **_verdict(self.verdict)}

    def to_detail_json(self) -> JsonObject:
        return {
            **self.to_json(),
            "version": self.version,
            "ready": self.ready,
            "desired": self.desired,
            "observedAt": iso(self.observed_at),
            "simulated": self.simulated,
            "concerns": list(self.concerns),
            "workloads": [each.to_json() for each in self.workloads],
            "resources": [each.to_json() for each in self.resources],
            "events": [each.to_json() for each in self.events],
        }


class NextStep(Struct, frozen=True, gc=False):
    """What to do about it: somewhere to look (`url`) or something to run (`command`)."""

    title: str
    url: str | None = None
    command: str | None = None

    def to_json(self) -> JsonObject:
        named = {"title": self.title, "url": self.url, "command": self.command}
        return {name: value for name, value in named.items() if value is not None}


class EntityHealth(Struct, frozen=True, gc=False):
    """The verdict on a service over all its environments, in the order they were declared.

    `owner` and `system` are references of entities, as the catalog has them; None where it names none.
    """

    name: str
    verdict: Verdict
    environments: tuple[EnvironmentHealth, ...]
    next_steps: tuple[NextStep, ...] = ()
    owner: str | None = None
    system: str | None = None
    observed_at: datetime | None = None

    @property
    def simulated(self) -> bool:
        """Whether any of it runs on a simulated cluster."""
        return any(each.simulated for each in self.environments)

    def to_summary_json(self, entity_ref: str) -> JsonObject:
        """A HealthSummary of `live`."""
        return {
            "entityRef": entity_ref,
            "owner": self.owner,
            "system": self.system,
            **_verdict(self.verdict),
            "observedAt": iso(self.observed_at),
            "simulated": self.simulated,
            "environments": [each.to_json() for each in self.environments],
        }

    def to_detail_json(self, entity_ref: str) -> JsonObject:
        """A HealthDetail of `live`, but for its `document`, which health knows nothing of."""
        return {
            **self.to_summary_json(entity_ref),
            "environments": [each.to_detail_json() for each in self.environments],
            "next": [each.to_json() for each in self.next_steps],
        }


def iso(moment: datetime | None) -> str | None:
    """`moment` in UTC, to the second, in RFC 3339."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _verdict(verdict: Verdict) -> JsonObject:
    return {
        "status": verdict.status.value,
        "message": verdict.message,
        "reason": verdict.reason,
        "since": iso(verdict.since),
        "cause": _cause(verdict.cause),
    }


def _cause(cause: Cause | None) -> JsonObject | None:
    if cause is None:
        return None
    return {
        "kind": cause.kind,
        "namespace": cause.namespace,
        "name": cause.name,
        "container": cause.container,
        "exitCode": cause.exit_code,
    }
