"""Error budgets: their arithmetic, and what is recorded of them."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder_actions.workload.observability.burn_rates import (
    FAST,
    PERIOD,
    SLOW,
    WINDOWS,
    error_budget,
    window_name,
)
from scaffolder_actions.workload.observability.objectives import objectives_of
from scaffolder_actions.workload.observability.rules import prometheus_rule
from scaffolder_actions.workload.observability.series import HOUR, MINUTE, literal_pattern, number
from tests.scaffolder_actions.observability.cases.model import flat, joined, rising
from tests.scaffolder_actions.observability.promtool import needs_promtool, test_rules, written
from tests.scaffolder_actions.observability.workloads import SUBJECTS, WEB, workload

OWN = '{namespace="commerce",service="order-api",environment="production",objective="availability"}'
COUNT = (
    'http_server_request_duration_seconds_count{namespace="commerce",job="order-api",http_response_status_code="%s"}'
)


def test_the_budget_of_three_nines_is_43_minutes_a_month() -> None:
    """99.9 % of 30 days."""
    assert error_budget(Decimal("99.9")) * PERIOD / MINUTE == Decimal("43.2")


def test_the_tiers_are_the_workbooks_and_sloths() -> None:
    """Windows, budgets and factors of the published table; 14.4 times too fast is over after 50 hours."""
    tiers = [(window_name(each.long), window_name(each.short), each.spent, each.factor) for each in (*FAST, *SLOW)]
    assert tiers == [
        ("1h", "5m", 2, Decimal("14.4")),
        ("6h", "30m", 5, Decimal(6)),
        ("1d", "2h", 10, Decimal(3)),
        ("3d", "6h", 10, Decimal(1)),
    ]
    assert Decimal(PERIOD) / HOUR / FAST[0].factor == Decimal(50)
    assert [window_name(each) for each in WINDOWS] == ["5m", "30m", "1h", "2h", "6h", "1d", "3d"]


def test_below_93_06_percent_the_fastest_tier_could_never_fire() -> None:
    """More than all requests cannot fail, which is why documents may not promise so little."""
    assert FAST[0].factor * error_budget(Decimal("93.05")) > 1
    assert FAST[0].factor * error_budget(Decimal("93.06")) < 1
    assert FAST[0].factor * error_budget(Decimal(95)) == Decimal("0.72")


@given(hundredths=st.integers(9500, 9999))
def test_numbers_are_written_as_people_would(hundredths: int) -> None:
    """Whatever is promised, what remains of it is a short number: 0.001, not 0.0009999999999999432."""
    percent = hundredths / 100
    here = workload({**WEB, "objectives": {"availability": percent}})
    (objective,) = objectives_of(here.service)
    budget = number(objective.budget)
    assert len(budget) <= len("0.0001")
    assert float(budget) == pytest.approx(1 - percent / 100)
    assert f"vector({percent / 100:.6g})" in str(prometheus_rule(here))


@needs_promtool
def test_what_is_recorded_weighs_each_request_the_same(tmp_path: Path) -> None:
    """A busy hour without a failure and a quiet one in which half failed: 1 in 22, not 1 in 4.

    What is left of the budget follows from it. Without requests there is no number at all.
    """
    series = {
        COUNT % 200: joined(rising(600, 60), rising(30, 60, 600 * 60)),
        COUNT % 503: joined(flat(0, 60), rising(30, 60)),
    }
    month = f"service:slo_failures_per_requests:ratio_rate30d{OWN}"
    left = f"service:slo_error_budget_remaining:ratio{OWN}"
    # But for the last minutes, which the shortest window has not seen the whole of.
    expected = 1800 / (36000 + 3600)
    _expect(
        tmp_path,
        series,
        {
            f"abs({month} - {expected:.6f}) < bool 0.003": 1,
            f"abs({left} - (1 - {month} / 0.001)) < bool 0.0001": 1,
            f"service:slo_objective:ratio{OWN}": 0.999,
        },
    )
    _expect(tmp_path, {}, {month: None, left: None, f"service:slo_objective:ratio{OWN}": 0.999})
    _expect(tmp_path, {COUNT % 200: rising(600, 130)}, {month: 0, left: 1})


def _expect(folder: Path, series: dict[str, str], values: dict[str, float | None]) -> None:
    rule: Any = prometheus_rule(SUBJECTS["web"])
    chosen = [each for each in rule["spec"]["groups"] if each["name"].endswith((".objectives", ".budgets"))]
    expected = []
    for expression, value in values.items():
        # A sum has no labels; that the series has them is what its selector asks for.
        samples = [] if value is None else [{"labels": "{}", "value": value}]
        expected.append({"expr": f"sum({expression})", "eval_time": "120m", "exp_samples": samples})
    test = {
        "interval": "1m",
        "input_series": [{"series": key, "values": each} for key, each in series.items()],
        "promql_expr_test": expected,
    }
    rules = written(chosen, folder, "objectives")
    test_rules([{"rule_files": [str(rules)], "evaluation_interval": "1m", "tests": [test]}], folder)


def test_integers_among_the_bounds_are_found_however_they_are_written() -> None:
    """Libraries write le="1" and le="1.0"."""
    second = workload({**WEB, "objectives": {"latency": {"milliseconds": 1000}}})
    assert r'le=~"1(\\.0)?"' in str(prometheus_rule(second)).replace("\\\\\\\\", "\\\\")
    half = workload({**WEB, "objectives": {"latency": {"milliseconds": 500}}})
    assert 'le="0.5"' in str(prometheus_rule(half))


@given(path=st.from_regex(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,20}", fullmatch=True))
def test_a_path_is_matched_as_it_stands(path: str) -> None:
    """Signs that regular expressions have a meaning for match themselves alone."""
    pattern = literal_pattern(path).replace("\\\\", "\\")
    assert re.fullmatch(pattern, path)
    assert not re.fullmatch(pattern, f"{path}x")
