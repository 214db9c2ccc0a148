"""Service-level objectives: what is counted, and what is recorded of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import ownership
from scaffolder_actions.workload.observability.burn_rates import PERIOD, WINDOWS, error_budget, window_name
from scaffolder_actions.workload.observability.series import MINUTE, REQUEST_DURATION, Series, number, series_of

# Requests and failures a second, over the shortest window. All longer ones are sums of these: each request weighs the
# same then, when traffic is uneven too, and a month costs two series in place of every pod's.
REQUESTS = "service:slo_requests:rate5m"
FAILURES = "service:slo_failures:rate5m"
RATIO = "service:slo_failures_per_requests:ratio_rate"
TARGET = "service:slo_objective:ratio"
REMAINING = "service:slo_error_budget_remaining:ratio"
# Seconds between two evaluations. A sum of rates over a window, times this, is a number of requests.
INTERVAL = MINUTE
# The month is summed less often; less than the five minutes for which Prometheus takes a sample as current.
MONTHLY_INTERVAL = 4 * MINUTE
_SHORTEST = 5 * MINUTE


@dataclass(frozen=True)
class Objective:
    """`percent` of the requests do not fail, or are answered within `milliseconds`."""

    name: Literal["availability", "latency"]
    percent: Decimal
    milliseconds: int | None = None

    @property
    def budget(self) -> Decimal:
        """The share of requests that may miss it."""
        return error_budget(self.percent)


def objectives_of(service: Service) -> tuple[Objective, ...]:
    """The objectives that can be counted: none where the service offers no metrics."""
    promised = service.objectives
    found = []
    # By way of text: 99.9 is no sum of powers of two, and people read the numbers that come of it.
    if promised.availability is not None:
        found.append(Objective("availability", Decimal(str(promised.availability))))
    if promised.latency is not None:
        percent = Decimal(str(promised.latency.percent))
        found.append(Objective("latency", percent, promised.latency.milliseconds))
    return tuple(found) if service.observability.metrics else ()


def selector(objective: Objective, series: Series) -> str:
    """What selects the recorded series of an objective."""
    return f'{series.own},objective="{objective.name}"'


def ratio(objective: Objective, series: Series, window: int) -> str:
    """The recorded share of requests that missed the objective. Without requests there is none: no data, not "met"."""
    return f"{RATIO}{window_name(window)}{{{selector(objective, series)}}}"


def failures(objective: Objective, series: Series, window: int) -> str:
    """How many requests missed the objective within `window`."""
    return f"sum_over_time({FAILURES}{{{selector(objective, series)}}}[{window_name(window)}]) * {INTERVAL}"


def recordings(objective: Objective, workload: Workload) -> list[JsonObject]:
    """What the burn-rate alerts are made from."""
    series = series_of(workload)
    rules = {
        REQUESTS: _requests(objective, series),
        FAILURES: _failures(objective, series),
        **{f"{RATIO}{window_name(each)}": _ratio(objective, series, each) for each in WINDOWS},
    }
    return [_recording(name, expression, objective, workload) for name, expression in rules.items()]


def monthly_recordings(objective: Objective, workload: Workload) -> list[JsonObject]:
    """What is promised, and what is left of the budget: 1 of an untouched one, below 0 when more is gone."""
    series = series_of(workload)
    rules = {
        TARGET: f"vector({number(objective.percent / 100)})",
        f"{RATIO}{window_name(PERIOD)}": _ratio(objective, series, PERIOD),
        REMAINING: f"1 - {ratio(objective, series, PERIOD)} / {number(objective.budget)}",
    }
    return [_recording(name, expression, objective, workload) for name, expression in rules.items()]


def _recording(name: str, expression: str, objective: Objective, workload: Workload) -> JsonObject:
    labels = {**ownership(workload), "objective": objective.name}
    return {"record": name, "expr": expression, "labels": labels}


def _ratio(objective: Objective, series: Series, window: int) -> str:
    chosen = selector(objective, series)
    if window == _SHORTEST:
        return f"{FAILURES}{{{chosen}}}\n/ ({REQUESTS}{{{chosen}}} > 0)"
    over = window_name(window)
    return f"sum_over_time({FAILURES}{{{chosen}}}[{over}])\n/ (sum_over_time({REQUESTS}{{{chosen}}}[{over}]) > 0)"


def _requests(objective: Objective, series: Series) -> str:
    return f"sum(rate({REQUEST_DURATION}_count{{{_counted(objective, series)}}}[5m]))"


def _failures(objective: Objective, series: Series) -> str:
    counted = _requests(objective, series)
    if objective.milliseconds is None:
        failed = f'sum(rate({REQUEST_DURATION}_count{{{series.requests},http_response_status_code=~"5.."}}[5m]))'
        # Where nothing ever failed there is no series of failures, which must not read as no data.
        return f"{failed}\nor on () 0 * {counted}"
    bound = f"{_counted(objective, series)},{_bucket(objective.milliseconds)}"
    # No "or" here: a service whose histogram lacks the bound has no data. Sums of floats may end just below 0.
    return f"clamp_min({counted}\n- sum(rate({REQUEST_DURATION}_bucket{{{bound}}}[5m])), 0)"


def _counted(objective: Objective, series: Series) -> str:
    """Of latency, requests that failed are not counted: an outage that answers at once would be a fast service."""
    return series.requests if objective.milliseconds is None else f'{series.requests},http_response_status_code!~"5.."'


def _bucket(milliseconds: int) -> str:
    seconds = number(Decimal(milliseconds) / 1000)
    # Some libraries write 1.0 where others write 1, and Prometheus 3 turns the latter into the former.
    return f'le="{seconds}"' if "." in seconds else f'le=~"{seconds}(\\\\.0)?"'
