"""The plugin as Backstage and the command see it: hosted, with real Git, real runs and one real build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from foundation.runs import RunEngine
from foundation.settings import (
    BackstageSettings,
    CatalogSettings,
    DocsSettings,
    GitSettings,
    Secret,
    Settings,
    StateSettings,
    StaticToken,
)
from foundation.web import host
from techdocs.app import create_plugin
from tests.techdocs.builds.conftest import FILES, Git

TOKEN = "a-static-token-of-some-length"
REFERENCE = "component:default/order-api"


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    return Git(tmp_path_factory.mktemp("app") / "git")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("published")


@pytest.fixture(scope="module")
def client(git: Git, published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(
        backstage=BackstageSettings(static_tokens=(StaticToken("cli", Secret(TOKEN)),)),
        state=StateSettings(directory=tmp_path_factory.mktemp("state")),
        # An hour: builds are ordered by the tests.
        catalog=CatalogSettings(poll_seconds=3600),
        git=GitSettings(directory=git.host.directory),
        docs=DocsSettings(directory=published),
    )
    runs = RunEngine(settings.state, executor="docs")
    application = host([create_plugin(settings, runs)], settings)
    runs.start()
    try:
        with TestClient(application, headers={"Authorization": f"Bearer {TOKEN}"}) as hosted:
            yield hosted
    finally:
        runs.stop()


def follow(
    client: TestClient, build_id: str, query: str = "", headers: dict[str, str] | None = None
) -> list[tuple[str, dict[str, object]]]:
    """Every event of a build's stream, which ends with the build; without the pings that keep it open."""
    events: list[tuple[str, dict[str, object]]] = []
    with client.stream("GET", f"/api/docs/v1/builds/{build_id}/events{query}", headers=headers or {}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name != "ping":
                events.append((name, json.loads(line.removeprefix("data: "))))
    return events


def test_a_build_from_order_to_site(client: TestClient, git: Git, published: Path) -> None:
    """Ordered, followed line by line, listed, and at last where Backstage reads it."""
    commit = git.commit(FILES)
    ordered = client.post("/api/docs/v1/builds", json={"entityRef": "Component:default/Order-API"})
    assert ordered.status_code == 202, ordered.text
    build = ordered.json()
    assert (build["entityRef"], build["revision"]) == (REFERENCE, commit)
    events = follow(client, build["id"])
    assert [name for name, _ in events][-1] == "finished"
    assert all(name == "log" for name, _ in events[:-1])
    assert "Building component:default/order-api from repository commerce/order-api" in str(events[0][1]["message"])
    finished = events[-1][1]
    assert (finished["status"], finished["error"]) == ("succeeded", None)
    assert client.get(f"/api/docs/v1/builds/{build['id']}").json() == finished
    assert client.get("/api/docs/v1/builds", params={"entityRef": REFERENCE}).json() == {"items": [finished]}
    assert client.get("/api/docs/v1/builds", params={"entityRef": "component:default/x"}).json() == {"items": []}
    site = published / "default" / "component" / "order-api"
    assert "Orders" in (site / "index.html").read_text()
    metadata = json.loads((site / "techdocs_metadata.json").read_text())
    assert metadata["etag"] == commit
    assert len(metadata["files"]) == finished["files"]
    assert (site / "search" / "search_index.json").is_file()
    resumed = follow(client, build["id"], headers={"Last-Event-ID": str(len(events) - 2)})
    assert resumed == events[-2:]
    assert follow(client, build["id"], f"?after={len(events) - 1}") == events[-1:]
    again = client.post(
        "/api/docs/v1/builds",
        json={"entityRef": REFERENCE, "repositoryUrl": "http://localhost:7114/commerce/order-api.git"},
    )
    assert again.json() == finished


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"entityRef": "component:default/nobody"}, 404),
        ({"entityRef": REFERENCE, "repositoryUrl": "https://example.com/other.git"}, 404),
        ({"entityRef": "component:default/x", "repositoryUrl": "commerce/order-api"}, 404),
        ({"entityRef": "::"}, 400),
        ({"entityRef": REFERENCE, "more": 1}, 400),
        ({}, 400),
    ],
)
def test_an_order_that_cannot_be_met_says_why(
    client: TestClient, git: Git, body: dict[str, object], status: int
) -> None:
    """Unknown entities and repositories, and malformed orders."""
    git.commit(FILES)
    answer = client.post("/api/docs/v1/builds", json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_builds_that_are_not_there(client: TestClient) -> None:
    """For the build and for its stream, before the stream begins."""
    assert client.get("/api/docs/v1/builds/docs-absent").status_code == 404
    assert client.get("/api/docs/v1/builds/docs-absent/events").status_code == 404
    assert client.get("/api/docs/v1/builds/docs-absent/events?after=x").status_code == 400


def test_nobody_builds_without_a_token(client: TestClient) -> None:
    """Neither reads nor orders."""
    for method, path in (("GET", "/v1/builds"), ("POST", "/v1/builds"), ("GET", "/v1/builds/x/events")):
        answer = client.request(method, f"/api/docs{path}", headers={"Authorization": ""})
        assert answer.status_code == 401
