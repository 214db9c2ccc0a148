"""What is to be told of an incident, given what its owner was told before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from catalog_provider.notices.incidents import Incident
from catalog_provider.notices.told import Told

# A crash loop looks well while its process runs; nobody shall hear of a recovery that is none.
LONGEST_SETTLING = timedelta(minutes=1)
# More than a try may take (`foundation.backstage.notifications`): whoever began it has died or failed.
ABANDONED = timedelta(minutes=1)


@dataclass(frozen=True)
class Patience:
    """How long a service must be Degraded before anybody hears of it, and well before it has recovered."""

    after: timedelta

    def is_over(self, incident: Incident, now: datetime) -> bool:
        """Whether the service has been well for long enough."""
        settling = min(self.after, LONGEST_SETTLING)
        return incident.well_since is not None and now - incident.well_since >= settling

    def next_word(self, incident: Incident, told: Told | None, now: datetime) -> Told | None:
        """What takes the place of `told`, and is to be sent; None while there is nothing to say.

        A word that may not have arrived is said again, by then in the words that are true.
        """
        is_over = self.is_over(incident, now)
        if told is None:
            is_due = incident.degraded and now - incident.since >= self.after
            word = Told(incident.name, incident.since, recovered=False, sent=False, tried_at=now)
            return word if is_due else None
        is_due = is_over if told.sent else is_over or incident.degraded
        if not is_due or (not told.sent and now - told.tried_at < ABANDONED):
            return None
        return replace(told, recovered=is_over, sent=False, tried_at=now)
