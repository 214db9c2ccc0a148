"""The words of health, and their order from best to worst."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Argo CD's vocabulary in Argo CD's order (gitops-engine/pkg/health/health.go): the later, the worse."""

    HEALTHY = "Healthy"
    SUSPENDED = "Suspended"
    PROGRESSING = "Progressing"
    MISSING = "Missing"
    DEGRADED = "Degraded"
    UNKNOWN = "Unknown"

    @property
    def severity(self) -> int:
        """0 for the best."""
        return _ORDER[self]


_ORDER = {status: position for position, status in enumerate(Status)}


@dataclass(frozen=True)
class Verdict:
    """How something is, as a sentence, with the machine-readable reason and since when."""

    status: Status
    message: str
    reason: str | None = None
    since: datetime | None = None


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of `verdicts`, and of equally bad ones the first; there must be one."""
    return max(verdicts, key=lambda each: each.status.severity)
