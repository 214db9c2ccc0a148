"""What the service tells about itself: metrics that Prometheus fetches, and traces that go to a collector.

Both are OpenTelemetry's, set up by its own environment variables, which the platform sets: where traces go and how many of
them, what the service is called. The metrics have the names that the platform's alerts and dashboard are made of.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

# Read when instrumentation is imported: the stable names of HTTP metrics, not those from before.
os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")

from fastapi import FastAPI, Response
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

# Only the platform asks for these; they say nothing about users.
UNCOUNTED = "healthz$,metrics$"


class Telemetry:
    """Counts and traces requests; `environ` has OpenTelemetry's variables."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        # One for each application: what tests make does not pile up.
        self._registry = CollectorRegistry()
        for collector in (GCCollector, PlatformCollector, ProcessCollector):
            collector(registry=self._registry)
        reader = PrometheusMetricReader(registry=self._registry)
        self._meters = MeterProvider(metric_readers=[reader])
        self._traces = TracerProvider()
        if environ.get("OTEL_TRACES_EXPORTER") == "otlp":
            self._traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))

    def watch(self, app: FastAPI) -> None:
        """Count and trace the requests to `app`, and offer what is counted at /metrics."""
        FastAPIInstrumentor.instrument_app(
            app,
            meter_provider=self._meters,
            tracer_provider=self._traces,
            excluded_urls=UNCOUNTED,
        )

        @app.get("/metrics", include_in_schema=False)
        def get_metrics() -> Response:
            return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def stop(self) -> None:
        """Send what has not been sent yet: a pod that ends has the last requests of its version."""
        self._traces.shutdown()
        self._meters.shutdown()
