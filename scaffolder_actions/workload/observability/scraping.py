"""How Prometheus gets at the metrics of a service."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.series import METRICS_PATH

# The name of the main port, and of a further one that takes its place, so that metrics need not be where users are.
MAIN_PORT, OWN_PORT = "http", "metrics"
# Two samples a minute: rates over five minutes survive a scrape that fails.
INTERVAL = "30s"
# What a scrape may bring; one that brings more is refused as a whole, and the alert MetricsMissing says so. The usual
# cause is an identifier as a label, which costs every team its Prometheus.
LIMITS: JsonObject = {
    # Fifty routes with five statuses and two methods in seventeen series of a histogram are 8,500.
    "sampleLimit": 10_000,
    # Instrumentation sets up to ten, the operator eight.
    "labelLimit": 30,
    "labelNameLengthLimit": 100,
    # A route, an error's class; not a query or a stack trace.
    "labelValueLengthLimit": 300,
}


def scraped_port(service: Service) -> str | None:
    """The name of the port with metrics; None where there are none, or no port to offer them at.

    A job has ended before anybody asks it.
    """
    if not service.observability.metrics or service.type == "job":
        return None
    if any(each.name == OWN_PORT for each in service.ports):
        return OWN_PORT
    return MAIN_PORT if service.port is not None else None


def monitor(workload: Workload) -> JsonObject | None:
    """A ServiceMonitor, or a PodMonitor for what has no Service; None where nothing is scraped."""
    port = scraped_port(workload.service)
    if port is None:
        return None
    kind, endpoints = ("ServiceMonitor", "endpoints")
    if workload.service.type != "web":
        kind, endpoints = ("PodMonitor", "podMetricsEndpoints")
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": kind,
        "metadata": workload.metadata(),
        "spec": {
            # The label `job` is the service's name by both ways.
            "jobLabel": "app.kubernetes.io/name",
            "selector": workload.selector(),
            endpoints: [{"port": port, "path": METRICS_PATH, "interval": INTERVAL, "scrapeTimeout": "10s"}],
            **LIMITS,
        },
    }
