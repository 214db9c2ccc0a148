"""What Prometheus reads about requests. Metrics are counted for each worker process."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response

PATH = "/metrics"

REQUESTS = Counter(
    "greenroom_http_requests", "Requests answered.", ["plugin", "method", "route", "status"], registry=REGISTRY
)
# From a look-up in memory (milliseconds) to a call of a slow cluster (seconds).
DURATION = Histogram(
    "greenroom_http_request_duration_seconds",
    "Time from a request to the end of its answer, streams left out.",
    ["plugin", "method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
OPEN_STREAMS = Gauge("greenroom_http_open_streams", "Event streams held open.", ["plugin", "route"], registry=REGISTRY)

# A method is free text: anything else would let a caller make as many time series as it likes.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def metrics_response() -> Response:
    """All metrics of this process in Prometheus' text format."""
    return Response(generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})
