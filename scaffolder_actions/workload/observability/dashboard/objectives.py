"""Panels of the objectives: what is left of the budgets, and how fast they burn."""

from __future__ import annotations

from scaffolder_actions.workload.observability.burn_rates import FAST, SLOW
from scaffolder_actions.workload.observability.dashboard.panels import QUARTER, Panel, figure, graph
from scaffolder_actions.workload.observability.dashboard.shape import Shape
from scaffolder_actions.workload.observability.objectives import REMAINING, Objective, ratio, selector
from scaffolder_actions.workload.observability.series import DAY, HOUR, Series, number


def objective_panels(shape: Shape, series: Series) -> list[Panel]:
    """Two for each objective."""
    return [panel for each in shape.objectives for panel in (_budget(each, series), _burning(each, series))]


def _budget(objective: Objective, series: Series) -> Panel:
    return figure(
        f"{objective.name.capitalize()} budget left",
        f"Of what {_promise(objective)} allows in 30 days. Below 0 the objective is missed.",
        "percentunit",
        f"{REMAINING}{{{selector(objective, series)}}}",
        span=QUARTER,
        # A quarter left is when to change less; both colours are people's custom, no rule.
        limits={0: "orange", 0.25: "green"},
    )


def _burning(objective: Objective, series: Series) -> Panel:
    budget = number(objective.budget)
    return graph(
        f"{objective.name.capitalize()} burn rate",
        f"How many times faster than {_promise(objective)} allows. Above the lines somebody is told.",
        "short",
        {
            "1 hour": f"{ratio(objective, series, HOUR)} / {budget}",
            "6 hours": f"{ratio(objective, series, 6 * HOUR)} / {budget}",
            "3 days": f"{ratio(objective, series, 3 * DAY)} / {budget}",
        },
        limits={float(SLOW[1].factor): "yellow", float(FAST[0].factor): "red"},
    )


def _promise(objective: Objective) -> str:
    percent = number(objective.percent)
    return f"{percent}%" if objective.milliseconds is None else f"{percent}% within {objective.milliseconds} ms"
