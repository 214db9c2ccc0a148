"""The plugin over HTTP: from a golden path to a service that runs, and all that can be wrong on the way."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import uuid
from typing import Any

import pytest

from foundation.settings import Settings
from tests.scaffolder_actions.app.conftest import Platform, packed
from tests.scaffolder_actions.conftest import DOCUMENT

VALUES = {"name": "tea-api", "team": "commerce", "description": "Brews tea."}
RENDER = {"action": "greenroom:golden-path:render", "input": {"goldenPath": "python-service", "values": VALUES}}


def new_id() -> str:
    return f"run-{uuid.uuid4()}"


def test_from_golden_path_to_staging(platform_server: Platform, app_settings: Settings) -> None:
    """Rendering, publishing and deploying, each by the workspace of the one before."""
    rendered = platform_server.run(new_id(), RENDER)
    assert rendered["outputs"]["name"] == "tea-api"
    files = platform_server.download(rendered["workspace"])
    assert sorted(files) == rendered["outputs"]["files"]
    assert b"tea-api" in files["service.yaml"]

    publish = {"action": "greenroom:repository:publish", "input": {"name": "tea-api", "owner": "commerce"}}
    published = platform_server.run(new_id(), {**publish, "workspace": rendered["workspace"]})
    folder = app_settings.git.directory / "commerce/tea-api.git"
    listed = subprocess.run(
        ["git", "-C", str(folder), "ls-tree", "-r", "--name-only", published["outputs"]["commit"]],
        check=True,
        capture_output=True,
        text=True,
    )
    assert listed.stdout.split() == sorted(files)

    deploy = {"action": "greenroom:service:apply", "input": {"environment": "staging"}}
    deployed = platform_server.run(new_id(), {**deploy, "workspace": rendered["workspace"]})
    assert deployed["outputs"]["status"] == "Healthy"
    assert deployed["workspace"] is None


def test_the_same_id_is_the_same_run(platform_server: Platform) -> None:
    """A second PUT attaches; with other content it conflicts; the log can be read again from any line."""
    run_id = new_id()
    first = platform_server.run(run_id, RENDER)
    again = platform_server.put_run(run_id, {**RENDER, "dryRun": False, "workspace": None}, status=200)
    assert again == first
    assert platform_server.get(f"/v1/runs/{run_id}") == first
    problem = platform_server.put_run(run_id, {**RENDER, "dryRun": True}, status=409)
    assert problem["error"]["name"] == "ConflictError"

    lines, finished = platform_server.follow(run_id)
    assert finished == first
    assert [each["sequence"] for each in lines] == list(range(1, len(lines) + 1))
    assert platform_server.follow(run_id, after=len(lines) - 2)[0] == lines[-2:]


def test_who_asked_is_kept(platform_server: Platform) -> None:
    """A service's token stands for the service; only Backstage's plugins may name a person."""
    run = platform_server.run(new_id(), {**RENDER, "user": "user:default/mallory"})
    assert run["caller"] == "cli"
    newest = platform_server.get("/v1/runs?limit=1")["items"]
    assert newest == [run]


def test_a_dry_run_renders_too(platform_server: Platform) -> None:
    """What a golden path would give is shown by its files."""
    run = platform_server.run(new_id(), {**RENDER, "dryRun": True})
    assert run["dryRun"] is True
    assert "service.yaml" in platform_server.download(run["workspace"])


def test_a_dry_run_of_a_deployment_deploys_nothing(platform_server: Platform) -> None:
    """It says what would be done."""
    workspace = platform_server.upload({"service.yaml": DOCUMENT.replace("order-api", "dry-api")})
    body = {"action": "greenroom:service:apply", "input": {"environment": "staging"}, "workspace": workspace}
    run_id = new_id()
    run = platform_server.run(run_id, {**body, "dryRun": True})
    assert run["outputs"]["status"] == "Planned"
    assert any("would be created" in each["message"] for each in platform_server.follow(run_id)[0])


def test_a_failure_is_told_in_words(platform_server: Platform) -> None:
    """The error of a run names what is wrong and where; no stack trace, no path of this machine."""
    workspace = platform_server.upload({"service.yaml": DOCUMENT.replace("language", "langage")})
    run_id = new_id()
    body = {"action": "greenroom:service:apply", "input": {"environment": "staging"}, "workspace": workspace}
    platform_server.put_run(run_id, body)
    run = platform_server.follow(run_id)[1]
    assert run["status"] == "failed"
    assert run["error"]["name"] == "InputError"
    assert "service.yaml:7:3: " in run["error"]["message"]
    assert "Traceback" not in str(run)
    assert "/tmp" not in str(run["error"])


def test_cancel(platform_server: Platform) -> None:
    """A run that waits for pods ends when it is cancelled, and a run that has ended stays."""
    document = DOCUMENT.replace("order-api", "late-api").replace("spec:", "spec:\n  image: registry.localhost/x/never")
    workspace = platform_server.upload({"service.yaml": document})
    run_id = new_id()
    body = {"action": "greenroom:service:apply", "input": {"environment": "staging"}, "workspace": workspace}
    platform_server.put_run(run_id, body)
    cancelled = platform_server.client.post(f"/api/platform/v1/runs/{run_id}/cancel")
    assert cancelled.status_code == 200
    run = platform_server.follow(run_id)[1]
    assert run["status"] == "cancelled"
    assert platform_server.client.post(f"/api/platform/v1/runs/{run_id}/cancel").json() == run


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"action": "greenroom:service:aplpy"}, 'Did you mean "greenroom:service:apply"?'),
        ({"action": "platform:validate-service"}, "There is no action"),
        ({"input": {"goldenPath": 1, "more": 2}}, "goldenPath: 1 is not of type 'string'"),
        ({"input": {"goldenPath": 1, "more": 2}}, "'values' is a required property"),
        ({"input": {"goldenPath": 1, "more": 2}}, "'more' was unexpected"),
        ({"workspace": "0" * 64}, "There is no workspace 000"),
        ({"workspace": "0" * 63}, "does not match"),
        ({"action": "greenroom:catalog:register", "input": {"repositoryUrl": "x"}, "workspace": "K"}, "no workspace"),
        ({"action": "greenroom:repository:publish", "input": {"name": "a", "owner": "b"}}, "needs a workspace"),
        ({"surplus": 1}, "surplus"),
    ],
)
def test_refuses(change: dict[str, Any], part: str, platform_server: Platform) -> None:
    """What cannot be run is refused before it becomes a run, and every fault is named."""
    if change.get("workspace") == "K":
        change = {**change, "workspace": platform_server.upload({"a": "b"})}
    run_id = new_id()
    problem = platform_server.put_run(run_id, {**RENDER, **change}, status=400)
    assert part in f"{problem['detail']} {problem.get('remedy')}"
    platform_server.get(f"/v1/runs/{run_id}", status=404)


@pytest.mark.parametrize("run_id", ["short", "UPPER-CASE-ID", "with_underscore", "a" * 65])
def test_refuses_ids(run_id: str, platform_server: Platform) -> None:
    """An id is lower-case letters, digits and hyphens, 8 to 64 of them."""
    platform_server.put_run(run_id, RENDER, status=400)


def test_unknown_runs(platform_server: Platform) -> None:
    """A run that is not there is not found, in any way of asking."""
    platform_server.get("/v1/runs/no-such-run", status=404)
    platform_server.get("/v1/runs/no-such-run/events", status=404)
    assert platform_server.client.post("/api/platform/v1/runs/no-such-run/cancel").status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "99999999999999999999", "0" * 5000, "0" * 12 + "9" * 12])
def test_refuses_places_in_a_log(after: str, platform_server: Platform) -> None:
    """What is no sequence is wrong input, not an empty log."""
    platform_server.get(f"/v1/runs/some-run-id/events?after={after}", status=400)


def test_workspaces(platform_server: Platform) -> None:
    """A workspace is kept under its digest, once."""
    content = packed({"a/b.txt": "hello"})
    digest = hashlib.sha256(content).hexdigest()
    assert platform_server.put_workspace(digest, content).status_code == 201
    assert platform_server.put_workspace(digest, content).status_code == 200
    assert platform_server.download(digest) == {"a/b.txt": b"hello"}
    platform_server.get(f"/v1/workspaces/{'0' * 64}", status=404)
    platform_server.get("/v1/workspaces/no-digest", status=400)


@pytest.mark.parametrize(
    ("content", "status", "part"),
    [
        (packed({"../x": "y"}), 400, "'../x' leads outside"),
        (gzip.compress(bytes(150 * 1024 * 1024)), 413, "more than 200 times its size"),
        (b"no archive", 400, "not gzip"),
        (b"", 400, ""),
    ],
)
def test_refuses_workspaces(content: bytes, status: int, part: str, platform_server: Platform) -> None:
    """A hostile or damaged archive is refused with the member's name, and not kept."""
    digest = hashlib.sha256(content).hexdigest()
    answer = platform_server.put_workspace(digest, content)
    assert (answer.status_code, part in answer.json()["detail"]) == (status, True), answer.text
    platform_server.get(f"/v1/workspaces/{digest}", status=404)


def test_refuses_a_wrong_digest(platform_server: Platform) -> None:
    """Nobody can put something else under a digest."""
    assert platform_server.put_workspace("0" * 64, packed({"a": "b"})).status_code == 400
    platform_server.get(f"/v1/workspaces/{'0' * 64}", status=404)


def test_nothing_without_a_token(platform_server: Platform) -> None:
    """Every operation asks who calls."""
    headers = {"Authorization": ""}
    for method, path in [
        ("GET", "/v1/actions"),
        ("GET", "/v1/runs"),
        ("PUT", "/v1/runs/run-of-nobody"),
        ("GET", "/v1/runs/run-of-nobody/events"),
        ("PUT", f"/v1/workspaces/{'0' * 64}"),
        ("GET", "/.backstage/actions/v1/actions"),
    ]:
        answer = platform_server.client.request(method, f"/api/platform{path}", headers=headers)
        assert answer.status_code == 401, path


def test_offers_each_action_once(platform_server: Platform) -> None:
    """By the manifest of runs or over the registry, never both."""
    manifest = {each["id"] for each in platform_server.get("/v1/actions")["actions"]}
    registry = {each["id"] for each in platform_server.get("/.backstage/actions/v1/actions")["actions"]}
    assert registry >= {"platform:validate-service", "platform:render-service"}
    assert all(each.startswith("platform:") for each in registry)
    assert manifest >= {"greenroom:service:apply", "greenroom:service:delete"}
    assert not manifest & registry


def test_short_actions_answer(platform_server: Platform) -> None:
    """Over the registry, as Backstage calls it."""
    path = "/api/platform/.backstage/actions/v1/actions/platform%3Avalidate-service/invoke"
    answer = platform_server.client.post(path, json={"document": DOCUMENT})
    assert answer.json()["output"]["valid"] is True
