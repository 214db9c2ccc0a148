"""Publishing a workspace, with real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import requests
import responses

from foundation.connections.git import GitHub, LocalRepositories
from foundation.errors import ConflictError, GreenroomError, InputError
from foundation.settings import GitSettings, Secret
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.publish_repository import publish_repository
from tests.scaffolder_actions.conftest import Recorder

URL = "http://git.example"
GIVEN = {"name": "order-api", "owner": "commerce", "description": "Takes orders"}


@pytest.fixture
def repositories(tmp_path: Path) -> LocalRepositories:
    return LocalRepositories(tmp_path / "git", URL)


@pytest.fixture
def action(repositories: LocalRepositories) -> Action:
    return publish_repository(repositories)


def git(repositories: LocalRepositories, *arguments: str) -> str:
    folder = repositories.directory / "commerce/order-api.git"
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_publishes(action: Action, context: Recorder, repositories: LocalRepositories) -> None:
    """The workspace is the first commit of `owner/name`, by whoever asked, and the outputs say where it is."""
    output = action.run(context, GIVEN)
    head = git(repositories, "rev-parse", "main")
    assert output == {
        "repositoryUrl": f"{URL}/commerce/order-api.git",
        "webUrl": f"{URL}/commerce/order-api",
        "commit": head,
        "created": True,
    }
    assert git(repositories, "ls-tree", "--name-only", "main") == "service.yaml"
    assert git(repositories, "log", "-1", "--format=%an %s") == "user:default/ann Add order-api"


def test_to_repeat_it_makes_no_second_commit(
    action: Action, context: Recorder, repositories: LocalRepositories
) -> None:
    """A step that is done anew after a fault finds its own commit."""
    first = action.run(context, GIVEN)
    second = action.run(context, GIVEN)
    assert second == {**first, "created": False}
    assert git(repositories, "rev-list", "--count", "main") == "1"


def test_a_team_by_reference(action: Action, context: Recorder) -> None:
    """Backstage's owner picker gives references."""
    output = action.run(context, {**GIVEN, "owner": "group:default/commerce"})
    assert output["webUrl"] == f"{URL}/commerce/order-api"


def test_refuses_a_repository_with_other_content(action: Action, context: Recorder) -> None:
    """What stands there is not overwritten."""
    action.run(context, GIVEN)
    (context.workspace / "more").write_text("more")
    with pytest.raises(ConflictError, match="commerce/order-api exists and holds something else"):
        action.run(context, GIVEN)


@pytest.mark.parametrize("owner", ["../x", "a/b/c", "", "user:default/"])
def test_an_owner_that_is_none(owner: str, action: Action, context: Recorder, tmp_path: Path) -> None:
    """An owner that is no name leads nowhere."""
    with pytest.raises(InputError):
        action.run(context, {**GIVEN, "owner": owner})
    assert not (tmp_path / "git").exists()


def test_a_plan_publishes_nothing(action: Action, context: Recorder, repositories: LocalRepositories) -> None:
    """A dry run says what would be made."""
    assert action.plan is not None
    output = action.plan(context, GIVEN)
    assert output == {"repositoryUrl": "", "webUrl": "", "commit": "", "created": False}
    assert context.lines == ["Would make the repository commerce/order-api with 1 files."]
    assert repositories.find("commerce/order-api") is None


@responses.activate
@pytest.mark.parametrize("body", [requests.ConnectionError("to https://x:secret-token@host"), "secret-token"])
def test_tells_no_token(body: str | Exception, context: Recorder, tmp_path: Path) -> None:
    """Whatever a Git host answers, the token is in no message."""
    responses.add(responses.POST, "https://api.github.com/orgs/acme/repos", body=body, status=401)
    settings = GitSettings(host="github", directory=tmp_path, organisation="acme", token=Secret("secret-token"))
    with pytest.raises(GreenroomError) as raised:
        publish_repository(GitHub(settings)).run(context, GIVEN)
    assert "secret-token" not in f"{raised.value} {context.lines}"
