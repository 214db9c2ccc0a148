"""When a schedule is due."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from foundation.schedules import last_due, next_due, zone_of

_BERLIN = ZoneInfo("Europe/Berlin")
_UTC = ZoneInfo("UTC")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "zone", "last", "following"),
    [
        ("15 3 * * *", _UTC, "2026-11-26T03:15", "2026-11-27T03:15"),
        ("15 3 * * *", _BERLIN, "2026-11-26T02:15", "2026-11-27T02:15"),
        ("*/20 * * * *", _UTC, "2026-11-26T12:00", "2026-11-26T12:20"),
        ("0 0 * * MON-FRI", _UTC, "2026-11-26T00:00", "2026-11-27T00:00"),
        ("@monthly", _UTC, "2026-11-01T00:00", "2026-12-01T00:00"),
    ],
)
def test_the_run_before_and_the_run_after(schedule: str, zone: ZoneInfo, last: str, following: str) -> None:
    """In UTC, for the time zone of the schedule; what is due just now is the last one."""
    now = _at("2026-11-26T12:00")
    assert (last_due(schedule, zone, now), next_due(schedule, zone, now)) == (_at(last), _at(following))


def test_the_wall_clock_counts_when_clocks_are_changed() -> None:
    """Three in the morning is three in the morning on both sides of it."""
    assert next_due("0 3 * * *", _BERLIN, _at("2026-10-24T12:00")) == _at("2026-10-25T02:00")
    assert next_due("0 3 * * *", _BERLIN, _at("2026-10-23T12:00")) == _at("2026-10-24T01:00")


@pytest.mark.parametrize("schedule", ["0 0 31 2 *", "nonsense", "* * *", "61 * * * *", ""])
def test_what_is_never_due(schedule: str) -> None:
    """A day that does not come, and what is no schedule."""
    now = _at("2026-11-26T12:00")
    assert (last_due(schedule, _UTC, now), next_due(schedule, _UTC, now)) == (None, None)


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../../etc/passwd", "Europe", "\0"])
def test_what_is_no_time_zone(name: str) -> None:
    """A name that is unknown, or leads elsewhere."""
    assert zone_of(name) is None
    assert zone_of("Europe/Berlin") == _BERLIN
