"""A plain folder read as a revision."""

from __future__ import annotations

from pathlib import Path

from foundation.connections.git import FolderTree


def test_the_revision_tells_states_apart(tmp_path: Path) -> None:
    """The revision stays while nothing changes, and changes with a file."""
    (tmp_path / "a.md").write_text("one")
    first = FolderTree(tmp_path).revision
    assert FolderTree(tmp_path).revision == first
    (tmp_path / "a.md").write_text("three")
    assert FolderTree(tmp_path).revision != first


def test_links_and_leftovers_are_no_files(tmp_path: Path) -> None:
    """What leads elsewhere or was left by tools is neither listed, read nor exported."""
    (tmp_path / "a.md").write_text("one")
    (tmp_path / "link.md").symlink_to("/etc/passwd")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("x")
    tree = FolderTree(tmp_path)
    assert tree.files() == ["a.md"]
    assert tree.read("link.md") is None
    assert tree.read("../a.md") is None
    assert tree.read("a.md") == b"one"
    target = tmp_path / "node_modules" / "out"
    target.mkdir()
    tree.export(target)
    assert [path.name for path in target.iterdir()] == ["a.md"]
