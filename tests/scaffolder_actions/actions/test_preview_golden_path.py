"""The action that shows what a golden path would become: with the values of its form, and without any effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from foundation.backstage.actions import ActionsRegistry
from foundation.backstage.caller import Caller
from foundation.connections.git import LocalRepositories
from foundation.connections.kubernetes import connect_cluster
from foundation.errors import InputError
from foundation.golden_path import ValuesError
from foundation.jsontypes import Json, JsonObject
from foundation.settings import ClusterSettings, PlatformSettings
from scaffolder_actions.actions.preview_golden_path import preview_golden_path
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.plans.model import Change
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.clusters import Clusters

WHO = Caller("user:default/ann", "user", "user:default/ann")
GOLDEN_PATHS = Path(__file__).parents[3] / "cookiecutters"
VALUES = {"name": "gift-api", "team": "group:default/commerce", "description": "Wraps presents."}


class Empty:
    """Stacks of an account that has none: whatever a template has would be made."""

    def plan(self, name: str, template: JsonObject | None, environment: str) -> Sequence[Change]:
        resources = cast("JsonObject", (template or {}).get("Resources", {}))
        return [
            Change("aws", environment, name, str(cast("JsonObject", each)["Type"]), key, "create")
            for key, each in resources.items()
        ]

    def template(self, name: str) -> JsonObject | None:
        return None


@pytest.fixture(scope="module")
def renderer() -> Iterator[GoldenPathRenderer]:
    renderer = GoldenPathRenderer()
    yield renderer
    renderer.stop()


@pytest.fixture
def sources(tmp_path: Path, cluster: ClusterSettings, platform: PlatformSettings) -> Sources:
    """A Git host without repositories, and an empty cluster."""
    host = LocalRepositories(tmp_path / "git", "http://localhost:7114")
    return Sources(host, "", Clusters([cluster], connect_cluster), Empty(), platform)


def preview(
    root: Path, renderer: GoldenPathRenderer, sources: Sources, values: dict[str, Json], name: str = "python-service"
) -> dict[str, Any]:
    registry = ActionsRegistry("platform", [preview_golden_path(root, renderer, sources).for_registry()])
    given: JsonObject = {"goldenPath": name, "values": values}
    return cast("dict[str, Any]", registry.invoke("platform:preview-golden-path", given, WHO))


def test_everything_that_would_be_created(renderer: GoldenPathRenderer, sources: Sources) -> None:
    """The files, the document and each resource; the team may be given as a form's picker gives it."""
    output = preview(GOLDEN_PATHS, renderer, sources, {**VALUES, "database": "small"})
    assert output["name"] == "gift-api"
    assert {"README.md", "service.yaml", "Dockerfile"} <= set(output["files"])
    assert 'team: "commerce"' in output["document"]
    plan = output["plan"]
    assert plan["service"] == "gift-api"
    assert plan["unknown"] == {}
    assert {each["verb"] for each in plan["changes"]} == {"create"}
    assert ("cluster", "Deployment", "gift-api") in whats(plan)
    assert ("aws", "AWS::RDS::DBInstance", "Database") in whats(plan)


def test_nothing_is_created(renderer: GoldenPathRenderer, sources: Sources) -> None:
    """Looking twice gives the same: the first look left nothing behind."""
    first = preview(GOLDEN_PATHS, renderer, sources, dict(VALUES))
    assert sources.git.repositories() == []
    assert preview(GOLDEN_PATHS, renderer, sources, dict(VALUES)) == first


def test_a_name_that_is_taken(renderer: GoldenPathRenderer, sources: Sources, tmp_path: Path) -> None:
    """Said before anything is begun, as publishing would say it."""
    assert preview(GOLDEN_PATHS, renderer, sources, dict(VALUES))["taken"] is None
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "README.md").write_text("Another one's.\n")
    sources.git.publish("commerce/gift-api", tmp_path / "other", description="", message="Begin", author="ann")
    taken = preview(GOLDEN_PATHS, renderer, sources, dict(VALUES))["taken"]
    assert taken == "The repository commerce/gift-api is there already. Choose another name."


def test_a_golden_path_without_a_service(renderer: GoldenPathRenderer, sources: Sources, tmp_path: Path) -> None:
    """Its files alone."""
    folder = tmp_path / "golden-paths" / "library"
    (folder / "{{cookiecutter.name}}").mkdir(parents=True)
    (folder / "{{cookiecutter.name}}" / "README.md").write_text("# {{cookiecutter.name}}\n")
    (folder / "golden-path.yaml").write_text("title: T\ndescription: D\nowner: platform\n")
    (folder / "cookiecutter.json").write_text('{"name": "abc"}')
    output = preview(folder.parent, renderer, sources, {"name": "strings"}, "library")
    assert output == {"name": "strings", "files": ["README.md"], "document": None, "plan": None, "taken": None}


def test_wrong_values(renderer: GoldenPathRenderer, sources: Sources) -> None:
    """Every wrong value is named, and a golden path that is not there."""
    with pytest.raises(ValuesError) as raised:
        preview(GOLDEN_PATHS, renderer, sources, {**VALUES, "name": "Gift API", "database": "huge"})
    assert [each.message.partition(":")[0] for each in raised.value.problems] == ["name", "database"]
    with pytest.raises(InputError, match='no golden path "pyton-service"'):
        preview(GOLDEN_PATHS, renderer, sources, dict(VALUES), "pyton-service")


def whats(plan: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(each["where"], each["kind"], each["name"]) for each in plan["changes"]}
