"""What the worker leaves behind is looked at before it is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffolder_actions.golden_paths import RenderingError
from scaffolder_actions.golden_paths.delivery import deliver


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output folder with one project of two files."""
    (tmp_path / "output" / "project" / "folder").mkdir(parents=True)
    (tmp_path / "output" / "project" / "a").write_text("new")
    (tmp_path / "output" / "project" / "folder" / "b").write_text("b")
    return tmp_path / "output"


def test_puts_the_files_into_an_absent_empty_or_used_folder(output: Path, tmp_path: Path) -> None:
    """What stands there stays, what has the same name is replaced."""
    into = tmp_path / "deep" / "into"
    assert deliver(output, "project", into) == ("a", "folder/b")
    assert (into / "folder" / "b").read_text() == "b"
    (output / "project" / "folder").mkdir(parents=True)
    (output / "project" / "folder" / "c").write_text("c")
    (output / "project" / "a").write_text("newer")
    assert deliver(output, "project", into) == ("a", "folder/c")
    assert sorted(path.name for path in into.rglob("*")) == ["a", "b", "c", "folder"]
    assert (into / "a").read_text() == "newer"


def test_refuses_what_is_not_one_folder_of_ordinary_files(output: Path, tmp_path: Path) -> None:
    """Links, and anything beside the project."""
    (output / "project" / "folder" / "link").symlink_to("/etc/passwd")
    with pytest.raises(RenderingError, match="folder/link: neither a file nor a folder"):
        deliver(output, "project", tmp_path / "into")
    (output / "project" / "folder" / "link").unlink()
    (output / "project" / "bell\a").write_text("")
    with pytest.raises(RenderingError, match="a name with control characters"):
        deliver(output, "project", tmp_path / "into")
    (output / "beside").write_text("")
    with pytest.raises(RenderingError, match="beside the folder of the service"):
        deliver(output, "project", tmp_path / "into")
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize("kind", ["link to a folder", "link to a file", "file for folder", "folder for file"])
def test_nothing_that_stands_there_leads_elsewhere(output: Path, tmp_path: Path, kind: str) -> None:
    """Links and clashes are refused before anything is moved."""
    into, elsewhere = tmp_path / "into", tmp_path / "elsewhere"
    into.mkdir()
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("kept")
    if kind == "link to a folder":
        (into / "folder").symlink_to(elsewhere)
    elif kind == "link to a file":
        (into / "a").symlink_to(elsewhere / "kept")
    elif kind == "file for folder":
        (into / "folder").write_text("")
    else:
        (into / "a").mkdir()
    before = sorted(into.rglob("*"))
    with pytest.raises(RenderingError, match="something else of that name stands there"):
        deliver(output, "project", into)
    assert sorted(into.rglob("*")) == before
    assert [each.name for each in elsewhere.iterdir()] == ["kept"]
