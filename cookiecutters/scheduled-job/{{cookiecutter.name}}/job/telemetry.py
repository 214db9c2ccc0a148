"""Traces of runs, which go to a collector: by OpenTelemetry, set up by its own variables, which the platform sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor


@contextmanager
def traced(environ: Mapping[str, str]) -> Iterator[None]:
    """Trace one run; its trace is sent before the process ends, whether the run fails or not."""
    traces = TracerProvider()
    if environ.get("OTEL_TRACES_EXPORTER") == "otlp":
        traces.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter()))
    try:
        with traces.get_tracer(__name__).start_as_current_span("run"):
            yield
    finally:
        traces.shutdown()
