"""Health to put on a board."""

from __future__ import annotations

from datetime import UTC, datetime

from catalog_provider.health import EntityHealth, EnvironmentHealth, Status, Verdict
from foundation.jsontypes import JsonObject

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def health(status: Status, observed_at: datetime = NOON) -> EntityHealth:
    """A service in production."""
    verdict = Verdict(status, f"It is {status}.", since=NOON)
    production = EnvironmentHealth("production", "cluster", verdict, observed_at=observed_at)
    return EntityHealth("service", verdict, (production,), observed_at=observed_at)


def status_of(summary: JsonObject | None) -> object:
    """The status that a summary tells; None where there is no health."""
    return summary["status"] if summary else None
