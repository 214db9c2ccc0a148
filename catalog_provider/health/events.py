"""Warnings of a cluster about the objects of a service, in the words of whoever saw them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from catalog_provider.health.model import Event
from foundation.json_fields import moment_at, number_at, text_at
from foundation.jsontypes import JsonObject

KIND = "Event"
# API servers forget events after an hour by default; one that keeps them longer shows no older ones either.
LONGEST_AGE = timedelta(hours=1)
# More than this nobody reads of one environment.
MOST = 20
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def events_of(objects: Sequence[JsonObject], now: datetime) -> tuple[Event, ...]:
    """The events among `objects`, the latest first."""
    found = [_event(each) for each in objects if each.get("kind") == KIND]
    recent = [each for each in found if each.at and now - each.at <= LONGEST_AGE]
    return tuple(sorted(recent, key=lambda each: each.at or _LONG_AGO, reverse=True)[:MOST])


def _event(item: JsonObject) -> Event:
    times = (("series", "lastObservedTime"), ("lastTimestamp",), ("eventTime",), ("metadata", "creationTimestamp"))
    return Event(
        at=next(filter(None, (moment_at(item, *path) for path in times)), None),
        reason=text_at(item, "reason"),
        message=" ".join(text_at(item, "message").split()),
        count=max(number_at(item, "series", "count"), number_at(item, "count"), 1),
        kind=text_at(item, "involvedObject", "kind"),
        namespace=text_at(item, "involvedObject", "namespace"),
        name=text_at(item, "involvedObject", "name"),
    )
