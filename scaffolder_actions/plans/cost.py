"""What the managed resources of a stack cost a month, by the list and about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from foundation.jsontypes import JsonObject
from foundation.service.prices import Prices

# As AWS itself counts a month.
HOURS = 730


@dataclass(frozen=True)
class Cost:
    """About what an environment's managed resources cost a month, before and after a change."""

    before: float
    after: float
    currency: str
    # When the prices were those of the list (ISO 8601).
    date: str

    def as_json(self) -> JsonObject:
        """As answers carry it."""
        return {
            "before": round(self.before, 2),
            "after": round(self.after, 2),
            "currency": self.currency,
            "date": self.date,
        }


def cost_of(before: JsonObject | None, after: JsonObject | None, prices: Prices) -> Cost | None:
    """The cost of a stack that changes from one template to another.

    None where there is no stack, neither before nor after, and where the price of something is not known.
    Only what is paid by the hour is counted. Buckets, queues and traffic cost what they are used for.
    """
    first, second = _month(before, prices), _month(after, prices)
    if first is None or second is None or (before is None and after is None):
        return None
    return Cost(first, second, prices.currency, prices.date)


def _month(template: JsonObject | None, prices: Prices) -> float | None:
    resources = cast("Mapping[str, Mapping[str, Any]]", (template or {}).get("Resources") or {})
    counted = [
        count(each.get("Properties") or {}, prices)
        for each in resources.values()
        if (count := _COUNTED.get(str(each.get("Type"))))
    ]
    return None if None in counted else sum(each for each in counted if each is not None)


def _database(properties: Mapping[str, Any], prices: Prices) -> float | None:
    hour = prices.hour.get(str(properties.get("DBInstanceClass")))
    storage = prices.storage.get(str(properties.get("StorageType")))
    if hour is None or storage is None:
        return None
    # The second zone has a whole copy; the password that RDS manages is a secret.
    copies = 2 if properties.get("MultiAZ") is True else 1
    return copies * (hour * HOURS + storage * _number(properties.get("AllocatedStorage"))) + prices.secret


def _cache(properties: Mapping[str, Any], prices: Prices) -> float | None:
    hour = prices.hour.get(str(properties.get("CacheNodeType")))
    return None if hour is None else hour * HOURS * (_number(properties.get("NumCacheClusters")) or 1)


def _secret(_: Mapping[str, Any], prices: Prices) -> float | None:
    return prices.secret


_COUNTED: Mapping[str, Callable[[Mapping[str, Any], Prices], float | None]] = {
    "AWS::RDS::DBInstance": _database,
    "AWS::ElastiCache::ReplicationGroup": _cache,
    "AWS::SecretsManager::Secret": _secret,
}


def _number(value: object) -> float:
    """A number of a template, where many stand as text; 0 for what is none."""
    try:
        return float(str(value))
    except ValueError:
        return 0.0
