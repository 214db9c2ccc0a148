"""What an owner reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalog_provider.notices.incidents import Incident, Where
from catalog_provider.notices.told import Told
from catalog_provider.notices.wording import notification

SINCE = datetime(2026, 1, 10, 12, 4, 30, tzinfo=UTC)
WHERE = Where("component:shop/order-api", "production")


def test_trouble() -> None:
    """Name, place and sentence, since when, and the page that says more."""
    incident = Incident(WHERE, "order-api", SINCE, "2 of 3 pods crash: exit 1 on eu-1", degraded=True)
    told = Told("order-api", SINCE, recovered=False, sent=False, tried_at=SINCE)
    given = notification(incident, told, "group:default/commerce")
    assert given.recipient == "group:default/commerce"
    assert given.title == "order-api is Degraded in production"
    assert given.description == "2 of 3 pods crash: exit 1 on eu-1. Since 10 January, 12:04 UTC."
    assert given.link == "/catalog/shop/component/order-api/runtime"
    assert given.severity == "high"


@pytest.mark.parametrize(
    ("lasted", "words"),
    [
        (timedelta(seconds=20), "under a minute"),
        (timedelta(minutes=18, seconds=50), "18 min"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
    ],
)
def test_recovery(lasted: timedelta, words: str) -> None:
    """How long it took; in the place of the notification of the trouble."""
    told = Told("order-api", SINCE, recovered=True, sent=False, tried_at=SINCE)
    given = notification(Incident(WHERE, "order-api", SINCE, well_since=SINCE + lasted), told, "group:default/commerce")
    assert given.title == "order-api has recovered in production"
    assert given.description.startswith(f"It was Degraded for {words}, until 1")
    trouble = notification(Incident(WHERE, "order-api", SINCE, "x"), Told("order-api", SINCE, False, False, SINCE), "g")
    assert given.scope == trouble.scope
