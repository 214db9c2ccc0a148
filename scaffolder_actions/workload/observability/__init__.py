"""What tells how a service is while it runs: its dashboard, its alerts and its telemetry."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.alerts import alerts_of
from scaffolder_actions.workload.observability.dashboard import dashboard_object
from scaffolder_actions.workload.observability.rules import prometheus_rule
from scaffolder_actions.workload.observability.scraping import monitor, scraped_port
from scaffolder_actions.workload.observability.telemetry import telemetry_variables

__all__ = ["Alert", "alerts_of", "observability_objects", "scraped_port", "telemetry_variables"]


def observability_objects(workload: Workload) -> Sequence[JsonObject]:
    """ServiceMonitor, PrometheusRule and the dashboard as a ConfigMap, as far as the service is observed."""
    scraped = monitor(workload)
    return (*((scraped,) if scraped else ()), prometheus_rule(workload), dashboard_object(workload))
