"""Keeps `since` steady: what has not changed is as old as it was, whatever the objects say by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from catalog_provider.health.model import EntityHealth, EnvironmentHealth, PodHealth, WorkloadHealth
from catalog_provider.health.verdict import Verdict


def continued(before: EntityHealth | None, now: EntityHealth | None) -> EntityHealth | None:
    """`now`, where what has the same status and reason as `before` keeps its earlier `since`.

    A crash loop changes its conditions at every restart, and is still the same trouble. What names no
    time is as old as the observation that first showed it.
    """
    if now is None:
        return None
    earlier = {(each.name, each.cluster): each for each in before.environments} if before else {}
    return replace(
        now,
        verdict=_verdict(before.verdict if before else None, now.verdict, now.observed_at),
        environments=tuple(_environment(earlier.get((each.name, each.cluster)), each) for each in now.environments),
    )


def _environment(before: EnvironmentHealth | None, now: EnvironmentHealth) -> EnvironmentHealth:
    earlier = {(each.kind, each.namespace, each.name): each for each in before.workloads} if before else {}
    return replace(
        now,
        verdict=_verdict(before.verdict if before else None, now.verdict, now.observed_at),
        workloads=tuple(
            _workload(earlier.get((each.kind, each.namespace, each.name)), each, now.observed_at)
            for each in now.workloads
        ),
    )


def _workload(before: WorkloadHealth | None, now: WorkloadHealth, observed_at: datetime | None) -> WorkloadHealth:
    return replace(
        now,
        verdict=_verdict(before.verdict if before else None, now.verdict, observed_at),
        pods=_pods(before.pods if before else (), now.pods, observed_at),
    )


def _pods(before: Sequence[PodHealth], now: Sequence[PodHealth], observed_at: datetime | None) -> tuple[PodHealth, ...]:
    earlier = {each.name: each.verdict for each in before}
    return tuple(replace(each, verdict=_verdict(earlier.get(each.name), each.verdict, observed_at)) for each in now)


def _verdict(before: Verdict | None, now: Verdict, observed_at: datetime | None) -> Verdict:
    if before and before.since and (before.status, before.reason) == (now.status, now.reason):
        return replace(now, since=min(before.since, now.since or before.since))
    return now if now.since else replace(now, since=observed_at)
