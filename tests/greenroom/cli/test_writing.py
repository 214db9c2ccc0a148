"""Several files of a folder, all of them or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.errors import InputError
from greenroom.cli.service.writing import replace_files


def content(folder: Path) -> dict[str, str]:
    return {each.relative_to(folder).as_posix(): each.read_text() for each in folder.rglob("*") if each.is_file()}


def test_writes_and_removes(tmp_path: Path) -> None:
    """New folders are made, empty ones go, and nothing else is left behind."""
    replace_files(tmp_path, {"a/b/one": "1", "two": "2"}, [])
    replace_files(tmp_path, {"two": "3"}, ["a/b/one"])
    assert content(tmp_path) == {"two": "3"}
    assert [each.name for each in tmp_path.iterdir()] == ["two"]


def test_what_fails_is_taken_back(tmp_path: Path) -> None:
    """A file where a folder would have to be: what was written before it is as it was."""
    replace_files(tmp_path, {"kept": "1", "old": "1", "z": "a file"}, [])
    before = content(tmp_path)
    with pytest.raises(InputError, match="Nothing was changed"):
        replace_files(tmp_path, {"kept": "2", "new/file": "2", "z/inside": "2"}, ["old"])
    assert content(tmp_path) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kept", "old", "z"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """The error names the place, and nothing of the folder is left."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file/tree"):
        replace_files(tmp_path / "file" / "tree", {"a": "1"}, [])


def test_no_link_leads_out(tmp_path: Path) -> None:
    """A folder of the tree that is a link to elsewhere is no place to write."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "deploy").symlink_to(outside)
    with pytest.raises(InputError, match="leads out"):
        replace_files(inside, {"deploy/a": "1"}, [])
    assert content(outside) == {}
