from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

from foundation.settings import CatalogSettings, GitSettings, Settings

from .live_server import ORDER_API, Repositories, Server, wait_for

Serve = Callable[[Settings], Server]


def catalog(settings: Settings, **changes: object) -> Settings:
    """The settings with another catalog."""
    changed: CatalogSettings = dataclasses.replace(settings.catalog, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(settings, catalog=changed)


def test_repositories_become_a_catalog(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """A service document in a repository is a Component with everything it owns, next to the organisation."""
    repositories.commit(
        "commerce/order-api",
        {
            "service.yaml": ORDER_API,
            "openapi.yaml": "openapi: 3.0.3\n",
            "docs/index.md": "# Orders",
            "docs/decisions/0001-orders.md": "# Orders",
        },
    )
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")
    found = server.entities()
    assert set(found) == {
        "Component:order-api",
        "Resource:order-api-postgresql",
        "Resource:order-api-redis",
        "API:order-api",
        "System:commerce",
        "Group:commerce",
        "User:guest",
    }
    component = found["Component:order-api"]
    assert component["spec"] == {
        "type": "service",
        "lifecycle": "production",
        "owner": "group:default/commerce",
        "system": "commerce",
        "dependsOn": ["resource:default/order-api-postgresql", "resource:default/order-api-redis"],
        "providesApis": ["order-api"],
    }
    annotations = component["metadata"]["annotations"]
    assert (
        annotations["backstage.io/managed-by-location"] == "url:http://git.example/commerce/order-api/blob/service.yaml"
    )
    assert annotations["backstage.io/techdocs-ref"] == "dir:."
    assert annotations["backstage.io/adr-location"] == "docs/decisions"
    assert annotations["backstage.io/kubernetes-id"] == "order-api"
    assert [link["title"] for link in component["metadata"]["links"]] == [
        "Dashboard (staging)",
        "Dashboard (production)",
        "Logs (staging)",
        "Logs (production)",
        "Traces (staging)",
        "Traces (production)",
        "Repository",
    ]
    assert found["API:order-api"]["spec"]["definition"] == "openapi: 3.0.3\n"


def test_a_commit_travels_to_the_stream(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """A new repository, a change and a broken document: each is told as it is, and nothing else with it."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")
    version = server.get("/v1/entities").json()["version"]
    stream = server.stream("/v1/entities/stream", since=version)

    repositories.commit("commerce/basket", {"service.yaml": ORDER_API.replace("order-api", "basket")})
    added = stream.next()
    assert added.name == "changes"
    assert {each["metadata"]["name"] for each in added.data["upserted"]} == {
        "basket",
        "basket-postgresql",
        "basket-redis",
    }
    changes = server.get("/v1/entities/changes", since=version).json()
    assert changes == added.data
    assert added.id == changes["version"]

    repositories.commit(
        "commerce/order-api", {"service.yaml": ORDER_API.replace("    - type: redis\n      size: small\n", "")}
    )
    changed = stream.next()
    assert changed.data["removed"] == ["resource:default/order-api-redis"]
    assert [each["kind"] for each in changed.data["upserted"]] == ["Component"]

    again = server.stream("/v1/entities/stream", headers={"Last-Event-ID": added.id or ""})
    assert again.next().data == changed.data
    assert server.stream("/v1/entities/stream", since="before-1").next().name == "reset"


def test_a_wrong_document_keeps_its_entities(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """Every error is told at once, the service stays as it last was, also across a restart."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    repositories.commit("commerce/basket", {"service.yaml": ORDER_API.replace("order-api", "basket")})
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")
    before = server.entities()
    wrong = ORDER_API.replace("type: postgresql", "type: postgress").replace("- staging", "- Staging!")
    repositories.commit("commerce/order-api", {"service.yaml": wrong})

    def problems() -> list[str]:
        sources = server.get("/v1/sources").json()["items"]
        (git,) = [each for each in sources if each["kind"] == "git"]
        return [f"{each['file']}:{each['line']}: {each['message']}" for each in git["problems"]]

    wait_for(problems, "the problems")
    assert [each.partition(": ")[0] for each in problems()] == [
        "commerce/order-api/service.yaml:10",
        "commerce/order-api/service.yaml:15",
    ]
    assert server.entities() == before
    server.stop()

    server = serve(settings)
    wait_for(server.is_ready, "the catalog after the restart")
    assert server.entities() == before
    assert len(problems()) == 2
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    wait_for(lambda: not problems(), "the end of the problems")


def test_a_source_that_cannot_be_read_at_the_start_holds_the_catalog_back(
    settings: Settings, tmp_path: Path, serve: Serve
) -> None:
    """503 with the source and the reason; readiness says the same; then it comes by itself."""
    folder = tmp_path / "service"
    server = serve(catalog(settings, folders=(folder,)))
    wait_for(lambda: "is not a folder" in server.get("/v1/entities").text, "the reason")
    answer = server.get("/v1/entities")
    assert answer.status_code == 503
    assert str(folder) in answer.json()["detail"]
    assert server.get("/v1/health").status_code == 503
    folder.mkdir()
    (folder / "service.yaml").write_text(ORDER_API)
    wait_for(server.is_ready, "the catalog")
    assert "Component:order-api" in server.entities()


def test_a_source_that_fails_later_keeps_its_entities(settings: Settings, tmp_path: Path, serve: Serve) -> None:
    """The last good entities stay, with the time they are from."""
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "service.yaml").write_text(ORDER_API)
    server = serve(catalog(settings, folders=(folder,)))
    wait_for(server.is_ready, "the catalog")
    before = server.entities()
    folder.rename(tmp_path / "elsewhere")

    def source() -> dict[str, object]:
        (found,) = [each for each in server.get("/v1/sources").json()["items"] if each["kind"] == "folder"]
        assert isinstance(found, dict)
        return found

    wait_for(lambda: source()["state"] == "failing", "the failure")
    assert "is not a folder" in str(source()["message"])
    assert source()["lastGoodAt"]
    assert server.entities() == before


def test_the_first_to_have_a_name_keeps_it(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """A second document with the same name is refused by a problem that names both."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")
    before = server.entities()
    # Sorts before the one that is there.
    repositories.commit("alpha/order-api", {"service.yaml": ORDER_API.replace("team: commerce", "team: alpha")})

    def problems() -> str:
        return str([each["problems"] for each in server.get("/v1/sources").json()["items"]])

    wait_for(lambda: "also claimed" in problems(), "the conflict")
    assert "alpha/order-api/service.yaml" in problems()
    assert "commerce/order-api/service.yaml" in problems()
    assert server.entities()["Component:order-api"] == before["Component:order-api"]


def test_golden_paths_become_templates(settings: Settings, serve: Serve) -> None:
    """The golden paths of this repository are Templates on the Create page."""
    folder = Path(__file__).parents[3] / "cookiecutters"
    server = serve(catalog(settings, golden_paths=folder))
    wait_for(server.is_ready, "the catalog")
    template = server.entities()["Template:python-service"]
    assert template["apiVersion"] == "scaffolder.backstage.io/v1beta3"
    assert [step["action"] for step in template["spec"]["steps"]] == [
        "greenroom:golden-path:render",
        "greenroom:repository:publish",
        "greenroom:catalog:register",
        "greenroom:service:apply",
    ]


def test_registering_takes_effect_at_once(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """A registered document is in the catalog when the answer arrives, once, and after a restart too."""
    settings = catalog(settings, repositories=False)
    repositories.commit("commerce/order-api", {"deploy/service.yaml": ORDER_API})
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")
    body = {"repositoryUrl": "http://git.example/commerce/order-api.git", "path": "deploy/service.yaml"}
    answer = server.post("/v1/registrations", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["entityRefs"][0] == "component:default/order-api"
    assert answer.json()["version"] == server.get("/v1/entities").json()["version"]
    assert "Component:order-api" in server.entities()
    again = server.post("/v1/registrations", body)
    assert (again.status_code, again.json()) == (200, answer.json())
    server.stop()
    server = serve(settings)
    wait_for(server.is_ready, "the catalog after the restart")
    assert "Component:order-api" in server.entities()


def test_what_cannot_be_registered(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """No repository or file: 404. A wrong document: 400 with every problem. A name that is taken: 409."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    repositories.commit("commerce/wrong", {"deploy/service.yaml": "kind: Service\n"})
    repositories.commit("commerce/second", {"deploy/service.yaml": ORDER_API})
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")

    def register(name: str, path: str = "service.yaml") -> tuple[int, str]:
        answer = server.post("/v1/registrations", {"repositoryUrl": f"http://git.example/{name}.git", "path": path})
        return answer.status_code, answer.text

    assert register("commerce/nothing")[0] == 404
    assert register("commerce/order-api", "nothing.yaml")[0] == 404
    status, text = register("commerce/wrong", "deploy/service.yaml")
    assert (status, "apiVersion is missing" in text, "metadata is missing" in text) == (400, True, True)
    status, text = register("commerce/second", "deploy/service.yaml")
    assert (status, "commerce/order-api/service.yaml" in text) == (409, True)
    assert register("../../etc")[0] in {400, 404}
    assert register("commerce/order-api", "../service.yaml")[0] == 400


def test_what_is_withdrawn_is_gone_at_once(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """All that a document declares leaves the catalog, and stays away after changes and restarts, until it is registered."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")
    body = {"repositoryUrl": "http://git.example/commerce/order-api.git"}
    server.post("/v1/registrations", body)
    before = server.entities()
    answer = server.delete("/v1/registrations", entityRef="component:default/order-api")
    assert answer.status_code == 200, answer.text
    assert answer.json()["entityRefs"][0] == "component:default/order-api"
    assert set(before) - set(server.entities()) >= {"Component:order-api", "Resource:order-api-postgresql"}
    again = server.delete("/v1/registrations", entityRef="Component:default/Order-API")
    assert (again.status_code, again.json()["entityRefs"]) == (200, [])

    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API + "  lifecycle: deprecated\n"})
    repositories.commit("commerce/other", {"service.yaml": ORDER_API.replace("order-api", "other")})
    wait_for(lambda: "Component:other" in server.entities(), "the look after")
    assert "Component:order-api" not in server.entities()
    server.stop()
    server = serve(settings)
    wait_for(server.is_ready, "the catalog after the restart")
    assert "Component:order-api" not in server.entities()

    assert server.post("/v1/registrations", body).status_code == 201
    assert set(server.entities()) >= set(before)


def test_an_unchanged_catalog_costs_nothing(settings: Settings, repositories: Repositories, serve: Serve) -> None:
    """Looks at what has not changed make no version."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    server = serve(settings)
    wait_for(server.is_ready, "the catalog")
    version = server.get("/v1/entities").json()["version"]
    looked = time.time()

    def looked_again() -> bool:
        sources = server.get("/v1/sources").json()["items"]
        return all(each["lastGoodAt"] > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(looked)) for each in sources)

    wait_for(looked_again, "another look")
    assert server.get("/v1/entities").json()["version"] == version


def test_no_token_no_answer(settings: Settings, serve: Serve) -> None:
    """Every path of the plugin needs a token, the streams too."""
    server = serve(settings)
    server.session.headers.pop("Authorization")
    for path in ("/v1/entities", "/v1/entities/stream", "/v1/health", "/v1/health/stream", "/v1/sources"):
        assert server.get(path).status_code == 401


def test_the_git_folder_may_appear_later(settings: Settings, tmp_path: Path, serve: Serve) -> None:
    """No repositories at all is an answer, too: a platform begins empty."""
    empty = dataclasses.replace(settings, git=GitSettings(directory=tmp_path / "none", url="http://git.example"))
    server = serve(empty)
    wait_for(server.is_ready, "the catalog")
    assert set(server.entities()) == {"Group:commerce", "User:guest"}
