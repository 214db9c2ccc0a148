"""How Prometheus gets at a service, and where a service sends what it tells."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from foundation.service import Service
from scaffolder_actions.workload.identity import workload_of
from scaffolder_actions.workload.objects import kubernetes_objects
from scaffolder_actions.workload.observability import observability_objects, telemetry_variables
from scaffolder_actions.workload.observability.scraping import monitor
from tests.judges import object_errors
from tests.judges.documents import services
from tests.scaffolder_actions.observability.workloads import JOB, PLATFORM, WEB, workload


def monitored(spec: dict[str, Any]) -> dict[str, Any]:
    """The monitor of a service with this spec."""
    found: Any = monitor(workload(spec))
    return dict(found)


def test_a_web_service_is_scraped_through_its_service() -> None:
    """At the port that its Service names, twice a minute, with limits."""
    found = monitored(WEB)
    assert found["kind"] == "ServiceMonitor"
    (endpoint,) = found["spec"]["endpoints"]
    assert endpoint == {"port": "http", "path": "/metrics", "interval": "30s", "scrapeTimeout": "10s"}
    objects: list[Any] = [each for each in kubernetes_objects(workload(WEB)) if each["kind"] == "Service"]
    assert endpoint["port"] in {port["name"] for port in objects[0]["spec"]["ports"]}
    assert found["spec"]["selector"]["matchLabels"].items() <= objects[0]["metadata"]["labels"].items()
    assert found["spec"]["jobLabel"] in objects[0]["metadata"]["labels"]
    assert {"sampleLimit", "labelLimit", "labelNameLengthLimit", "labelValueLengthLimit"} <= set(found["spec"])


def test_a_port_called_metrics_takes_the_place_of_the_main_one() -> None:
    """So that metrics need not be where users are; OpenTelemetry offers them there by itself."""
    spec = {**WEB, "ports": [{"name": "metrics", "port": 9464, "protocol": "http"}]}
    assert monitored(spec)["spec"]["endpoints"][0]["port"] == "metrics"
    variables = telemetry_variables(workload(spec))
    assert variables["OTEL_METRICS_EXPORTER"] == "prometheus"
    assert variables["OTEL_EXPORTER_PROMETHEUS_HOST"] == "0.0.0.0"  # noqa: S104
    assert variables["OTEL_EXPORTER_PROMETHEUS_PORT"] == "9464"


def test_a_worker_is_scraped_where_it_has_a_port() -> None:
    """Without a Service by its pods; without a port not at all."""
    found = monitored({"type": "worker", "port": 8080})
    assert found["kind"] == "PodMonitor"
    assert found["spec"]["podMetricsEndpoints"][0]["port"] == "http"
    assert monitor(workload({"type": "worker"})) is None
    assert monitored({"type": "worker", "ports": [{"name": "metrics", "port": 9464}]})["kind"] == "PodMonitor"


@pytest.mark.parametrize("spec", [JOB, {**WEB, "observability": {"metrics": False}}])
def test_a_job_and_a_service_without_metrics_are_not_scraped(spec: dict[str, Any]) -> None:
    """The one has ended before it could be, the other has nothing to offer."""
    assert monitor(workload(spec)) is None


@settings(max_examples=30, deadline=None)
@given(service=services())
def test_any_document_becomes_objects_that_a_cluster_takes(service: Service) -> None:
    """By the definitions of their kinds, each under a name of its own, and the same again."""
    for environment in service.environments:
        here = workload_of(service, environment, "1.4.2", PLATFORM)
        objects: list[Any] = list(observability_objects(here))
        for each in objects:
            assert object_errors(dict(each)) == []
            assert each["metadata"]["namespace"] == here.namespace
        names = [(each["kind"], each["metadata"]["name"]) for each in objects]
        assert len(names) == len(set(names))
        assert objects == list(observability_objects(here))


def test_traces_go_to_the_collector_and_are_sampled_in_production() -> None:
    """One in ten there, all elsewhere; whoever keeps a trace keeps all of it."""
    production, staging = (telemetry_variables(workload(WEB, each)) for each in ("production", "staging"))
    assert production == {
        "OTEL_SERVICE_NAME": "order-api",
        "OTEL_RESOURCE_ATTRIBUTES": "service.namespace=commerce,deployment.environment.name=production",
        "OTEL_SEMCONV_STABILITY_OPT_IN": "http",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel-collector.monitoring:4318",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.1",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "LOG_FORMAT": "json",
    }
    assert staging["OTEL_TRACES_SAMPLER"] == "parentbased_always_on"


def test_without_tracing_nothing_is_sent() -> None:
    """And metrics go on."""
    spec = {**WEB, "observability": {"tracing": False, "logging": "plain"}}
    variables = telemetry_variables(workload(spec))
    assert variables["OTEL_TRACES_EXPORTER"] == "none"
    assert not {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER", "OTEL_SDK_DISABLED"} & set(variables)
    assert variables["LOG_FORMAT"] == "text"


def test_another_version_or_size_changes_no_variable() -> None:
    """A variable that moved with them would restart every pod, or be wrong after a promotion."""
    before = telemetry_variables(workload(WEB))
    scaled = {**WEB, "deployment": {"replicas": {"min": 2, "max": 20}}}
    assert before == telemetry_variables(workload(scaled))
    assert "1.4.2" not in str(before)


def test_a_teams_own_variable_stands() -> None:
    """LOG_FORMAT is no standard, and the service may mean something else by it."""
    assert "LOG_FORMAT" not in telemetry_variables(workload({**WEB, "env": {"LOG_FORMAT": "gelf"}}))


def test_another_maximum_changes_nothing_that_is_observed() -> None:
    """Scaling is one number in the autoscaler; alerts ask the cluster for it."""
    scaled = {**WEB, "deployment": {"replicas": {"min": 2, "max": 20}}}
    assert list(observability_objects(workload(WEB))) == list(observability_objects(workload(scaled)))
