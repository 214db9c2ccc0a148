"""Keeps `since` steady: what has not changed is as old as it was, whatever the objects say by now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from catalog_provider.health.model import EntityHealth, EnvironmentHealth, WorkloadHealth
from foundation.health.verdict import Status, Verdict


def continued(before: EntityHealth | None, now: EntityHealth | None) -> EntityHealth | None:
    """`now`, where what has the same status as in `before` keeps its `since`.

    A crash loop changes its conditions at every restart, and is still the same trouble. What had another
    status in `before` is no older than that observation, and what names no time as old as its own.
    """
    if now is None:
        return None
    steady = _Steady(before.observed_at if before else None, now.observed_at)
    earlier = {(each.name, each.cluster): each for each in before.environments} if before else {}
    return replace(
        now,
        verdict=steady.verdict(before, now),
        environments=tuple(
            steady.environment(earlier.get((each.name, each.cluster)), each) for each in now.environments
        ),
    )


def recalled(now: EntityHealth, past: Callable[[EnvironmentHealth], tuple[Status, datetime] | None]) -> EntityHealth:
    """`now`, where an environment whose status is that of its past keeps that one's `since`: nobody watched in between."""
    environments = tuple(_recalled(each, past(each)) for each in now.environments)
    alike = [each.verdict.since for each in environments if each.verdict.status is now.verdict.status]
    since = min((each for each in alike if each), default=now.verdict.since)
    return replace(now, verdict=replace(now.verdict, since=since), environments=environments)


def _recalled(now: EnvironmentHealth, past: tuple[Status, datetime] | None) -> EnvironmentHealth:
    if past is None or past[0] is not now.verdict.status:
        return now
    return replace(now, verdict=replace(now.verdict, since=past[1]))


class _Judged(Protocol):
    @property
    def verdict(self) -> Verdict: ...


@dataclass(frozen=True)
class _Steady:
    """Compares one observation with the one before it."""

    before_at: datetime | None
    now_at: datetime | None

    def environment(self, before: EnvironmentHealth | None, now: EnvironmentHealth) -> EnvironmentHealth:
        earlier = {(each.kind, each.namespace, each.name): each for each in before.workloads} if before else {}
        workloads = (self.workload(earlier.get((each.kind, each.namespace, each.name)), each) for each in now.workloads)
        return replace(now, verdict=self.verdict(before, now), workloads=tuple(workloads))

    def workload(self, before: WorkloadHealth | None, now: WorkloadHealth) -> WorkloadHealth:
        earlier = {each.name: each for each in before.pods} if before else {}
        pods = (replace(each, verdict=self.verdict(earlier.get(each.name), each)) for each in now.pods)
        return replace(now, verdict=self.verdict(before, now), pods=tuple(pods))

    def verdict(self, before: _Judged | None, now: _Judged) -> Verdict:
        verdict = now.verdict
        if before is None:
            since = verdict.since or self.now_at
        elif before.verdict.status is verdict.status:
            since = before.verdict.since or verdict.since or self.now_at
        else:
            since = max((each for each in (verdict.since or self.now_at, self.before_at) if each), default=None)
        return replace(verdict, since=since)
