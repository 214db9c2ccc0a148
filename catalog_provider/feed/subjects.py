"""Whose health there is to know: the Components of the catalog, and what they are called in clusters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeAlias

from msgspec.structs import replace

from catalog_provider.cluster.state import ClusterView
from catalog_provider.feed.board import HealthBoard
from catalog_provider.health import STARTING, EntityHealth, EnvironmentHealth, Status, assess, continued, recalled
from foundation.backstage.entities import EntityRef, reference_of
from foundation.health.rulebook import Rulebook
from foundation.jsontypes import JsonObject
from foundation.service.entities import ENVIRONMENTS, KUBERNETES_ID

Past: TypeAlias = "Callable[[str, EnvironmentHealth], tuple[Status, datetime] | None]"


_KIND = "component:"


class Watched(Protocol):
    """A cluster that can be asked how it sees a service; `ClusterWatcher` is one."""

    def views(self, service: str) -> Sequence[ClusterView]:
        """What the cluster has of the service in each of its environments, at this moment."""


@dataclass(frozen=True)
class Subject:
    """A Component: `service` is what its objects are labelled with, `environments` are those it declares.

    `owner` and `system` are full references; None where the Component names none.
    """

    ref: str
    service: str
    environments: tuple[str, ...]
    owner: str | None = None
    system: str | None = None


class Subjects:
    """The Components of the current catalog. Replaced as a whole, so that readers need no lock."""

    def __init__(self) -> None:
        self._by_ref: Mapping[str, Subject] = {}
        self._by_service: Mapping[str, Sequence[str]] = {}

    def update(self, changes: Mapping[str, JsonObject | None]) -> frozenset[str]:
        """Take what became of entities, None for what is gone; give the references of Components that are different."""
        found = {ref: subject_of(ref, each) if each else None for ref, each in changes.items() if ref.startswith(_KIND)}
        different = {ref: subject for ref, subject in found.items() if subject != self._by_ref.get(ref)}
        if not different:
            return frozenset()
        by_ref, by_service = dict(self._by_ref), dict(self._by_service)
        for ref, subject in different.items():
            if before := by_ref.pop(ref, None):
                others = tuple(each for each in by_service.pop(before.service) if each != ref)
                by_service.update({before.service: others} if others else {})
            if subject:
                by_ref[ref] = subject
                by_service[subject.service] = (*by_service.get(subject.service, ()), ref)
        self._by_ref, self._by_service = by_ref, by_service
        return frozenset(different)

    def refs(self) -> Collection[str]:
        return self._by_ref.keys()

    def get(self, ref: str) -> Subject | None:
        return self._by_ref.get(ref)

    def of_services(self, services: Iterable[str] | None) -> Collection[str]:
        """The references of the entities that services in a cluster belong to; None: of all."""
        if services is None:
            return self.refs()
        return [ref for service in services for ref in self._by_service.get(service, ())]


def subject_of(ref: str, entity: JsonObject) -> Subject:
    """What health is to be looked for on behalf of a Component."""
    metadata, spec = entity.get("metadata"), entity.get("spec")
    assert isinstance(metadata, Mapping)  # noqa: S101 every entity was checked when it was read
    annotations = metadata.get("annotations")
    marks = annotations if isinstance(annotations, Mapping) else {}
    environments = str(marks.get(ENVIRONMENTS) or "")
    said = spec if isinstance(spec, Mapping) else {}
    namespace = EntityRef.parse(ref).namespace
    return Subject(
        ref,
        service=str(marks.get(KUBERNETES_ID) or metadata.get("name")),
        environments=tuple(each.strip() for each in environments.split(",") if each.strip()),
        owner=reference_of(said.get("owner"), "group", namespace),
        system=reference_of(said.get("system"), "system", namespace),
    )


def assessing(
    subjects: Subjects,
    clusters: Sequence[Watched],
    board: HealthBoard,
    clock: Callable[[], datetime],
    *,
    rulebook: Rulebook | None = None,
    past: Past = lambda _ref, _environment: None,
) -> Callable[[Collection[str]], Mapping[str, EntityHealth | None]]:
    """What the assessor asks: the health of entities, out of what every cluster says of them now.

    `past` says how an entity was in an environment before this server started, and since when.
    """

    def look(refs: Collection[str]) -> Mapping[str, EntityHealth | None]:
        return {ref: health(subject) if (subject := subjects.get(ref)) else None for ref in refs}

    def health(subject: Subject) -> EntityHealth | None:
        views = [view for each in clusters for view in each.views(subject.service)]
        now = assess(subject.service, subject.environments, views, clock(), rulebook)
        # Whose it is comes with its health, so that nobody who lists services has to ask the catalog too.
        now = replace(now, owner=subject.owner, system=subject.system) if now else None
        before = board.health(subject.ref)
        after = continued(before, now)
        # Until the clusters have been listed, what was is no more than what was.
        if after and (before is None or before.verdict.reason == STARTING):
            return recalled(after, partial(past, subject.ref))
        return after

    return look
