"""What a stack costs a month, and what a change of it costs."""

from __future__ import annotations

import pytest

from foundation.jsontypes import Json, JsonObject
from foundation.service.prices import Prices, prices
from scaffolder_actions.plans.cost import cost_of
from scaffolder_actions.workload import compile_environment
from tests.scaffolder_actions.plans.samples import PLATFORM, document, service

PRICES = Prices(
    "eu-west-1", "2026-10-01", "USD", {"db.small": 0.1, "db.large": 1.0, "cache.small": 0.2}, {"gp3": 0.5}, 3.0
)


def template(*resources: tuple[str, JsonObject]) -> JsonObject:
    found: dict[str, Json] = {
        f"R{number}": {"Type": kind, "Properties": properties} for number, (kind, properties) in enumerate(resources)
    }
    return {"Resources": found}


def database(size: str = "db.small", storage: Json = "10", *, zones: bool = False) -> tuple[str, JsonObject]:
    return "AWS::RDS::DBInstance", {
        "DBInstanceClass": size,
        "AllocatedStorage": storage,
        "StorageType": "gp3",
        "MultiAZ": zones,
    }


@pytest.mark.parametrize(
    ("made", "month"),
    [
        (template(database()), 73 + 5 + 3),
        (template(database(storage=10)), 73 + 5 + 3),
        (template(database(zones=True)), 2 * (73 + 5) + 3),
        (
            template(("AWS::ElastiCache::ReplicationGroup", {"CacheNodeType": "cache.small", "NumCacheClusters": 2})),
            292,
        ),
        (template(("AWS::SecretsManager::Secret", {})), 3),
        (template(("AWS::S3::Bucket", {}), ("AWS::SQS::Queue", {})), 0),
        (template(), 0),
    ],
)
def test_a_month(made: JsonObject, month: float) -> None:
    """An hour 730 times, each zone and node for itself; what is paid by use is not counted."""
    cost = cost_of(None, made, PRICES)
    assert cost is not None
    assert (cost.before, round(cost.after, 6), cost.currency) == (0, month, "USD")


def test_a_change() -> None:
    """What stands is what is paid before; what goes is paid no more."""
    small, large = template(database()), template(database("db.large"))
    larger, gone = cost_of(small, large, PRICES), cost_of(small, None, PRICES)
    assert larger is not None
    assert gone is not None
    assert round(larger.after - larger.before, 6) == 657
    assert (round(gone.before, 6), gone.after) == (81, 0)


def test_what_is_not_known() -> None:
    """One price that nobody has makes the sum unknown; without a stack there is nothing to say."""
    assert cost_of(None, template(database(), database("db.huge")), PRICES) is None
    assert cost_of(template(database("db.huge")), None, PRICES) is None
    assert cost_of(None, None, PRICES) is None


def test_what_the_platform_makes_is_priced() -> None:
    """Every dependency of every size has a cost, as the platform's own templates are written."""
    more = "dependencies:\n" + "".join(
        f"  - {{type: {kind}, name: {size}-one, size: {size}}}\n"
        for kind in ("postgresql", "redis")
        for size in ("small", "medium", "large", "xlarge")
    )
    text = document(environments="staging, production", more=more)
    costs = []
    for environment in ("staging", "production"):
        stack = compile_environment(service(text), environment, "1.0.0", PLATFORM).stack
        cost = cost_of(None, stack, prices(PLATFORM))
        assert cost is not None
        costs.append(cost.after)
    assert 0 < costs[0] < costs[1]
