"""The workloads that rules and dashboards are judged on."""

from __future__ import annotations

from typing import Any

from foundation.settings import PlatformSettings
from scaffolder_actions.workload.identity import Workload, workload_of
from tests.judges.documents import document_of, service_of

PLATFORM = PlatformSettings()
DEPENDENCIES = [
    {"type": "postgresql", "size": "small"},
    {"type": "redis", "size": "small"},
    {"type": "sqs", "visibilitySeconds": 60, "tries": 5},
]
WEB: dict[str, Any] = {
    "deployment": {"replicas": {"min": 2, "max": 10}},
    "dependencies": DEPENDENCIES,
    "exposure": {"visibility": "public", "host": "orders.example.com"},
    "objectives": {"availability": 99.9, "latency": {"milliseconds": 500, "percent": 99}},
}
JOB: dict[str, Any] = {"type": "job", "schedule": {"cron": "15 3 * * *"}}


def workload(spec: dict[str, Any], environment: str = "production", **metadata: object) -> Workload:
    """The workload of a document with this spec."""
    document = document_of(**spec)
    document["metadata"] |= metadata
    return workload_of(service_of(document), environment, "1.4.2", PLATFORM)


SUBJECTS = {
    "web": workload(WEB),
    # As many pods as there are, and nothing that scales them.
    "fixed": workload({**WEB, "deployment": {"replicas": {"min": 3, "max": 3}}}),
    "job": workload(JOB),
}
