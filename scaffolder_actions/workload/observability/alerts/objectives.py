"""Alerts on objectives: the error budget burns too fast."""

from __future__ import annotations

from collections.abc import Sequence

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.burn_rates import (
    FAST,
    LEAST_FAILURES,
    PERIOD,
    PERIOD_DAYS,
    SLOW,
    Tier,
)
from scaffolder_actions.workload.observability.objectives import (
    REMAINING,
    Objective,
    failures,
    objectives_of,
    ratio,
    selector,
)
from scaffolder_actions.workload.observability.series import MINUTE, Series, number, series_of


def objective_alerts(workload: Workload) -> tuple[Alert, ...]:
    """Two for each objective. The slow one is silent while the fast one fires, which says more."""
    series = series_of(workload)
    return tuple(
        alert
        for objective in objectives_of(workload.service)
        for alert in (_fast(objective, workload, series), _slow(objective, workload, series))
    )


def _fast(objective: Objective, workload: Workload, series: Series) -> Alert:
    return Alert(
        name=_name(objective, "Fast"),
        expression=_time_left(FAST, objective, series),
        summary=f"{_complaint(objective, workload)}, far beyond its objective",
        description=_description(objective, series, "Somebody has to look now."),
        urgent=True,
    )


def _slow(objective: Objective, workload: Workload, series: Series) -> Alert:
    quiet = series.quiet_while(_name(objective, "Fast"))
    return Alert(
        name=_name(objective, "Slowly"),
        expression=f"({_time_left(SLOW, objective, series)})\n{quiet}",
        summary=f"{_complaint(objective, workload)}, and will miss its objective",
        description=_description(objective, series, "It can wait for the morning, not for the end of the month."),
    )


def _name(objective: Objective, how: str) -> str:
    return f"{objective.name.capitalize()}BudgetBurns{how}"


def _time_left(tiers: Sequence[Tier], objective: Objective, series: Series) -> str:
    """Seconds in which the whole budget is gone at the present rate, where one of the tiers is exceeded."""
    burning = "\n  or\n".join(_exceeded(tier, objective, series) for tier in tiers)
    # To the minute: what floats leave over would read as 59 seconds.
    return f"round({PERIOD} * {number(objective.budget)} / (\n{burning}\n), {MINUTE})"


def _exceeded(tier: Tier, objective: Objective, series: Series) -> str:
    limit = f"{number(tier.factor)} * {number(objective.budget)}"
    return (
        f"  (\n"
        f"    {ratio(objective, series, tier.long)} > {limit}\n"
        f"    and on () {ratio(objective, series, tier.short)} > {limit}\n"
        f"    and on () {failures(objective, series, tier.long)} >= {LEAST_FAILURES}\n"
        f"  )"
    )


def _complaint(objective: Objective, workload: Workload) -> str:
    what = "fails requests" if objective.milliseconds is None else "answers too slowly"
    return f"{workload.name} {what} in {workload.environment}"


def _description(objective: Objective, series: Series, urgency: str) -> str:
    missed = "failed" if objective.milliseconds is None else f"took longer than {objective.milliseconds} ms"
    left = f"{REMAINING}{{{selector(objective, series)}}}"
    return (
        "At this rate the month's error budget is gone in {{ $value | humanizeDuration }}: "
        f"too many requests {missed}. The objective of {number(objective.percent)}% leaves "
        f"{number(objective.budget * 100)}% of those within {PERIOD_DAYS} days. "
        f"{{{{ with query `{left}` }}}}{{{{ if gt (. | first | value) 0.0 }}}}"
        "Of the budget {{ . | first | value | humanizePercentage }} is left. "
        "{{ else }}Nothing is left of it. {{ end }}{{ end }}"
        f"{urgency}"
    )
