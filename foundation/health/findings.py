"""A verdict on one pod, and how to speak of several pods that share it."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.health.verdict import Status, Verdict


@dataclass(frozen=True)
class Predicate:
    """What can be said of pods: "crashes: exit 1" of one, "crash: exit 1" of many."""

    one: str
    many: str

    def of(self, count: int, total: int) -> str:
        """Such as "2 of 3 pods crash: exit 1"."""
        return f"{count} of {total} pods {self.one if count == 1 else self.many}"


@dataclass(frozen=True)
class Finding:
    """`predicate` is None where there is nothing to say of a pod beyond its status."""

    verdict: Verdict
    predicate: Predicate | None = None

    @property
    def is_trouble(self) -> bool:
        return self.verdict.status is Status.DEGRADED
