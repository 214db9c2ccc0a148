"""The words of health, and their order from best to worst."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


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


class Cause(Struct, frozen=True, gc=False):
    """The object that a verdict comes from, down to the container and how that ended."""

    kind: str
    namespace: str
    name: str
    container: str | None = None
    exit_code: int | None = None


class Verdict(Struct, frozen=True, gc=False):
    """How something is, as a sentence, with the machine-readable reason and since when.

    A Healthy verdict with a reason is a concern: nothing is wrong yet, and someone should know.
    `cause` is None where a verdict is about the judged object itself.
    """

    status: Status
    message: str
    reason: str | None = None
    since: datetime | None = None
    cause: Cause | None = None


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of `verdicts`, and of equally bad ones the first; there must be one."""
    return max(verdicts, key=lambda each: each.status.severity)
