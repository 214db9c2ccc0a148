from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from catalog_provider.sources.memory import CatalogMemory, Registration
from catalog_provider.sources.model import SourceReading
from catalog_provider.sources.registrations import RegistrationsSource
from catalog_provider.sources.repositories import RepositoriesSource
from foundation.connections.git import LocalRepositories
from foundation.connections.git.trees import CommitTree
from foundation.errors import PayloadTooLargeError, ServiceUnavailableError
from foundation.service.generated import MARK

from .samples import SERVICE, BreakableGit, reader

KUBERNETES = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\n"


@pytest.fixture
def git() -> BreakableGit:
    git = BreakableGit()
    git.put("shop/a", "1", service_yaml=SERVICE)
    git.put("shop/b", "1", README="")
    return git


@pytest.fixture
def source(git: BreakableGit) -> RepositoriesSource:
    return RepositoriesSource(git, reader(), "github")


def files(reading: SourceReading) -> list[str]:
    """The documents of a reading."""
    return [each.origin.file for each in reading.documents]


def test_an_unchanged_repository_is_not_looked_into(git: BreakableGit, source: RepositoriesSource) -> None:
    """The newest commit says enough; what was read is given again as the same objects."""
    first = source.read()
    assert files(first) == ["shop/a/service.yaml"]
    read = git.trees_read
    again = source.read()
    assert git.trees_read == read
    assert again.documents[0] is first.documents[0]
    git.put("shop/b", "2", service_yaml=SERVICE, catalog_info_yaml="")
    source.read()
    assert git.trees_read == read + 1


def test_pages_have_the_addresses_of_the_host(source: RepositoriesSource) -> None:
    """On GitHub a file has a page of its branch, and one to edit it."""
    origin = source.read().documents[0].origin
    assert origin.location == "url:https://git.example/shop/a/blob/main/service.yaml"
    assert origin.edit_url == "https://git.example/shop/a/edit/main/service.yaml"
    assert origin.source == "url:https://git.example/shop/a/tree/main/"


def test_one_repository_in_trouble_keeps_its_entities(git: BreakableGit, source: RepositoriesSource) -> None:
    """The others go on, and the problem says which one and why."""
    source.read()
    git.broken = {"shop/a"}
    git.put("shop/b", "2", service_yaml=SERVICE)
    reading = source.read()
    assert files(reading) == ["shop/a/service.yaml", "shop/b/service.yaml"]
    assert [(each.file, each.message) for each in reading.problems] == [("shop/a", "shop/a does not answer.")]


def test_a_repository_that_is_wrong_as_a_whole_holds_up_no_other(tmp_path: Path) -> None:
    """One too large to list is a problem of its own documents from the first look on, and is listed once."""
    git = LocalRepositories(tmp_path / "git", "http://localhost:7114")
    listed = []

    class Bomb(CommitTree):
        def files(self, prefix: str = "") -> Sequence[str]:
            listed.append(prefix)
            raise PayloadTooLargeError("The repository is too large.")

    for name in ("shop/a", "shop/bomb"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "service.yaml").write_text(SERVICE)
        git.publish(name, tmp_path / name, description="", message="Create", author="ada")
    tree = git.tree
    git.tree = lambda repository, revision: (  # type: ignore[method-assign]
        Bomb(tmp_path, revision) if repository.name == "shop/bomb" else tree(repository, revision)
    )
    source = RepositoriesSource(git, reader(), "local")
    for _ in range(2):
        good, *wrong = source.read().documents
        assert not good.problems
        assert {each.origin.file for each in wrong} == {"shop/bomb/service.yaml", "shop/bomb/catalog-info.yaml"}
        assert {each.problems[0].message for each in wrong} == {"The repository is too large."}
    assert len(listed) == 1


def test_trouble_at_the_first_look_is_no_answer(git: BreakableGit, source: RepositoriesSource) -> None:
    """Then it is not known what would be missing."""
    git.broken = {"shop/a"}
    with pytest.raises(ServiceUnavailableError, match="shop/a"):
        source.read()


@pytest.mark.parametrize("gone", ["host", "all", "commits"])
def test_a_host_that_loses_everything_is_not_believed(git: BreakableGit, source: RepositoriesSource, gone: str) -> None:
    """An unmounted folder looks like an empty one, and would delete the catalog."""
    source.read()
    if gone == "host":
        git.down = True
    elif gone == "all":
        git.contents.clear()
    else:
        git.revisions["shop/a"] = None
        assert files(source.read()) == ["shop/a/service.yaml"]
        return
    with pytest.raises(ServiceUnavailableError):
        source.read()


def test_an_empty_repository_has_no_documents(git: BreakableGit, source: RepositoriesSource) -> None:
    """It has just been created."""
    git.put("shop/new", None)
    assert files(source.read()) == ["shop/a/service.yaml"]


def test_a_manifest_of_kubernetes_is_no_service_document(git: BreakableGit, source: RepositoriesSource) -> None:
    """Many repositories have a service.yaml that describes a Kubernetes Service, and nothing is wrong with it."""
    git.put("shop/b", "2", service_yaml=KUBERNETES)
    reading = source.read()
    assert files(reading) == ["shop/a/service.yaml"]
    assert not reading.problems


def test_what_was_made_of_a_document_is_not_read_beside_it(git: BreakableGit, source: RepositoriesSource) -> None:
    """It says the same, so the two would contradict one another; without the document it counts."""
    made = f"{MARK} from the service's document.\napiVersion: backstage.io/v1alpha1\nkind: Component\n"
    git.put("shop/a", "2", service_yaml=SERVICE, **{"catalog-info_yaml": made})
    git.put("shop/b", "2", **{"catalog-info_yaml": made})
    git.put("shop/c", "1", service_yaml=SERVICE, **{"catalog-info_yaml": "# Ours\n"})
    assert files(source.read()) == [
        "shop/a/service.yaml",
        "shop/b/catalog-info.yaml",
        "shop/c/service.yaml",
        "shop/c/catalog-info.yaml",
    ]


def test_a_named_api_must_be_there(git: BreakableGit, source: RepositoriesSource) -> None:
    """The problem stands at the field that names it."""
    git.put("shop/b", "2", service_yaml=f"{SERVICE}spec:\n  api: api.yaml\n")
    (problem,) = source.read().documents[1].problems
    assert (problem.line, problem.column) == (5, 8)
    assert "no file api.yaml" in problem.message


def test_an_empty_api_is_a_problem(git: BreakableGit, source: RepositoriesSource) -> None:
    """Backstage would refuse the entity; the problem says so where its author looks."""
    git.put("shop/b", "2", service_yaml=SERVICE, openapi_yaml=" \n")
    (problem,) = source.read().documents[1].problems
    assert "openapi.yaml is empty" in problem.message


def test_registered_documents_are_found_by_name(git: BreakableGit, memory: CatalogMemory) -> None:
    """A repository that is gone is a problem of the source; one in trouble keeps its entities."""
    source = RegistrationsSource(git, reader(), memory, "github")
    assert memory.register(Registration("shop/a", "service.yaml"), caller="ann")
    assert not memory.register(Registration("shop/a", "service.yaml"), caller="ann")
    assert memory.register(Registration("shop/gone", "service.yaml"), caller="ann")
    reading = source.read()
    assert files(reading) == ["shop/a/service.yaml"]
    assert [each.file for each in reading.problems] == ["shop/gone"]
    git.broken = {"shop/a"}
    assert files(source.read()) == ["shop/a/service.yaml"]
