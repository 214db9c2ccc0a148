"""A golden path's folder: which files it has, and the digest that is its version."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from foundation.errors import Problem
from foundation.golden_path.errors import GoldenPathError

# A golden path is written by hand; the largest in use have some hundred files.
MOST_FILES = 2000
# Bytes of all files together. What is larger is downloaded by a build, not copied into every service.
LARGEST_FOLDER = 20 * 1024 * 1024
# Characters of SHA-256 that are shown; 48 bits tell the versions of one golden path apart.
_VERSION_LENGTH = 12


def template_files(folder: Path) -> list[Path]:
    """All files below `folder`, sorted; raises GoldenPathError for links, devices and folders that are too large."""
    files: list[Path] = []
    size = 0
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each not in {".git", "__pycache__"})
        for path in (f"{root}/{name}" for name in [*folders, *names]):
            status = os.lstat(path)
            if stat.S_ISREG(status.st_mode):
                files.append(Path(path))
                size += status.st_size
            elif not stat.S_ISDIR(status.st_mode):
                _refuse(folder, Path(path), "is a link or a device, which could lead anywhere.", "Put a file there.")
        if len(files) > MOST_FILES or size > LARGEST_FOLDER:
            limits = f"{MOST_FILES} files and {LARGEST_FOLDER // 1024 // 1024} MiB"
            _refuse(folder, folder, f"is over the limit of {limits}.", "Download large files in a build instead.")
    return sorted(files)


def version_of(folder: Path, files: list[Path]) -> str:
    """A digest of names, contents and executable bits."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        executable = bool(path.stat().st_mode & 0o100)
        digest.update(f"{path.relative_to(folder).as_posix()}\0{executable}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_VERSION_LENGTH]


def _refuse(folder: Path, path: Path, what: str, remedy: str) -> None:
    problem = Problem(str(path.relative_to(folder.parent)), 0, 0, what, remedy)
    raise GoldenPathError(f"{folder.name} is not a golden path that can be used.", problems=[problem])
