"""When a schedule is due. The arithmetic of cron is croniter's.

It differs from Kubernetes' in one place: a run in the hour that clocks skip in spring comes right after it, where
Kubernetes leaves it out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of that name in the tz database, None where there is none."""
    try:
        return ZoneInfo(name)
    # What a name leads to that is a folder, is no path, or is not there.
    except (OSError, ValueError, LookupError):
        return None


def last_due(schedule: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The latest moment up to `now` at which the schedule was due, in UTC; None for one that is none, or never is."""
    # A moment later, since what is due just now is due.
    return _step(schedule, now.astimezone(zone) + timedelta(microseconds=1), back=True)


def next_due(schedule: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first moment after `now` at which the schedule is due, in UTC; None for one that is none, or never is."""
    return _step(schedule, now.astimezone(zone), back=False)


def _step(schedule: str, start: datetime, *, back: bool) -> datetime | None:
    # Loaded only when needed: it takes a seventh of a second.
    from croniter import croniter
    from croniter.croniter import CroniterError

    try:
        iterator = croniter(schedule, start)
        found: datetime = iterator.get_prev(datetime) if back else iterator.get_next(datetime)
    except CroniterError:
        return None
    return found.astimezone(UTC)
