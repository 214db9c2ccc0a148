"""The alerts of a service, by what they are about."""

from __future__ import annotations

from collections.abc import Mapping

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.alerts.caches import cache_alerts
from scaffolder_actions.workload.observability.alerts.certificates import certificate_alerts
from scaffolder_actions.workload.observability.alerts.databases import database_alerts
from scaffolder_actions.workload.observability.alerts.jobs import job_alerts
from scaffolder_actions.workload.observability.alerts.objectives import objective_alerts
from scaffolder_actions.workload.observability.alerts.pods import pod_alerts
from scaffolder_actions.workload.observability.alerts.queues import queue_alerts
from scaffolder_actions.workload.observability.alerts.saturation import saturation_alerts


def alerts_of(workload: Workload) -> Mapping[str, tuple[Alert, ...]]:
    """Every alert of the workload by its group; groups without any are left out."""
    groups = {
        "objectives": objective_alerts(workload),
        "pods": pod_alerts(workload),
        "saturation": saturation_alerts(workload),
        "job": job_alerts(workload),
        "certificates": certificate_alerts(workload),
        "database": database_alerts(workload),
        "cache": cache_alerts(workload),
        "queue": queue_alerts(workload),
    }
    return {name: alerts for name, alerts in groups.items() if alerts}
