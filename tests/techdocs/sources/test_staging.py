"""Copies within bounds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from techdocs.errors import SourceError
from techdocs.sources import Bounds, Staging


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root" / "docs" / "guides").mkdir(parents=True)
    (tmp_path / "root" / "docs" / "index.md").write_text("# Hello")
    (tmp_path / "root" / "docs" / "guides" / "a.md").write_text("# A")
    return tmp_path / "root"


def staged(root: Path, bounds: Bounds | None = None) -> list[str]:
    target = root.parent / "target"
    target.mkdir(exist_ok=True)
    Staging(root, target, bounds or Bounds()).copy("docs")
    return sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())


def test_all_files_are_copied(root: Path) -> None:
    """Hidden ones too, since MkDocs may be told to take them; not what tools leave behind."""
    (root / "docs" / ".hidden.md").write_text("x")
    (root / "docs" / "node_modules").mkdir()
    (root / "docs" / "node_modules" / "x.md").write_text("x")
    assert staged(root) == [".hidden.md", "guides/a.md", "index.md"]


def test_links_inside_are_followed(root: Path) -> None:
    """A changelog is often linked into the documentation."""
    (root / "CHANGELOG.md").write_text("# Changes")
    (root / "docs" / "changes.md").symlink_to("../CHANGELOG.md")
    (root / "shared").mkdir()
    (root / "shared" / "s.md").write_text("# S")
    (root / "docs" / "shared").symlink_to("../shared")
    assert staged(root) == ["changes.md", "guides/a.md", "index.md", "shared/s.md"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside.md", "/etc"])
def test_links_outside_are_refused(root: Path, target: str) -> None:
    """By their name, and with what to do."""
    (root.parent / "outside.md").write_text("secret")
    (root / "docs" / "evil.md").symlink_to(target)
    with pytest.raises(SourceError, match=r"docs/evil\.md is a link that leads out of the repository\. Put the file"):
        staged(root)


def test_a_docs_folder_that_is_a_link_outside_is_refused(tmp_path: Path) -> None:
    """The folder itself is no exception."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "docs").symlink_to("/etc")
    with pytest.raises(SourceError, match="leads out of the repository"):
        staged(tmp_path / "root")


def test_links_in_a_circle_are_refused(root: Path) -> None:
    """They would be copied for ever."""
    (root / "docs" / "guides" / "again").symlink_to("..")
    with pytest.raises(SourceError, match="a link to a folder that it stands in"):
        staged(root)


def test_pipes_and_devices_are_passed_over(root: Path) -> None:
    """Reading one may never end."""
    os.mkfifo(root / "docs" / "pipe.md")
    assert staged(root) == ["guides/a.md", "index.md"]


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        (Bounds(files=1), "more than 1 files"),
        (Bounds(page=3), "over the limit of 3"),
        (Bounds(total=8), "more than 8 bytes"),
    ],
)
def test_too_much_is_refused(root: Path, bounds: Bounds, message: str) -> None:
    """Before it is copied to the end."""
    with pytest.raises(SourceError, match=message):
        staged(root, bounds)
