"""A verdict on one pod, and how to speak of several pods that share it."""

from __future__ import annotations

from msgspec import Struct

from foundation.health.verdict import Status, Verdict


class Predicate(Struct, frozen=True, gc=False):
    """What can be said of pods: "crashes: exit 1" of one, "crash: exit 1" of many."""

    one: str
    many: str

    def of(self, count: int, total: int) -> str:
        """Such as "2 of 3 pods crash: exit 1"."""
        return f"{count} of {total} pods {self.one if count == 1 else self.many}"


class Finding(Struct, frozen=True, gc=False):
    """`predicate` is None where there is nothing to say of a pod beyond its status."""

    verdict: Verdict
    predicate: Predicate | None = None

    @property
    def is_trouble(self) -> bool:
        return self.verdict.status is Status.DEGRADED
