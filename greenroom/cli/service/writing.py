"""Changes several files of a folder, all of them or none."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from foundation.errors import InputError


def replace_files(folder: Path, written: Mapping[str, str], removed: Iterable[str]) -> None:
    """Put `written` into `folder`, which is made where it is missing, and take `removed` out of it, by their paths.

    Every byte is on the disk before the first file is touched, and what fails then is taken back. Folders that become
    empty go. Raises InputError where something cannot be written, and where a link leads out of the folder.
    """
    made: list[Path] = []
    try:
        made += _with_parents(folder / "file")
        with tempfile.TemporaryDirectory(prefix=".greenroom-", dir=folder) as scratch:
            _replace(folder, Path(scratch), written, list(removed))
    except OSError as error:
        _take_back([], made)
        where = error.filename or folder
        raise InputError(f"{where}: {error.strerror}.", remedy="Nothing was changed.") from error


def _replace(folder: Path, scratch: Path, written: Mapping[str, str], removed: list[str]) -> None:
    for path in [*written, *removed]:
        _require_inside(folder, path)
    for number, text in enumerate(written.values()):
        (scratch / f"new-{number}").write_text(text, encoding="utf-8")
    moves: list[tuple[Path, Path | None]] = [(folder / path, None) for path in removed]
    moves += [(folder / path, scratch / f"new-{number}") for number, path in enumerate(written)]
    undo: list[tuple[Path, Path | None]] = []
    made: list[Path] = []
    try:
        for number, (target, new) in enumerate(moves):
            made += _with_parents(target)
            old = scratch / f"old-{number}" if os.path.lexists(target) else None
            if old:
                target.rename(old)
            undo.append((target, old))
            if new:
                new.rename(target)
    except BaseException:
        _take_back(undo, made)
        raise
    for path in removed:
        _remove_empty(folder, (folder / path).parent)


def _require_inside(folder: Path, path: str) -> None:
    root = folder.resolve()
    if not (root / path).parent.resolve().is_relative_to(root):
        raise InputError(f"{folder / path} leads out of {folder}.", remedy="Remove the link.")


def _with_parents(target: Path) -> list[Path]:
    """Make the folders around a file; those that were missing, the outermost first."""
    missing = [each for each in [*reversed(target.parents)] if not each.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _take_back(undo: list[tuple[Path, Path | None]], made: list[Path]) -> None:
    for target, old in reversed(undo):
        if os.path.lexists(target):
            target.unlink()
        if old:
            old.rename(target)
    for each in reversed(made):
        shutil.rmtree(each, ignore_errors=True)


def _remove_empty(folder: Path, place: Path) -> None:
    # All that was asked for is done by now, and an empty folder hurts nobody.
    with contextlib.suppress(OSError):
        while place != folder:
            place.rmdir()
            place = place.parent
