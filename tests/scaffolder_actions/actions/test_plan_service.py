"""The action that plans: of a document as it is sent, or as it stands in a repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from foundation.backstage.actions import ActionsRegistry
from foundation.backstage.caller import Caller
from foundation.connections.git import LocalRepositories
from foundation.connections.kubernetes import connect_cluster
from foundation.errors import InputError, NotFoundError
from foundation.service import ServiceDocumentError
from foundation.settings import ClusterSettings, PlatformSettings
from scaffolder_actions.actions.plan_service import plan_service
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.clusters import Clusters
from tests.local_aws import without_aws
from tests.scaffolder_actions.conftest import DOCUMENT

WHO = Caller("user:default/ann", "user", "user:default/ann")


@pytest.fixture
def registry(
    tmp_path: Path, cluster: ClusterSettings, platform: PlatformSettings, monkeypatch: pytest.MonkeyPatch
) -> ActionsRegistry:
    """The action as it is offered: input and output are checked. The Git host has a service, and an empty repository."""
    host = LocalRepositories(tmp_path / "git", "http://localhost:7114")
    for name, files in {"commerce/order-api": {"service.yaml": DOCUMENT}, "commerce/notes": {"README.md": "x"}}.items():
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for path, text in files.items():
            (folder / path).write_text(text)
        host.publish(name, folder, description="", message="Begin", author="ann")
    sources = Sources(host, "", Clusters([cluster], connect_cluster), Stacks(without_aws(monkeypatch)), platform)
    return ActionsRegistry("platform", [plan_service(sources).for_registry()])


def plan(registry: ActionsRegistry, **given: str) -> dict[str, Any]:
    return cast("dict[str, Any]", registry.invoke("platform:plan-service", given, WHO))


def test_a_document(registry: ActionsRegistry) -> None:
    """What it would change, in the form that the portal and the command read."""
    output = plan(registry, document=DOCUMENT)
    assert output["service"] == "order-api"
    assert output["hasChanges"]
    assert output["unknown"] == {}
    assert output["counts"]["create"] == len(output["changes"])
    first = output["changes"][0]
    assert (first["where"], first["environment"], first["place"]) == ("cluster", "staging", "one")
    assert (first["kind"], first["name"], first["verb"]) == ("Namespace", "commerce", "create")


def test_a_repository(registry: ActionsRegistry) -> None:
    """The document at the head of its default branch; what it has already is not made."""
    assert plan(registry, repository="commerce/order-api") == plan(registry, document=DOCUMENT)


def test_an_environment_at_a_version(registry: ActionsRegistry) -> None:
    """Only what belongs to it, and the version as it was given."""
    output = plan(registry, document=DOCUMENT, environment="staging", version="1.5.0")
    assert {each["environment"] for each in output["changes"]} == {"staging"}
    with pytest.raises(InputError, match="is not a version"):
        plan(registry, document=DOCUMENT, version="latest")
    with pytest.raises(InputError, match='does not run in "production"'):
        plan(registry, document=DOCUMENT, environment="production")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (DOCUMENT.replace("min: 2", "min: 12"), "min 12 is above max 4"),
        (DOCUMENT + "  patches:\n    - target: {kind: Nothing}\n      merge: {a: 1}\n", "hits nothing"),
    ],
)
def test_a_wrong_document(registry: ActionsRegistry, wrong: str, message: str) -> None:
    """Every problem with its place, as an error: there is no plan for what cannot be used."""
    with pytest.raises(ServiceDocumentError) as raised:
        plan(registry, document=wrong)
    assert any(message in each.message and each.line for each in raised.value.problems)


def test_nothing_to_plan(registry: ActionsRegistry) -> None:
    """Neither a document nor a repository, one that is not there, or one without a document."""
    with pytest.raises(InputError, match="nothing to plan"):
        plan(registry)
    with pytest.raises(NotFoundError, match='no repository "commerce/order-ap"') as raised:
        plan(registry, repository="commerce/order-ap")
    assert raised.value.remedy == 'Did you mean "commerce/order-api"?'
    with pytest.raises(NotFoundError, match=r"has no service\.yaml in its root"):
        plan(registry, repository="commerce/notes")
