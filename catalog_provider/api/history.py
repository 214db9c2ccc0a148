"""The timeline of a service: how it was, where, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby

from catalog_provider.health.model import iso
from catalog_provider.history import HealthHistory, Transition, spent
from foundation.backstage.entities import EntityRef
from foundation.jsontypes import JsonObject

DEFAULT_DAYS = 7


class HistoryApi:
    """Reads the database at each question: nobody asks often, and the answers of days are large."""

    def __init__(
        self, history: HealthHistory, clock: Callable[[], datetime], require_ready: Callable[[], None]
    ) -> None:
        self._history = history
        self._clock = clock
        self._require_ready = require_ready

    def get_timeline(
        self, kind: str, namespace: str, name: str, days: int = DEFAULT_DAYS, environment: str | None = None
    ) -> JsonObject:
        self._require_ready()
        return self.timeline(str(EntityRef.parse(f"{kind}:{namespace}/{name}")), days, environment)

    def timeline(self, ref: str, days: int, environment: str | None = None) -> JsonObject:
        """A Timeline of `live`; without environments where nothing was ever seen."""
        end = self._clock()
        start = end - timedelta(days=days)
        found = [
            each
            for each in self._history.of_entity(ref, start)
            if environment is None or each.place.environment == environment
        ]
        by_place = groupby(sorted(found, key=lambda each: each.place), key=lambda each: each.place)
        return {
            "from": iso(start),
            "until": iso(end),
            "environments": [_environment(list(group), start, end) for _, group in by_place],
        }


def _environment(transitions: list[Transition], start: datetime, end: datetime) -> JsonObject:
    place, time = transitions[0].place, spent(transitions, start, end)
    return {
        "name": place.environment,
        "cluster": place.cluster,
        "healthy": time.healthy,
        "spent": {status.value: round(seconds) for status, seconds in time.seconds.items()},
        "transitions": [
            {"at": iso(each.at), "status": each.status.value, "reason": each.reason, "message": each.message}
            for each in transitions
        ],
    }
