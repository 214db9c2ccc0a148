"""Clusters survive a restart, orderly or not."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import yaml

from foundation.errors import InputError
from greenroom.local.cluster import SimulatedClusters
from greenroom.local.cluster.kubeconfig import write_kubeconfig
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.persistence import load_state
from tests.greenroom.cluster.http_client import Api, configuration_map, eventually
from tests.greenroom.cluster.simulation import deployment, is_rolled_out

_DEPLOYMENT = "/apis/apps/v1/namespaces/commerce/deployments/order-api"


def _deploy(api: Api) -> Manifest:
    api.post("/api/v1/namespaces", {"metadata": {"name": "commerce"}})
    api.post("/apis/apps/v1/namespaces/commerce/deployments", deployment())
    return eventually(lambda: api.get(_DEPLOYMENT).json(), is_rolled_out)


def test_objects_versions_breakages_and_access_survive(tmp_path: Path) -> None:
    """Everything is there again, under higher versions; older versions have expired; the token still holds."""
    with SimulatedClusters(["staging"], tmp_path, pace=0.01) as clusters:
        before = _deploy(Api(clusters, "staging"))
        clusters.break_("staging", "order-api", "crash")
        token = clusters.token
    with SimulatedClusters(["staging"], tmp_path, pace=0.01) as clusters:
        assert clusters.token == token
        api = Api(clusters, "staging")
        after = api.get(_DEPLOYMENT).json()
        assert after["metadata"]["uid"] == before["metadata"]["uid"]
        with api.watch(
            "/api/v1/namespaces/commerce/pods", resourceVersion=before["metadata"]["resourceVersion"]
        ) as events:
            assert next(events)["object"]["reason"] == "Expired"
        created = api.post("/api/v1/namespaces/commerce/configmaps", configuration_map("new")).json()
        assert int(created["metadata"]["resourceVersion"]) > int(before["metadata"]["resourceVersion"]) + 1000
        clusters.heal("staging", "order-api")
        eventually(lambda: api.get(_DEPLOYMENT).json(), is_rolled_out)


def _start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "greenroom.local.cluster", "--port", "0", "--clusters", "staging"]
    options = ["--state", str(folder), "--kubeconfig", str(folder / "kubeconfig"), "--pace", "0.01"]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, line.split(" at ")[1].split("/clusters")[0]


def _call(url: str, folder: Path, path: str, body: object = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {(folder / 'token').read_text(encoding='utf-8')}"}
    method = "GET" if body is None else "POST"
    return requests.request(method, f"{url}/clusters/staging{path}", json=body, headers=headers, timeout=20)


def test_a_killed_program_goes_on_from_its_last_save(tmp_path: Path) -> None:
    """Killed without warning it loses at most what was not saved yet, and never uses a version twice."""
    process, url = _start(tmp_path)
    created = _call(url, tmp_path, "/api/v1/namespaces", {"metadata": {"name": "commerce"}}).json()
    state = tmp_path / "staging.json"
    eventually(lambda: state.exists() and "commerce" in state.read_text(encoding="utf-8"))
    latest = _call(url, tmp_path, "/api/v1/namespaces", {"metadata": {"name": "lost-or-not"}}).json()
    process.kill()
    process.communicate()
    assert state.stat().st_mode & 0o777 == 0o600
    process, url = _start(tmp_path)
    try:
        found = _call(url, tmp_path, "/api/v1/namespaces/commerce").json()
        assert found["metadata"]["uid"] == created["metadata"]["uid"]
        listed = _call(url, tmp_path, "/api/v1/namespaces").json()
        assert int(listed["metadata"]["resourceVersion"]) > int(latest["metadata"]["resourceVersion"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def test_a_stopped_program_saves_everything(tmp_path: Path) -> None:
    """SIGTERM ends open watches and writes what was not written yet."""
    process, url = _start(tmp_path)
    headers = {"Authorization": f"Bearer {(tmp_path / 'token').read_text(encoding='utf-8')}"}
    with requests.get(
        f"{url}/clusters/staging/api/v1/pods?watch=1", headers=headers, stream=True, timeout=20
    ) as watching:
        _call(url, tmp_path, "/api/v1/namespaces", {"metadata": {"name": "at-the-end"}})
        process.send_signal(signal.SIGTERM)
        assert watching.content == b""
    process.communicate(timeout=20)
    assert "at-the-end" in (tmp_path / "staging.json").read_text(encoding="utf-8")


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    """And an exit code."""
    process, url = _start(tmp_path)
    try:
        command = [sys.executable, "-m", "greenroom.local.cluster", "--port", url.rpartition(":")[2]]
        second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        assert second.returncode == 1
        assert "cannot be used: Address already in use." in second.stderr
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("content", ["nonsense", "[]", json.dumps({"format": 99}), json.dumps({"format": 1})])
def test_a_file_that_is_no_state_is_named(tmp_path: Path, content: str) -> None:
    """With what to do about it, instead of an empty cluster."""
    path = tmp_path / "staging.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="does not hold the state") as caught:
        load_state(path)
    assert caught.value.remedy is not None


def test_the_kubeconfig_is_private_and_has_a_context_for_each_cluster(tmp_path: Path) -> None:
    """Only its owner can read it."""
    path = tmp_path / "kubeconfig"
    write_kubeconfig(path, {"staging": "https://a", "production": "https://b"}, "token", "PEM")
    assert path.stat().st_mode & 0o777 == 0o600
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [each["name"] for each in document["contexts"]] == ["staging", "production"]
    assert document["current-context"] == "staging"
    assert [each.name for each in tmp_path.iterdir()] == ["kubeconfig"]
