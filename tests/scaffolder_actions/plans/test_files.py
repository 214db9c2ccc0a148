"""Rendered files against those of the repository: what is written, what goes, and what is nobody's business."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from foundation.connections.git import LocalRepositories
from foundation.service import load_service
from foundation.service.generated import is_generated
from scaffolder_actions.plans.files import compare_files
from scaffolder_actions.plans.model import Change
from scaffolder_actions.plans.standing import Standing, standing_in_folder, standing_in_repository
from scaffolder_actions.workload.rendering import HEADER, RenderedFile
from tests.scaffolder_actions.plans.samples import PLATFORM, REPOSITORY, document, publish, rendered

IMAGE = "registry.localhost/commerce/order-api"
AUTOSCALER = "deploy/staging/kubernetes/horizontalpodautoscaler.yaml"
BUDGET = "deploy/staging/kubernetes/poddisruptionbudget.yaml"


def compare(files: Mapping[str, str], standing: Standing, *environments: str) -> dict[str, Change]:
    """The changes that are any, by path."""
    given = {path: RenderedFile(text) for path, text in files.items()}
    changes = compare_files(given, standing, environments or None)
    return {each.name: each for each in changes if each.verb != "keep"}


def standing(tmp_path: Path, files: Mapping[str, str]) -> Standing:
    """What a repository with these files holds."""
    return standing_in_repository(publish(tmp_path, files), REPOSITORY)


def test_the_header_is_known() -> None:
    """Files are recognised by the words with which rendering begins them."""
    assert is_generated(HEADER)


def test_a_new_repository(tmp_path: Path) -> None:
    """Where there is no repository, every file would be made."""
    host = LocalRepositories(tmp_path, "http://localhost")
    changes = compare(rendered(), standing_in_repository(host, REPOSITORY))
    assert {each.verb for each in changes.values()} == {"create"}
    assert changes[AUTOSCALER].place == REPOSITORY
    assert changes[AUTOSCALER].environment == "staging"


def test_the_same_files_are_kept(tmp_path: Path) -> None:
    """What stands as it is rendered is no change, and is said to be kept."""
    files = rendered()
    kept = compare_files({path: RenderedFile(text) for path, text in files.items()}, standing(tmp_path, files))
    assert {each.verb for each in kept} == {"keep"}
    assert [each.name for each in kept] == sorted(files)


def test_the_fields_that_change(tmp_path: Path) -> None:
    """A changed file says which fields, before and after."""
    changes = compare(rendered(document(most=20)), standing(tmp_path, rendered(document(most=10))))
    assert list(changes) == [AUTOSCALER]
    (field,) = changes[AUTOSCALER].fields
    assert (changes[AUTOSCALER].verb, field.path, field.before, field.after) == ("update", "spec.maxReplicas", 10, 20)


def test_files_that_are_rendered_no_more(tmp_path: Path) -> None:
    """Generated ones go; what others put beside them stays."""
    own = {"deploy/staging/kubernetes/own.yaml": "kind: ConfigMap\n", "README.md": "Orders\n"}
    stood = standing(tmp_path, {**rendered(document(least=2, most=4)), **own})
    changes = compare(rendered(document(least=3, most=3)), stood)
    assert changes[AUTOSCALER].verb == "delete"
    assert not {*own} & {*changes}


def test_an_environment_that_is_named_no_more(tmp_path: Path) -> None:
    """All of its files go; looked at alone, another environment has nothing to do with that."""
    both = rendered(document(environments="staging, production"), staging="1.4.2", production="1.4.2")
    stood = standing(tmp_path, both)
    changes = compare(rendered(), stood)
    assert {(each.environment, each.verb) for each in changes.values() if each.environment} == {
        ("production", "delete")
    }
    assert stood.environments == ["production", "staging"]
    assert compare(rendered(), stood, "staging") == {}


def test_what_others_made_is_not_overwritten(tmp_path: Path) -> None:
    """A file of the same path that the platform did not make blocks the change, with its name."""
    stood = standing(tmp_path, {BUDGET: "kind: PodDisruptionBudget\n"})
    change = compare(rendered(), stood)[BUDGET]
    assert (change.verb, change.blocked) == ("update", f"{BUDGET} stands there, and Greenroom did not make it.")


def test_what_is_written_once_is_the_teams(tmp_path: Path) -> None:
    """A beginning is made where there is none, and kept whatever became of it."""
    beginning = {"docs/index.md": RenderedFile("# Orders\n", once=True)}
    (made,) = compare_files(beginning, Standing(REPOSITORY))
    assert made.verb == "create"
    (kept,) = compare_files(beginning, standing(tmp_path, {"docs/index.md": "# All about orders\n"}))
    assert kept.verb == "keep"


def test_what_was_written_once_and_removed_stays_away(tmp_path: Path) -> None:
    """Where there are generated files, the beginning has been: a page that is gone was not wanted."""
    beginning = {"docs/index.md": RenderedFile("# Orders\n", once=True), BUDGET: RenderedFile(HEADER)}
    (budget,) = compare_files(beginning, standing(tmp_path, {BUDGET: HEADER}))
    assert budget.name == BUDGET


@pytest.mark.parametrize(
    ("entry", "version"),
    [
        ('newTag: "1.10"', "1.10"),
        ("newTag: 1.10 # by hand", "1.10"),
        ("newTag: 20261126", "20261126"),
        ("newTag: 1.4.2", "1.4.2"),
        ("digest: sha256:" + "a" * 64, "sha256:" + "a" * 64),
        ("newTag: '7f3c9a'\n    digest: sha256:" + "a" * 64, "7f3c9a@sha256:" + "a" * 64),
        ("newName: elsewhere", None),
        ("newTag: [1]", None),
    ],
)
def test_the_version_that_stands(entry: str, version: str | None) -> None:
    """What promotion wrote into the kustomization, as it is written there."""
    text = f"images:\n  - name: another\n    newTag: x\n  - name: {IMAGE}\n    {entry}\n"
    files = Standing("", {"deploy/staging/kubernetes/kustomization.yaml": text})
    assert files.version("staging", IMAGE) == version
    assert files.version("production", IMAGE) is None


@pytest.mark.parametrize("text", ["", "a: [", "images: 1", "images: [1]", "- 1", "images: [{name: x}]"])
def test_a_kustomization_that_says_nothing(text: str) -> None:
    """Whatever stands there, there is an answer."""
    assert Standing("", {"deploy/staging/kubernetes/kustomization.yaml": text}).version("staging", IMAGE) is None


def test_a_folder_is_read_as_a_repository_is(tmp_path: Path) -> None:
    """The same files give the same changes; links lead nowhere."""
    files = {**rendered(), "deploy/staging/kubernetes/own.yaml": "kind: ConfigMap\n"}
    in_git = standing(tmp_path, files)
    folder = tmp_path / "content" / REPOSITORY
    (folder / BUDGET).unlink()
    (folder / BUDGET).symlink_to(folder / AUTOSCALER)
    stood = standing_in_folder(folder, files)
    assert {path: text for path, text in stood.texts.items() if path != BUDGET} == {
        path: text for path, text in in_git.texts.items() if path != BUDGET
    }
    assert compare(rendered(), stood)[BUDGET].blocked is not None


def test_small_edits_give_small_differences(tmp_path: Path) -> None:
    """More replicas at most are one field of one file, wherever else the document has much to say."""
    more = "env: {LOG_LEVEL: info}\nresources: {cpu: large}"
    text = document(most=10, more=more)
    changes = compare(rendered(text.replace("max: 10", "max: 11")), standing(tmp_path, rendered(text)))
    assert [(path, len(change.fields)) for path, change in changes.items()] == [(AUTOSCALER, 1)]
    assert load_service(text, "service.yaml", PLATFORM).env == {"LOG_LEVEL": "info"}
