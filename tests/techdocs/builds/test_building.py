"""The body of a build's run, step by step."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TypeVar

import pytest

from foundation.errors import GreenroomError, NotFoundError
from foundation.jsontypes import JsonObject
from foundation.runs.model import Level
from techdocs.builds.model import BuildOrder
from techdocs.errors import BuildFailedError, StorageError
from techdocs.publishing import published_metadata
from tests.techdocs.builds.conftest import FILES, ORDERS, Workshop

T = TypeVar("T")


class Context:
    """A run that keeps the results of its steps, and dies before the step that a test names."""

    run_id = "docs-1"
    caller = "docs-watcher"

    def __init__(self) -> None:
        self.done: dict[str, object] = {}
        self.lines: list[str] = []
        self.dies_before = ""
        self.forgets = ""
        self.before: dict[str, Callable[[], object]] = {}

    def log(self, message: str, level: Level = "info") -> None:
        self.lines.append(f"{level} {message}")

    def step(self, name: str, function: Callable[[], T]) -> T:
        if name in self.before:
            self.before.pop(name)()
        if name == self.dies_before:
            raise KeyboardInterrupt
        if name not in self.done:
            result = function()
            if name == self.forgets:
                raise KeyboardInterrupt
            self.done[name] = result
        return self.done[name]  # type: ignore[return-value]  # what the function returned before

    def raise_if_cancelled(self) -> None:
        pass

    def pause(self, seconds: float) -> None:
        raise AssertionError


@pytest.fixture
def context() -> Context:
    return Context()


def order(commit: str) -> JsonObject:
    return BuildOrder(ORDERS, "repository", "commerce/order-api", commit).payload()


def test_a_build_ends_published(workshop: Workshop, context: Context) -> None:
    """With the revision as etag; nothing stays where it was built."""
    commit = workshop.git.commit(FILES)
    outputs = workshop.body(context, order(commit))
    assert outputs == {"pages": 1, "files": 2, "uploaded": 2, "unchanged": 0, "removed": 0}
    metadata = published_metadata(workshop.storage, ORDERS)
    assert metadata is not None
    assert (metadata.site_name, metadata.etag) == ("order-api", commit)
    assert metadata.files == ("index.html", "techdocs_metadata.json")
    assert list(workshop.sites.iterdir()) == []


@pytest.mark.parametrize("fault", ["before publish", "after publish", "site lost"])
def test_a_build_goes_on_where_it_died(workshop: Workshop, context: Context, fault: str) -> None:
    """Built once, unless the site was lost or published already; the outcome is the same."""
    commit = workshop.git.commit(FILES)
    context.dies_before = "" if fault == "after publish" else "publish"
    context.forgets = "publish" if fault == "after publish" else ""
    with pytest.raises(KeyboardInterrupt):
        workshop.body(context, order(commit))
    if fault == "site lost":
        shutil.rmtree(workshop.sites)
    context.dies_before = context.forgets = ""
    outputs = workshop.body(context, order(commit))
    assert outputs["files"] == 2
    assert len(workshop.builder.built) == (1 if fault == "before publish" else 2)
    metadata = published_metadata(workshop.storage, ORDERS)
    assert metadata is not None
    assert metadata.etag == commit


def test_the_newest_revision_wins(workshop: Workshop, context: Context) -> None:
    """A build that is overtaken publishes nothing."""
    old = workshop.git.commit(FILES)
    context.before["publish"] = lambda: workshop.git.commit({**FILES, "docs/new.md": "# New"})
    assert workshop.body(context, order(old)) == {"superseded": True}
    assert published_metadata(workshop.storage, ORDERS) is None


def test_a_failed_build_leaves_nothing_behind(workshop: Workshop, context: Context) -> None:
    """And what is published stays."""
    commit = workshop.git.commit(FILES)
    workshop.body(Context(), order(commit))
    workshop.builder.failure = BuildFailedError("Broken.")
    with pytest.raises(BuildFailedError):
        workshop.body(context, order(workshop.git.commit({**FILES, "docs/index.md": "# Broken"})))
    assert list(workshop.sites.iterdir()) == []
    metadata = published_metadata(workshop.storage, ORDERS)
    assert metadata is not None
    assert metadata.etag == commit


@pytest.mark.parametrize(
    ("files", "location"),
    [({"README.md": "x"}, "commerce/order-api"), (FILES, "commerce/absent")],
    ids=["entity gone", "repository gone"],
)
def test_what_is_gone_is_a_clear_error(
    workshop: Workshop, context: Context, files: dict[str, str], location: str
) -> None:
    """The repository may have changed between the order and the build."""
    commit = workshop.git.commit(files)
    with pytest.raises(NotFoundError) as raised:
        workshop.body(context, BuildOrder(ORDERS, "repository", location, commit).payload())
    assert isinstance(raised.value, GreenroomError)
    assert location in str(raised.value)


def test_a_storage_that_fails_is_the_run_s_error(workshop: Workshop, context: Context) -> None:
    """Another attempt builds and publishes."""
    commit = workshop.git.commit(FILES)
    workshop.published.write_text("a file in its place")
    with pytest.raises(StorageError):
        workshop.body(context, order(commit))
    workshop.published.unlink()
    assert workshop.body(context, order(commit))["uploaded"] == 2
