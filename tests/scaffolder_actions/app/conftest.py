"""The plugin on a real server, with its runs executed."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from foundation.runs import RunEngine
from foundation.settings import (
    AwsSettings,
    BackstageSettings,
    CatalogSettings,
    ClusterSettings,
    GitSettings,
    Secret,
    Settings,
    StateSettings,
    StaticToken,
)
from foundation.web import host
from greenroom.local.cluster import SimulatedClusters
from greenroom.server import with_runs
from scaffolder_actions.app import create_plugin
from tests.local_aws import without_aws

TOKEN = "a-static-token-of-some-length"
GOLDEN_PATHS = Path(__file__).parents[3] / "cookiecutters"


class Platform:
    """The plugin as a client sees it."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/platform{path}")
        assert answer.status_code == status, answer.text
        return answer.json()

    def put_run(self, run_id: str, body: Mapping[str, object], status: int = 201) -> Any:
        answer = self.client.put(f"/api/platform/v1/runs/{run_id}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def upload(self, files: Mapping[str, str]) -> str:
        """Send a workspace; its digest."""
        content = packed(files)
        digest = hashlib.sha256(content).hexdigest()
        answer = self.put_workspace(digest, content)
        assert answer.status_code in {200, 201}, answer.text
        return digest

    def put_workspace(self, digest: str, content: bytes) -> Any:
        headers = {"Content-Type": "application/gzip"}
        return self.client.put(f"/api/platform/v1/workspaces/{digest}", content=content, headers=headers)

    def download(self, digest: str) -> dict[str, bytes]:
        """The files of a workspace."""
        answer = self.client.get(f"/api/platform/v1/workspaces/{digest}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/gzip"
        assert hashlib.sha256(answer.content).hexdigest() == digest
        with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
            files = {each.name: archive.extractfile(each) for each in archive if each.isreg()}
            return {name: file.read() for name, file in files.items() if file}

    def follow(self, run_id: str, after: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The log lines of a run, and the run at its end."""
        lines: list[dict[str, Any]] = []
        address = f"/api/platform/v1/runs/{run_id}/events?after={after}"
        with self.client.stream("GET", address) as answer:
            assert answer.status_code == 200, answer.read()
            name = ""
            for line in answer.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data" and name == "log":
                    lines.append(json.loads(value))
                elif field == "data" and name == "finished":
                    return lines, json.loads(value)
        raise AssertionError(f"The stream of {run_id} ended without its run.")

    def run(self, run_id: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Start a run and wait for its success."""
        self.put_run(run_id, body)
        finished = self.follow(run_id)[1]
        assert finished["status"] == "succeeded", finished["error"]
        return finished


def packed(files: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


@pytest.fixture(scope="module")
def clusters() -> Iterator[SimulatedClusters]:
    with SimulatedClusters(["staging"]) as simulated:
        yield simulated


@pytest.fixture(scope="module")
def app_settings(tmp_path_factory: pytest.TempPathFactory, clusters: SimulatedClusters) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("platform")
    with pytest.MonkeyPatch.context() as environment:
        yield _settings(folder, clusters, without_aws(environment))


def _settings(folder: Path, clusters: SimulatedClusters, aws: AwsSettings) -> Settings:
    return Settings(
        aws=aws,
        # Nothing listens there.
        backstage=BackstageSettings(url="http://127.0.0.1:9", static_tokens=(StaticToken("cli", Secret(TOKEN)),)),
        state=StateSettings(directory=folder / "state"),
        git=GitSettings(directory=folder / "git"),
        catalog=CatalogSettings(golden_paths=GOLDEN_PATHS),
        clusters=(ClusterSettings("staging", "staging", kubeconfig=clusters.kubeconfig, context="staging"),),
    )


@pytest.fixture(scope="module")
def platform_server(app_settings: Settings) -> Iterator[Platform]:
    runs = RunEngine(app_settings.state, executor="platform")
    hosted = host([with_runs(create_plugin(app_settings, runs), runs)], app_settings)
    with TestClient(hosted, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield Platform(client)
