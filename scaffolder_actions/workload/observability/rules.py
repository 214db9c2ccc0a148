"""The PrometheusRule of a workload: what is recorded of its objectives, and its alerts."""

from __future__ import annotations

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alerts import alerts_of
from scaffolder_actions.workload.observability.objectives import (
    INTERVAL,
    MONTHLY_INTERVAL,
    monthly_recordings,
    objectives_of,
    recordings,
)


def prometheus_rule(workload: Workload) -> JsonObject:
    """All rules of the workload in one object, a group for each thing that they are about."""
    objectives = objectives_of(workload.service)
    groups: list[Json] = []
    recorded = [rule for each in objectives for rule in recordings(each, workload)]
    for name, alerts in alerts_of(workload).items():
        # What an alert is made from is recorded in its group, ahead of it: rules of a group follow one another.
        before = recorded if name == "objectives" else []
        groups.append(_group(workload, name, INTERVAL, [*before, *(each.rule(workload) for each in alerts)]))
    if objectives:
        monthly = [rule for each in objectives for rule in monthly_recordings(each, workload)]
        groups.append(_group(workload, "budgets", MONTHLY_INTERVAL, monthly))
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": workload.metadata(),
        "spec": {"groups": groups},
    }


def _group(workload: Workload, name: str, interval: int, rules: list[JsonObject]) -> JsonObject:
    return {"name": f"{workload.name}.{name}", "interval": f"{interval}s", "rules": rules}
