"""How long a place was in each status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog_provider.history.transitions import Transition
from foundation.health import Status


@dataclass(frozen=True)
class Spent:
    """Seconds in each status, and the share of the known time that was Healthy.

    `healthy` is None where nothing is known: that is neither 0 nor 1. Suspended time counts as healthy, since someone asked
    for it.
    """

    seconds: Mapping[Status, float]
    healthy: float | None


def spent(transitions: Sequence[Transition], start: datetime, end: datetime) -> Spent:
    """The time between `start` and `end` of one place, whose `transitions` are ordered by time.

    One that lies before `start` says how it was then; time before the first one is not known and counts for nothing.
    """
    seconds: dict[Status, float] = {}
    for number, each in enumerate(transitions):
        until = transitions[number + 1].at if number + 1 < len(transitions) else end
        length = (min(until, end) - max(each.at, start)).total_seconds()
        if length > 0:
            seconds[each.status] = seconds.get(each.status, 0.0) + length
    known = sum(length for status, length in seconds.items() if status is not Status.UNKNOWN)
    good = seconds.get(Status.HEALTHY, 0.0) + seconds.get(Status.SUSPENDED, 0.0)
    return Spent(seconds, good / known if known else None)
