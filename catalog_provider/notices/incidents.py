"""Services in trouble: which are Degraded, since when, and which of them are well again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from catalog_provider.health import EntityHealth, EnvironmentHealth, Status

# Suspended is what someone asked for.
WELL = frozenset({Status.HEALTHY, Status.SUSPENDED})


class Where(NamedTuple):
    """A service in an environment, on all clusters of it together: owners are told once, not once a cluster."""

    entity_ref: str
    environment: str


@dataclass(frozen=True)
class Incident:
    """A service that was Degraded, `since` then, in the words of `message`.

    `degraded`: it is so now. `well_since`: it is well on every cluster, from then on. Neither while it is being rolled
    out, or while nobody knows.
    """

    where: Where
    name: str
    since: datetime
    message: str = ""
    degraded: bool = False
    well_since: datetime | None = None


class Incidents:
    """The incidents in some environments. Not safe to use from several threads."""

    def __init__(self, environments: Collection[str]) -> None:
        self._environments = environments
        self._open: dict[Where, Incident] = {}

    def open(self) -> list[Incident]:
        """Those that are not over."""
        return list(self._open.values())

    def expect(self, incident: Incident) -> None:
        """Take up an incident that was open when this server last stopped."""
        self._open.setdefault(incident.where, incident)

    def close(self, where: Where) -> None:
        """It is over, and nothing is left to be told."""
        self._open.pop(where, None)

    def see(self, ref: str, health: EntityHealth, now: datetime) -> None:
        """The service is so at this moment."""
        for name in self._environments:
            clusters = [each for each in health.environments if each.name == name]
            where = Where(ref, name)
            known = self._open.get(where)
            if degraded := [each for each in clusters if each.verdict.status is Status.DEGRADED]:
                self._open[where] = _in_trouble(known or Incident(where, health.name, _since(degraded, now)), degraded)
            elif known:
                self._open[where] = _without_trouble(known, clusters, now)


def _in_trouble(known: Incident, degraded: list[EnvironmentHealth]) -> Incident:
    worst = degraded[0]
    place = f" on {worst.cluster}" if worst.cluster != known.where.environment else ""
    return replace(known, message=f"{worst.verdict.message}{place}", degraded=True, well_since=None)


def _without_trouble(known: Incident, clusters: list[EnvironmentHealth], now: datetime) -> Incident:
    if not clusters or any(each.verdict.status not in WELL for each in clusters):
        return replace(known, degraded=False, well_since=None)
    began = max(each.verdict.since or now for each in clusters)
    return replace(known, degraded=False, well_since=known.well_since or max(began, known.since))


def _since(degraded: list[EnvironmentHealth], now: datetime) -> datetime:
    return min(each.verdict.since or now for each in degraded)
