"""What an owner reads about an incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from catalog_provider.notices.incidents import Incident
from catalog_provider.notices.told import Told
from foundation.backstage import EntityRef
from foundation.backstage.notifications import Notification

# By which people choose in Backstage what they want to hear of.
TOPIC = "Service health"


def notification(incident: Incident, told: Told, owner: str) -> Notification:
    """The notification for `told`. Both words of an incident have one scope: the second takes the place of the first."""
    ref = EntityRef.parse(incident.where.entity_ref)
    environment = incident.where.environment
    if told.recovered:
        until = incident.well_since or told.tried_at
        title = f"{told.name} has recovered in {environment}"
        description = f"It was Degraded for {_lasted(until - told.since)}, until {_at(until)}."
    else:
        title = f"{told.name} is Degraded in {environment}"
        description = f"{incident.message.rstrip('.')}. Since {_at(told.since)}."
    return Notification(
        recipient=owner,
        title=title,
        description=description,
        link=f"/catalog/{ref.namespace}/{ref.kind}/{ref.name}/runtime",
        severity="normal" if told.recovered else "high",
        topic=TOPIC,
        scope=f"greenroom-health:{ref}:{environment}:{told.since.astimezone(UTC).isoformat(timespec='seconds')}",
    )


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B, %H:%M} UTC"


def _lasted(span: timedelta) -> str:
    """To the minute, as people say it: `under a minute`, `18 min`, `2 h 5 min`, `3 d 4 h`."""
    minutes = int(span.total_seconds()) // 60
    hours, days = minutes // 60, minutes // 1440
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes > 0 else "under a minute"
