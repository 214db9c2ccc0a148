"""What tells how a service is while it runs: its dashboard, its alerts and its telemetry."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.identity import Workload


def observability_objects(workload: Workload) -> Sequence[JsonObject]:
    """ServiceMonitor, PrometheusRule and the dashboard as a ConfigMap, as far as the service is observed."""
    return ()


def telemetry_variables(workload: Workload) -> dict[str, str]:
    """OpenTelemetry's standard environment variables for the container."""
    return {}
