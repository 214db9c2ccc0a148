"""The Python service of the golden path, installed and run as the platform runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from foundation.settings import PlatformSettings
from scaffolder_actions.golden_paths import GoldenPathRenderer
from tests.running_platform import free_ports

from .collector import Collector
from .installed import container_environment, patient, python_for, run


@pytest.fixture(scope="module")
def project(renderer: GoldenPathRenderer, python_service: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("project") / "payment-api"
    renderer.render(python_service, {"name": "payment-api", "team": "commerce", "description": "Takes payments."}, into)
    return into


@dataclass
class Running:
    """The service as it runs: where it answers, and what became of its traces and its log once it has ended."""

    url: str
    process: subprocess.Popen[str]
    collector: Collector

    def stop(self) -> str:
        """End it as Kubernetes does, and give its log."""
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate()
        return log


@pytest.fixture
def running(project: Path) -> Iterator[Running]:
    """The service with the very environment that its container has in staging, but for the port and the collector."""
    with Collector() as collector:
        port = free_ports().server
        env = container_environment(project, PlatformSettings(telemetry_endpoint=collector.url)) | {"PORT": str(port)}
        process = subprocess.Popen(
            [python_for(project), "-m", "service"],
            cwd=project,
            env={**os.environ, **env},
            stderr=subprocess.PIPE,
            text=True,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            patient().get(f"{url}/healthz", timeout=5).raise_for_status()
            yield Running(url, process, collector)
        finally:
            process.kill()
            process.wait()


def test_its_own_tests_pass(project: Path) -> None:
    """As a new team runs them first."""
    ran = run(project, ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"])
    assert ran.returncode == 0, ran.stdout


def test_its_code_is_clean(project: Path) -> None:
    """By its own rules."""
    for command in (["ruff", "check", "."], ["ruff", "format", "--check", "."]):
        ran = run(project, command)
        assert ran.returncode == 0, ran.stdout


def test_it_offers_what_its_alerts_and_dashboard_are_made_of(running: Running) -> None:
    """Requests by route and status, with the bound of its objective; not those of the platform itself."""
    assert requests.get(f"{running.url}/v1/greetings/Ada", timeout=5).json() == {"message": "Hello, Ada!"}
    assert requests.get(f"{running.url}/v1/greetings/{'a' * 101}", timeout=5).status_code == 422
    answer = requests.get(f"{running.url}/metrics", timeout=5, allow_redirects=False)
    assert answer.headers["Content-Type"].startswith("text/plain")
    families = {each.name: each for each in text_string_to_metric_families(answer.text)}
    samples = families["http_server_request_duration_seconds"].samples
    counted = {
        (each.labels["http_route"], each.labels["http_response_status_code"]): each.value
        for each in samples
        if each.name.endswith("_count")
    }
    assert counted == {("/v1/greetings/{person}", "200"): 1, ("/v1/greetings/{person}", "422"): 1}
    assert "0.5" in {each.labels["le"] for each in samples if each.name.endswith("_bucket")}


def test_its_traces_arrive_under_its_name(running: Running) -> None:
    """By OpenTelemetry's variables alone, as the platform sets them; those of a pod that ends are not lost."""
    requests.get(f"{running.url}/v1/greetings/Ada", timeout=5)
    running.stop()
    traces = running.collector.received["/v1/traces"]
    for word in (b"payment-api", b"staging", b"/v1/greetings/{person}"):
        assert word in traces
    assert b"healthz" not in traces


def test_it_ends_when_it_is_told_and_logs_objects(running: Running) -> None:
    """Within the time that Kubernetes gives, without an error; each line of its log is JSON."""
    log = running.stop()
    assert running.process.returncode in {0, -signal.SIGTERM}
    assert [json.loads(line)["level"] for line in log.splitlines()]
