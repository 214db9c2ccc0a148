"""How a service is told where its telemetry goes: OpenTelemetry's standard environment variables.

https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ names them, and every SDK reads them.
"""

from __future__ import annotations

from foundation.service import PRODUCTION
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.scraping import OWN_PORT, scraped_port

# The share of traces that is kept where the load is real: enough of each route to see what is slow, a tenth of the
# cost. Elsewhere whoever makes a request looks for its trace. A caller that keeps its trace keeps all of it.
PRODUCTION_SHARE = "0.1"


def telemetry_variables(workload: Workload) -> dict[str, str]:
    """The variables of the container. The service's own `env` stands over those that are no standard (LOG_FORMAT).

    The version is none of them: it stands in the kustomization's image alone, where promotion changes it, so that a
    variable beside it would be wrong after the first promotion. The collector reads it off the image.
    """
    service = workload.service
    variables = {
        "OTEL_SERVICE_NAME": workload.name,
        "OTEL_RESOURCE_ATTRIBUTES": (
            f"service.namespace={workload.namespace},deployment.environment.name={workload.environment}"
        ),
        # The stable names of HTTP metrics and attributes, for instrumentation that still asks which ones are meant.
        "OTEL_SEMCONV_STABILITY_OPT_IN": "http",
        **_traces(workload),
        **_metrics(workload),
        # Logs go to the standard output, where the node's agent takes them; sent as well, each would be there twice.
        "OTEL_LOGS_EXPORTER": "none",
        "LOG_FORMAT": "json" if service.observability.logging == "structured" else "text",
    }
    return {name: value for name, value in variables.items() if name not in service.env}


def _traces(workload: Workload) -> dict[str, str]:
    if not workload.service.observability.tracing:
        # Not OTEL_SDK_DISABLED, which would take the metrics along.
        return {"OTEL_TRACES_EXPORTER": "none"}
    variables = {
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_ENDPOINT": workload.platform.telemetry_endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    }
    if workload.environment == PRODUCTION:
        sampled = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": PRODUCTION_SHARE}
        return {**variables, **sampled}
    return {**variables, "OTEL_TRACES_SAMPLER": "parentbased_always_on"}


def _metrics(workload: Workload) -> dict[str, str]:
    """Metrics are fetched, not sent. OpenTelemetry offers them itself where the service has a port for it."""
    service = workload.service
    if scraped_port(service) != OWN_PORT:
        return {"OTEL_METRICS_EXPORTER": "none"}
    port = next(each.port for each in service.ports if each.name == OWN_PORT)
    return {
        "OTEL_METRICS_EXPORTER": "prometheus",
        # Its default is reached from inside the pod alone.
        "OTEL_EXPORTER_PROMETHEUS_HOST": "0.0.0.0",  # noqa: S104  the pod's own network
        "OTEL_EXPORTER_PROMETHEUS_PORT": str(port),
    }
