from __future__ import annotations

from catalog_provider.health import assess
from tests.catalog_provider.health.builders import view
from tests.catalog_provider.health.test_assess import service
from tests.foundation.health.objects import NOW, Item, ago


def event(message: str, count: int = 1, **elapsed: float) -> Item:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": message, "namespace": "shop"},
        "reason": "BackOff",
        "message": message,
        "count": count,
        "lastTimestamp": ago(**elapsed),
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "order-api-2-x"},
    }


def test_warnings_of_the_last_hour_are_told_the_latest_first() -> None:
    """They are nobody's health, and no resource."""
    given = [event("older", minutes=50), event("latest", count=4, minutes=1), event("forgotten", hours=2)]
    health = assess("order-api", [], [view(*service(), *given)], NOW)
    assert health is not None
    (found,) = health.environments
    assert [(each.message, each.count) for each in found.events] == [("latest", 4), ("older", 1)]
    assert found.resources == ()
    assert found.events[0].to_json()["at"] == ago(minutes=1)
