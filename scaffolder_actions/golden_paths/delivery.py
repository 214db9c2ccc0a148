"""From what the worker left behind to the files of a workspace: looked at before it is taken."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from scaffolder_actions.golden_paths.errors import RenderingError

# What one golden path may become; far more than people write, far less than fills a disk.
MOST_FILES = 5000
# Bytes of all files together.
LARGEST = 50 * 1024 * 1024
# Adds to a project what is not the golden path's own.
Finish = Callable[[Path], None]
_REMEDY = "Render into an empty folder."


def deliver(output: Path, name: str, into: Path, finish: Finish | None = None) -> tuple[str, ...]:
    """Move the project `name` below `output` into the folder `into`, and give its files' paths, sorted.

    Files that stand there already are replaced. Raises RenderingError before anything is moved, when the output is
    anything but one folder of ordinary files. `finish` may then change the files; what it raises ends it as well.
    """
    if [each.name for each in output.iterdir()] != [name]:
        raise RenderingError("The golden path writes beside the folder of the service.")
    project = output / name
    files = _files(project)
    if finish is not None:
        finish(project)
        files = _files(project)
    into.parent.mkdir(parents=True, exist_ok=True)
    if not _move_whole(project, into):
        _move_each(project, files, into)
    return tuple(files)


def _move_whole(project: Path, into: Path) -> bool:
    """Put the project in the place of an absent or empty folder, at the cost of one call."""
    try:
        project.rename(into)
    except OSError:
        # Not empty, no folder, or on another disk.
        return False
    return True


def _move_each(project: Path, files: Sequence[str], into: Path) -> None:
    into.mkdir(exist_ok=True)
    root = into.resolve()
    for folder in sorted({(root / path).parent for path in files}):
        _check_folder(root, folder)
    for path in files:
        if (root / path).is_symlink() or (root / path).is_dir():
            raise RenderingError(f"{path}: something else of that name stands there.", remedy=_REMEDY)
    for folder in sorted({(root / path).parent for path in files}):
        folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        shutil.move(project / path, root / path)


def _check_folder(root: Path, folder: Path) -> None:
    """Refuse a folder that is a file or leads out of `root`: of what stood here before, nothing may lead elsewhere."""
    for each in (folder, *folder.parents):
        if each == root:
            return
        if each.is_symlink() or (each.exists() and not each.is_dir()):
            raise RenderingError(f"{each.relative_to(root)}: something else of that name stands there.", remedy=_REMEDY)


def _files(project: Path) -> list[str]:
    if project.is_symlink() or not project.is_dir():
        raise RenderingError("The golden path makes no folder.")
    found: list[str] = []
    size = 0
    for root, folders, names in os.walk(project):
        prefix = "" if root == str(project) else f"{os.path.relpath(root, project)}/"
        for name in [*folders, *names]:
            status = os.lstat(f"{root}/{name}")
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                raise RenderingError(f"{prefix}{name}: neither a file nor a folder.")
            if not name.isprintable():
                raise RenderingError(f"{prefix + name!a}: a name with control characters.")
            if stat.S_ISREG(status.st_mode):
                found.append(f"{prefix}{name}")
                size += status.st_size
        if len(found) > MOST_FILES or size > LARGEST:
            raise RenderingError(f"More than {MOST_FILES} files or {LARGEST // 1024 // 1024} MiB come out.")
    return sorted(found)
