"""A plain folder, read as if it were a revision of a repository."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from foundation.connections.git.model import check_size

# What tools leave behind is no part of what people wrote.
IGNORED = frozenset({".git", ".greenroom", ".venv", ".tools", "node_modules", "__pycache__", ".mypy_cache"})


class FolderTree:
    """The files below `folder`; symbolic links are passed over, since they may lead anywhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.revision = _fingerprint(folder)

    def files(self, prefix: str = "") -> Sequence[str]:
        start = self.folder / prefix.strip("/")
        return sorted(path.relative_to(self.folder).as_posix() for path in _walk(start))

    def read(self, path: str) -> bytes | None:
        file = (self.folder / path).resolve()
        if not file.is_relative_to(self.folder.resolve()) or not file.is_file():
            return None
        check_size(path, file.stat().st_size)
        return file.read_bytes()

    def export(self, folder: Path, prefix: str = "") -> None:
        start = self.folder / prefix.strip("/")
        for path in _walk(start):
            target = folder / path.relative_to(start)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _walk(start: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(start, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in IGNORED)
        yield from (path for name in sorted(files) if not (path := Path(place, name)).is_symlink())


def _fingerprint(folder: Path) -> str:
    """A hash of names, sizes and times: reading every byte at each look would cost too much."""
    digest = hashlib.sha256()
    for path in _walk(folder):
        status = path.stat()
        digest.update(f"{path.relative_to(folder)}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:40]
