"""How many pods there are."""

from __future__ import annotations

import pytest

from tests.scaffolder_actions.workload.compiled import Data, by_kind, order_api


def scaled(least: int, most: int) -> dict[str, Data]:
    return by_kind(order_api(deployment={"replicas": {"min": least, "max": most}}))


def test_an_autoscaler_decides_between_min_and_max() -> None:
    """And no number stands in the Deployment, which would fight it."""
    objects = scaled(2, 10)
    spec = objects["HorizontalPodAutoscaler"]["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 10)
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "order-api"}
    assert "replicas" not in objects["Deployment"]["spec"]


def test_pods_are_added_at_once_and_taken_away_slowly() -> None:
    """Written out, because the defaults are no promise of the API."""
    behaviour = scaled(2, 10)["HorizontalPodAutoscaler"]["spec"]["behavior"]
    assert behaviour["scaleUp"]["stabilizationWindowSeconds"] == 0
    assert behaviour["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert behaviour["scaleDown"]["policies"] == [{"type": "Percent", "value": 50, "periodSeconds": 60}]


@pytest.mark.parametrize(("least", "most"), [(1, 1), (3, 3), (1, 5)])
def test_equal_numbers_and_what_may_run_alone_are_a_fixed_number(least: int, most: int) -> None:
    """No autoscaler, and the number in the Deployment."""
    objects = scaled(least, most)
    assert "HorizontalPodAutoscaler" not in objects
    assert objects["Deployment"]["spec"]["replicas"] == least


@pytest.mark.parametrize(("least", "most"), [(1, 1), (3, 3), (2, 10)])
def test_a_budget_never_holds_a_node(least: int, most: int) -> None:
    """One pod at a time, also where there is one; and pods that do not work hold nobody up."""
    spec = scaled(least, most)["PodDisruptionBudget"]["spec"]
    assert (spec["maxUnavailable"], spec["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")
