"""What the worker tells about itself: metrics that Prometheus fetches, and traces that go to a collector.

Both are OpenTelemetry's, set up by its own environment variables, which the platform sets, under the names of its semantic
conventions for messaging.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

# The bounds that the conventions ask of messaging.process.duration, in seconds.
BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]


class Telemetry:
    """Counts and traces the work on messages; `environ` has OpenTelemetry's variables."""

    def __init__(self, environ: Mapping[str, str], queue_url: str) -> None:
        self.registry = CollectorRegistry()
        for collector in (GCCollector, PlatformCollector, ProcessCollector):
            collector(registry=self.registry)
        reader = PrometheusMetricReader(registry=self.registry)
        self._meters = MeterProvider(metric_readers=[reader])
        self._traces = TracerProvider()
        if environ.get("OTEL_TRACES_EXPORTER") == "otlp":
            self._traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._attributes = {
            "messaging.system": "aws_sqs",
            "messaging.operation.name": "process",
            "messaging.destination.name": queue_url.rpartition("/")[2],
        }
        self._tracer = self._traces.get_tracer(__name__)
        self._duration = self._meters.get_meter(__name__).create_histogram(
            "messaging.process.duration",
            unit="s",
            description="Duration of the work on a message.",
            explicit_bucket_boundaries_advisory=BOUNDS,
        )

    def serve(self, environ: Mapping[str, str]) -> None:
        """Offer the metrics at the port that the platform names; without one, nobody asks for them."""
        if environ.get("OTEL_METRICS_EXPORTER") == "prometheus":
            port = int(environ.get("OTEL_EXPORTER_PROMETHEUS_PORT", "9464"))
            address = environ.get("OTEL_EXPORTER_PROMETHEUS_HOST", "localhost")
            start_http_server(port, address, self.registry)

    @contextmanager
    def processing(self) -> Iterator[None]:
        """Measure and trace the work on one message, by the error that it ended with."""
        name = f"process {self._attributes['messaging.destination.name']}"
        kind = trace.SpanKind.CONSUMER
        started = time.perf_counter()
        attributes = dict(self._attributes)
        try:
            with self._tracer.start_as_current_span(name, kind=kind, attributes=attributes):
                yield
        except Exception as error:
            attributes["error.type"] = type(error).__qualname__
            raise
        finally:
            self._duration.record(time.perf_counter() - started, attributes)

    def stop(self) -> None:
        """Send what has not been sent yet."""
        self._traces.shutdown()
        self._meters.shutdown()
