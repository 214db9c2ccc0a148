"""How long workspaces are kept."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from foundation.errors import NotFoundError
from scaffolder_actions.runs import workspaces as module
from scaffolder_actions.runs.workspaces import OLDEST, YOUNGEST, Workspaces


class Clock:
    """Seconds since the epoch, moved by the test."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspaces(tmp_path: Path, clock: Clock) -> Workspaces:
    return Workspaces(tmp_path, clock=clock)


def keep(workspaces: Workspaces, text: str) -> str:
    with workspaces.unpacked(None) as folder:
        (folder / "file").write_text(text)
        return workspaces.keep(folder)


def test_kept_by_content(workspaces: Workspaces) -> None:
    """Equal files have one digest, and come back as they were; the folder is gone after its use."""
    digest = keep(workspaces, "a")
    assert keep(workspaces, "a") == digest
    with workspaces.unpacked(digest) as folder:
        assert (folder / "file").read_text() == "a"
    assert not folder.exists()


def test_goes_when_nobody_used_it_for_long(workspaces: Workspaces, clock: Clock, tmp_path: Path) -> None:
    """Each use keeps a workspace for another while; what a killed server left unpacked goes too."""
    used, unused = keep(workspaces, "used"), keep(workspaces, "unused")
    (tmp_path / "scratch" / "left-behind").mkdir()
    clock.now += OLDEST - 10
    assert workspaces.has(used)
    assert workspaces.collect_garbage() == 0
    clock.now += 20
    assert workspaces.collect_garbage() == 1
    assert workspaces.has(used)
    with pytest.raises(NotFoundError, match="Upload it again"):
        workspaces.get(unused)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_goes_when_there_is_too_much(workspaces: Workspaces, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the limit the oldest go first, but none that a run may be about to read."""
    monkeypatch.setattr(module, "MOST_BYTES", 0)
    digest = keep(workspaces, "a")
    assert workspaces.collect_garbage() == 0
    clock.now += YOUNGEST + 1
    assert workspaces.collect_garbage() == 1
    assert not workspaces.has(digest)
