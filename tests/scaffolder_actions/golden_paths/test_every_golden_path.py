"""All golden paths of the product: what comes out is whole, and works where it is run."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from foundation.golden_path import ValuesError, load_golden_path
from foundation.service import load_service
from foundation.settings import PlatformSettings
from foundation.yaml import load_yaml
from scaffolder_actions.actions.platform_files import platform_files
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.plans.files import compare_files
from scaffolder_actions.plans.standing import FIRST_VERSION, standing_in_folder
from scaffolder_actions.workload import render_service
from tests.running_platform import free_ports

from .collector import Collector
from .installed import container_environment, patient, python_for, run

ROOT = Path(__file__).parents[3] / "cookiecutters"
NAMES = sorted(each.name for each in ROOT.iterdir() if (each / "golden-path.yaml").is_file())
PLATFORM = PlatformSettings()
# Every choice at its richest.
RICHEST = {"python-service": {"cache": "medium"}, "python-worker": {"order": "strict"}, "scheduled-job": {}}


def render(renderer: GoldenPathRenderer, golden_path: str, into: Path, **values: str) -> Path:
    given = {"name": "parcel-sorter", "team": "commerce", "description": "Sorts parcels.", **values}
    renderer.render(ROOT / golden_path, given, into, platform_files(PLATFORM))
    return into


@pytest.fixture(scope="module")
def projects(renderer: GoldenPathRenderer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A project of each golden path, as it is without any further answer."""
    home = tmp_path_factory.mktemp("projects")
    return {name: render(renderer, name, home / name) for name in NAMES}


def test_there_is_one_for_each_type_of_service() -> None:
    """The most common ones need no manifests: what serves, what works on a queue, what runs by a schedule."""
    assert NAMES == ["python-service", "python-worker", "scheduled-job"]


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_one_gets_and_asks_with_examples(name: str) -> None:
    """A person who chooses knows what comes; every field that must be filled in has an example."""
    golden_path = load_golden_path(ROOT / name)
    assert golden_path.gives
    assert [field.name for field in golden_path.fields if field.required] == ["name", "team", "description"]
    assert all(field.examples for field in golden_path.fields if field.required)
    assert all(field.title and field.description for field in golden_path.fields)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("database", ["none", "large"])
def test_a_plan_against_the_new_repository_is_empty(
    renderer: GoldenPathRenderer, name: str, database: str, tmp_path: Path
) -> None:
    """It holds all that its document becomes, whatever was chosen, and every page of its navigation."""
    project = render(renderer, name, tmp_path, database=database, system="sorting", **RICHEST[name])
    service = load_service((project / "service.yaml").read_bytes(), "service.yaml", PLATFORM)
    made = render_service(service, dict.fromkeys(service.environments, FIRST_VERSION), PLATFORM)
    changes = compare_files(made, standing_in_folder(project, made))
    assert [(each.name, each.verb) for each in changes if each.verb != "keep"] == []
    assert (service.system, any(each.type == "postgresql" for each in service.dependencies)) == (
        "sorting",
        database == "large",
    )
    navigation = load_yaml((project / "mkdocs.yml").read_bytes(), "mkdocs.yml").mapping["nav"]
    assert all((project / "docs" / page).is_file() for item in navigation for page in item.values())


@pytest.mark.parametrize("name", [each for each in NAMES if each != "python-service"])
def test_its_own_tests_pass_and_its_code_is_clean(projects: dict[str, Path], name: str) -> None:
    """As a new team, and its pipeline, run them first."""
    commands = (
        ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        ["ruff", "check"],
        ["ruff", "format", "--check"],
    )
    for command in commands:
        ran = run(projects[name], command)
        assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("name", NAMES)
def test_its_image_runs_as_nobody(projects: dict[str, Path], name: str) -> None:
    """By number, as the cluster asks; in two stages, on a version that is named."""
    lines = (projects[name] / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert sum(line.startswith("FROM ") for line in lines) == 2
    assert not any("latest" in line for line in lines)


def test_the_worker_works_on_its_queue(projects: dict[str, Path], tmp_path: Path) -> None:
    """With the variables of its container: takes messages, counts them where Prometheus looks, ends when it is told."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    try:
        _, address = server.get_host_and_port()
        aws = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{address}",
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        client = boto3.client(
            "sqs",
            endpoint_url=aws["AWS_ENDPOINT_URL"],
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        queue = client.create_queue(QueueName="work")["QueueUrl"]
        client.send_message(QueueUrl=queue, MessageBody="parcel")
        port = str(free_ports().server)
        project = projects["python-worker"]
        env = container_environment(project, PLATFORM)
        assert env["OTEL_METRICS_EXPORTER"] == "prometheus"
        env |= {**aws, "AWS_DEFAULT_REGION": "eu-west-1", "QUEUE_URL": queue, "TMPDIR": str(tmp_path)}
        env |= {"OTEL_EXPORTER_PROMETHEUS_PORT": port, "OTEL_TRACES_EXPORTER": "none"}
        process = subprocess.Popen(
            [python_for(project), "-m", "worker"],
            cwd=project,
            env={**os.environ, **env},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            log = process.stderr
            assert log is not None
            # The line that says that it is done; until then, nothing is asked.
            line = next(each for each in log if "Worked on a message" in each)
            assert '"level": "info"' in line
            counted, metrics = 'messaging_process_duration_seconds_count{messaging_destination_name="work"', ""
            while counted not in metrics:
                metrics = patient().get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
            process.send_signal(signal.SIGTERM)
            process.communicate()
            assert process.returncode == 0
        finally:
            process.kill()
            process.wait()
        attributes = client.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        assert attributes["ApproximateNumberOfMessages"] == "0"
    finally:
        server.stop()


def test_the_job_runs_once_and_tells_how_it_went(projects: dict[str, Path]) -> None:
    """With the variables of its container: exit code, log and trace."""
    project = projects["scheduled-job"]
    with Collector() as collector:
        env = container_environment(project, PlatformSettings(telemetry_endpoint=collector.url))
        ran = run(project, ["python", "-m", "job"], env)
        assert ran.returncode == 0, ran.stderr
        assert '"message": "The run is done"' in ran.stderr
        assert b"parcel-sorter" in collector.received["/v1/traces"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_no_document_may_have_is_refused_in_the_form(
    renderer: GoldenPathRenderer, name: str, tmp_path: Path
) -> None:
    """By the form's own words, before anything is rendered."""
    for wrong in ("a--b", "Parcel", "1st", "a" * 41):
        with pytest.raises(ValuesError):
            render(renderer, name, tmp_path / "into", name=wrong)
