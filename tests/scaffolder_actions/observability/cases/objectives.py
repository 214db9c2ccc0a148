"""Alerts on objectives."""

from __future__ import annotations

from tests.scaffolder_actions.observability.cases.model import Case, flat, joined, rising


def _requests(good: str, failed: str | None = None, route: str = "/orders") -> dict[str, str]:
    """Requests as OpenTelemetry counts them, as they are scraped from two pods' worth of one series."""
    name = "http_server_request_duration_seconds_count"
    common = f'namespace="commerce",job="order-api",http_request_method="GET",http_route="{route}"'
    found = {f'{name}{{{common},http_response_status_code="200",pod="order-api-7d9f-abcde"}}': good}
    if failed:
        found[f'{name}{{{common},http_response_status_code="503",pod="order-api-7d9f-abcde"}}'] = failed
    return found


def _answered(within: str, everything: str, status: str = "200", bound: str = "0.5") -> dict[str, str]:
    """A histogram of which `within` are no slower than the objective's bound."""
    name = "http_server_request_duration_seconds"
    common = f'namespace="commerce",job="order-api",http_route="/orders",http_response_status_code="{status}"'
    return {
        f'{name}_bucket{{{common},le="{bound}"}}': within,
        f'{name}_bucket{{{common},le="+Inf"}}': everything,
        f"{name}_count{{{common}}}": everything,
    }


def _budget(percent: str, allowed: str, missed: str, left: str, urgency: str, *, lasts: str) -> str:
    return (
        f"At this rate the month's error budget is gone in {lasts}: too many requests {missed}. "
        f"The objective of {percent}% leaves {allowed}% of those within 30 days. {left} {urgency}"
    )


_NOW = "Somebody has to look now."
_MORNING = "It can wait for the morning, not for the end of the month."
_NOTHING = "Nothing is left of it."
# Ten requests a second.
_BUSY = 600.0
OBJECTIVES = (
    Case(
        alert="AvailabilityBudgetBurnsFast",
        labels={"objective": "availability"},
        severity="page",
        minutes=90,
        # 2 of 100: 20 times what 99.9 % allows.
        fires=_requests(rising(0.98 * _BUSY), rising(0.02 * _BUSY)),
        holds={
            "no requests at all": {},
            "requests that stopped": _requests(joined(rising(_BUSY, 10), flat(10 * _BUSY))),
            "nothing ever fails": _requests(rising(_BUSY)),
            "four times too fast, which is the slower tier's": _requests(rising(0.99 * _BUSY), rising(0.004 * _BUSY)),
            "one error among few requests": _requests(joined(rising(0.2)), joined(flat(0, 70), flat(1))),
            "over within the hour": _requests(
                rising(_BUSY), joined(flat(0, 35), rising(0.05 * _BUSY, 20), flat(20 * 0.05 * _BUSY))
            ),
            "probes that fail": _requests(rising(_BUSY), rising(_BUSY), route="/healthz"),
            "refused for the caller's fault": {
                key.replace("503", "404"): value for key, value in _requests(rising(_BUSY), rising(0.5 * _BUSY)).items()
            },
        },
        summary="order-api fails requests in production, far beyond its objective",
        description=_budget("99.9", "0.1", "failed", _NOTHING, _NOW, lasts="1d 12h 0m 0s"),
    ),
    Case(
        alert="AvailabilityBudgetBurnsFast",
        labels={"objective": "availability"},
        severity="page",
        minutes=90,
        # A great many good ones before, so that much of the budget is left when it begins to burn.
        fires=_requests(
            joined(rising(100 * _BUSY, 20), rising(_BUSY, 30, 2001 * _BUSY), rising(0.96 * _BUSY, 60, 2032 * _BUSY)),
            joined(flat(0, 51), rising(0.04 * _BUSY, 60)),
        ),
        holds={},
        summary="order-api fails requests in production, far beyond its objective",
        description=_budget("99.9", "0.1", "failed", "Of the budget 32.27% is left.", _NOW, lasts="1d 6h 30m 0s"),
    ),
    Case(
        alert="AvailabilityBudgetBurnsSlowly",
        labels={"objective": "availability"},
        minutes=30,
        # Four times too fast.
        fires=_requests(rising(0.996 * _BUSY), rising(0.004 * _BUSY)),
        holds={
            "no requests at all": {},
            "just within the objective": _requests(rising(0.9991 * _BUSY), rising(0.0009 * _BUSY)),
            "the faster one fires": _requests(rising(0.98 * _BUSY), rising(0.02 * _BUSY)),
            "four errors": _requests(rising(1), joined(flat(0, 10), rising(1, 4), flat(4))),
        },
        summary="order-api fails requests in production, and will miss its objective",
        description=_budget("99.9", "0.1", "failed", _NOTHING, _MORNING, lasts="7d 12h 0m 0s"),
    ),
    Case(
        alert="LatencyBudgetBurnsFast",
        labels={"objective": "latency"},
        severity="page",
        minutes=30,
        # One in five is slow, where one in a hundred may be.
        fires=_answered(rising(0.8 * _BUSY), rising(_BUSY)),
        holds={
            "fast enough": _answered(rising(0.99 * _BUSY), rising(_BUSY)),
            "all fail, and soon": _answered(rising(0), rising(_BUSY), status="503"),
            "no such bound in the histogram": _answered(rising(0), rising(_BUSY), bound="0.3"),
        },
        summary="order-api answers too slowly in production, far beyond its objective",
        description=_budget("99", "1", "took longer than 500 ms", _NOTHING, _NOW, lasts="1d 12h 0m 0s"),
    ),
    Case(
        alert="LatencyBudgetBurnsSlowly",
        labels={"objective": "latency"},
        minutes=30,
        # Twice too fast: the tier of three days.
        fires=_answered(rising(0.98 * _BUSY), rising(_BUSY)),
        holds={"fast enough": _answered(rising(0.991 * _BUSY), rising(_BUSY))},
        summary="order-api answers too slowly in production, and will miss its objective",
        description=_budget("99", "1", "took longer than 500 ms", _NOTHING, _MORNING, lasts="15d 0h 0m 0s"),
    ),
)
