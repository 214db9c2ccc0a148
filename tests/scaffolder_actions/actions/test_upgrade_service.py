"""A newer release of the platform, proposed to a service's repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from foundation.connections.git import LocalRepositories
from foundation.connections.git.command import git as run_git
from foundation.errors import NotFoundError, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.upgrade_service import upgrade_service
from scaffolder_actions.plans import Change
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.clusters import Clusters
from tests.scaffolder_actions.conftest import DOCUMENT, Recorder

NAME = "commerce/order-api"


class NoStacks:
    """AWS, out of reach."""

    def plan(self, name: str, template: JsonObject | None, environment: str) -> Sequence[Change]:
        raise ServiceUnavailableError(f"AWS does not answer about {name} of {environment} ({template is not None}).")

    def template(self, name: str) -> JsonObject | None:
        return None


@pytest.fixture
def git(tmp_path: Path) -> LocalRepositories:
    """A Git host with the service's repository, which is pinned to the older release."""
    host = LocalRepositories(tmp_path / "git", "http://localhost:7114")
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "service.yaml").write_text(DOCUMENT.replace("spec:\n", 'spec:\n  platform: "2026.10"\n'))
    host.publish(NAME, folder, description="Orders", message="Create", author="ada")
    return host


@pytest.fixture
def action(git: LocalRepositories) -> Action:
    def unreachable(_: object) -> None:
        raise AssertionError("no cluster is in the settings")

    clusters = Clusters((), unreachable)  # type: ignore[arg-type]  # never called
    return upgrade_service(Sources(git, "", clusters, NoStacks(), PlatformSettings()))


def test_the_change_waits_on_a_branch_with_its_reasons(
    action: Action, git: LocalRepositories, context: Recorder
) -> None:
    """The default branch is the team's to change; the text says what is new, and what nobody could find out."""
    output = action.run(context, {"repository": NAME})
    repository = git.find(NAME)
    assert repository
    assert output["branch"] == "greenroom/release-2026.11"
    head = git.revision(repository)
    assert head
    assert b"2026.10" in (git.tree(repository, head).read("service.yaml") or b"")
    assert b'platform: "2026.11"' in (git.tree(repository, str(output["commit"])).read("service.yaml") or b"")
    directory = git.directory / f"{NAME}.git"
    message = run_git(["log", "-1", "--format=%an%n%B", str(output["commit"])], repository=directory).decode()
    assert message.startswith("user:default/ann\nMove order-api to release 2026.11 of the platform\n")
    assert "Release 2026.11 (2026-11-02):\n- Backups in production are kept for 35 days" in message
    assert "unknown, since" in message


def test_to_ask_again_proposes_nothing_new(action: Action, git: LocalRepositories, context: Recorder) -> None:
    """The same branch, the same commit."""
    first = action.run(context, {"repository": NAME})
    assert action.run(context, {"repository": NAME}) == first
    directory = git.directory / f"{NAME}.git"
    assert run_git(["rev-list", "--count", f"main..{first['branch']}"], repository=directory).strip() == b"1"


def test_a_service_that_has_the_release_is_left_alone(
    action: Action, git: LocalRepositories, context: Recorder
) -> None:
    """No branch, and it says so."""
    output = action.run(context, {"repository": NAME, "release": "2026.10"})
    assert output == {"changed": False, "release": "2026.10", "branch": "", "commit": "", "url": ""}
    assert context.lines == ["order-api has release 2026.10 already"]
    assert not list((git.directory / f"{NAME}.git" / "refs" / "heads").glob("greenroom/*"))


def test_a_dry_run_says_it_and_proposes_nothing(action: Action, git: LocalRepositories, context: Recorder) -> None:
    """What would stand in the proposal."""
    assert action.plan
    output = action.plan(context, {"repository": NAME})
    assert (output["changed"], output["url"]) == (True, "")
    assert context.lines[0] == "Move order-api to release 2026.11 of the platform"
    assert not list((git.directory / f"{NAME}.git" / "refs" / "heads").glob("greenroom/*"))


def test_there_must_be_a_repository(action: Action, context: Recorder) -> None:
    """One sentence with a remedy."""
    with pytest.raises(NotFoundError, match="no repository commerce/other"):
        action.run(context, {"repository": "commerce/other"})
