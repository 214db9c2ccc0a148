"""What is built, and when."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence

import pytest

from foundation.connections.git import Repository
from foundation.connections.git.trees import CommitTree
from foundation.errors import PayloadTooLargeError, ServiceUnavailableError
from techdocs.builds import Places, Watcher
from techdocs.builds.places import FolderPlace
from techdocs.builds.watcher import RETRY_SECONDS
from techdocs.errors import BuildFailedError, StorageError
from tests.techdocs.builds.conftest import FILES, ORDERS, SERVICE, Workshop


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watcher(workshop: Workshop, clock: Clock) -> Watcher:
    return Watcher(workshop.builds, workshop.places, namespace="default", seconds=1, clock=clock)


def settle(watcher: Watcher, workshop: Workshop) -> None:
    """Look, and wait for the builds that were ordered."""
    watcher.look()
    for run in workshop.builds.list(None, 50):
        workshop.engine.end(run.id)


def test_each_revision_is_built_once(watcher: Watcher, workshop: Workshop) -> None:
    """However often it is looked at; what has no pages is not built at all."""
    first = workshop.git.commit(FILES)
    workshop.git.commit({"service.yaml": SERVICE.replace("order-api", "no-docs")}, "commerce/no-docs")
    workshop.git.commit({"README.md": "x"}, "commerce/no-service")
    for _ in range(3):
        settle(watcher, workshop)
    assert workshop.revision == first
    second = workshop.git.commit({**FILES, "docs/more.md": "# More"})
    for _ in range(3):
        settle(watcher, workshop)
    assert workshop.revision == second
    assert workshop.builder.built == ["order-api", "order-api"]


def test_a_revision_that_is_wrong_itself_is_looked_into_once(
    watcher: Watcher, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listing a tree of millions each second would slow the others down; the next revision is looked into again."""
    looked = []

    def too_large(tree: CommitTree, prefix: str = "") -> Sequence[str]:
        looked.append((tree.revision, prefix))
        raise PayloadTooLargeError("The repository is too large.")

    workshop.git.commit(FILES)
    with monkeypatch.context() as patch:
        patch.setattr(CommitTree, "files", too_large)
        for _ in range(3):
            settle(watcher, workshop)
    assert len(looked) == 1
    mended = workshop.git.commit({**FILES, "docs/more.md": "# More"})
    settle(watcher, workshop)
    assert workshop.revision == mended


def test_what_is_published_is_not_built_after_a_restart(watcher: Watcher, workshop: Workshop) -> None:
    """The published site knows its revision."""
    workshop.git.commit(FILES)
    settle(watcher, workshop)
    settle(Watcher(workshop.builds, workshop.places, namespace="default", seconds=1), workshop)
    assert workshop.builder.built == ["order-api"]


def test_a_revision_that_comes_back_is_built_again(watcher: Watcher, workshop: Workshop) -> None:
    """Its run succeeded once, but another revision has been published since."""
    first = workshop.git.commit(FILES)
    settle(watcher, workshop)
    workshop.git.commit({**FILES, "docs/more.md": "# More"})
    settle(watcher, workshop)
    workshop.git.reset(first)
    settle(watcher, workshop)
    assert workshop.revision == first
    assert len(workshop.builder.built) == 3


def test_a_failure_that_may_pass_is_tried_again(watcher: Watcher, workshop: Workshop, clock: Clock) -> None:
    """After a while; one of the documentation itself waits for another revision."""
    commit = workshop.git.commit(FILES)
    workshop.builder.failure = StorageError("Full.")
    settle(watcher, workshop)
    settle(watcher, workshop)
    assert len(workshop.builder.built) == 1
    workshop.builder.failure = None
    clock.now += RETRY_SECONDS
    settle(watcher, workshop)
    settle(watcher, workshop)
    assert workshop.revision == commit
    workshop.builder.failure = BuildFailedError("Broken.")
    workshop.git.commit({**FILES, "docs/index.md": "# Broken"})
    for _ in range(3):
        settle(watcher, workshop)
        clock.now += RETRY_SECONDS
    assert len(workshop.builder.built) == 3


def test_the_first_place_that_documents_an_entity_keeps_it(
    watcher: Watcher, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    """Another repository cannot put its pages in their place."""
    commit = workshop.git.commit(FILES)
    workshop.git.commit({**FILES, "docs/index.md": "# Not theirs"}, "zebra/order-api")
    settle(watcher, workshop)
    assert workshop.revision == commit
    assert "zebra/order-api documents component:default/order-api, which another place does already" in caplog.text


def test_an_entity_may_move_to_another_place(watcher: Watcher, workshop: Workshop) -> None:
    """When the first place documents it no more, or is gone."""
    workshop.git.commit(FILES)
    moved = workshop.git.commit({**FILES, "docs/index.md": "# Moved"}, "zebra/order-api")
    settle(watcher, workshop)
    workshop.git.commit({"README.md": "Moved."})
    settle(watcher, workshop)
    settle(watcher, workshop)
    assert workshop.revision == moved
    shutil.rmtree(workshop.git.host.directory / "zebra")
    back = workshop.git.commit(FILES)
    settle(watcher, workshop)
    assert workshop.revision == back


def test_a_folder_is_built_when_its_pages_change(watcher: Watcher, workshop: Workshop) -> None:
    """And not when other files do."""
    for path, text in FILES.items():
        (workshop.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (workshop.folder / path).write_text(text)
    settle(watcher, workshop)
    (workshop.folder / "main.py").write_text("print()")
    settle(watcher, workshop)
    assert len(workshop.builder.built) == 1
    (workshop.folder / "docs" / "more.md").write_text("# More")
    settle(watcher, workshop)
    assert len(workshop.builder.built) == 2
    assert workshop.revision == FolderPlace(workshop.folder).revision()


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("mkdocs.yml", True),
        ("service.yaml", True),
        ("openapi.yaml", True),
        ("pages/deep/x.md", True),
        ("adr/0001-x.md", True),
        ("docs/index.md", False),
        ("src/x.md", False),
    ],
)
def test_a_folder_s_revision_is_that_of_its_documentation(workshop: Workshop, path: str, changes: bool) -> None:
    """mkdocs.yml says where the pages are."""
    files = {
        **FILES,
        "mkdocs.yml": "docs_dir: pages\n",
        "pages/index.md": "x",
        "openapi.yaml": "x",
        "adr/0002-y.md": "x",
    }
    for name, text in files.items():
        (workshop.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (workshop.folder / name).write_text(text)
    before = FolderPlace(workshop.folder).revision()
    (workshop.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (workshop.folder / path).write_text((files.get(path) or "") + "\n# longer\n")
    assert (FolderPlace(workshop.folder).revision() != before) is changes


class Absent:
    """A Git host that does not answer."""

    def repositories(self) -> Sequence[Repository]:
        raise ServiceUnavailableError("GitHub does not answer.")


def test_a_host_that_does_not_answer_is_said_once(workshop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    """Looking goes on, and the log stays readable."""
    places = Places(Absent(), [])  # type: ignore[arg-type]  # as much of a host as is called
    watcher = Watcher(workshop.builds, places, namespace="default", seconds=1)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            watcher.look()
    assert caplog.text.count("GitHub does not answer") == 1


def test_one_broken_repository_does_not_hide_the_others(watcher: Watcher, workshop: Workshop) -> None:
    """Here, its branch names a commit that is not there."""
    workshop.git.commit(FILES, "broken/order-api")
    (workshop.git.host.directory / "broken" / "order-api.git" / "refs" / "heads" / "main").write_text("0" * 39 + "1\n")
    commit = workshop.git.commit(FILES)
    settle(watcher, workshop)
    assert workshop.revision == commit


def test_the_thread_starts_and_stops(watcher: Watcher, workshop: Workshop) -> None:
    """It looks at once, and stopping does not wait for the next look."""
    workshop.git.commit(FILES)
    watcher.start()
    try:
        for _ in range(500):
            runs = workshop.builds.list(ORDERS, 1)
            if runs and runs[0].payload["revision"] == workshop.git.head():
                break
            watcher._stopping.wait(0.02)
        workshop.engine.end(runs[0].id)
    finally:
        watcher.stop()
    assert workshop.revision == workshop.git.head()
