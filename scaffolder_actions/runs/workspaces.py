"""Keeps workspaces as archives under the digest of their content.

Several servers that share runs share this folder too, as a volume.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation.errors import InputError, NotFoundError
from scaffolder_actions.runs.archives import check, pack, unpack
from scaffolder_actions.runs.bounded import Limits

# Seconds. A template's run is over in an hour; a week lets someone look into one that failed on a Friday.
OLDEST = 7 * 24 * 3600.0
# Bytes of all archives. Over it the oldest go first.
MOST_BYTES = 5 * 1024**3
# Seconds in which an archive is never removed for lack of room: its run may just be about to read it.
YOUNGEST = 3600.0
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Workspaces:
    """The archives below `folder`; `clock` gives seconds since the epoch, like the file system's."""

    def __init__(self, folder: Path, limits: Limits = Limits(), clock: Callable[[], float] = time.time) -> None:  # noqa: B008  # frozen
        self._archives = folder / "archives"
        self._scratch = folder / "scratch"
        self._limits = limits
        self._clock = clock

    def put(self, digest: str, archive: bytes) -> bool:
        """Keep an archive that someone sent. False when it was there already.

        Raises InputError when it is not what the digest says, ArchiveError or ArchiveTooLargeError when it cannot be
        a workspace.
        """
        path = self._path(digest)
        if hashlib.sha256(archive).hexdigest() != digest:
            raise InputError("The archive is not the one that its digest names.", remedy="Send it again.")
        if self._touch(path):
            return False
        check(io.BytesIO(archive), self._limits)
        self._write(path, archive)
        return True

    def get(self, digest: str) -> bytes:
        """The archive. Raises NotFoundError."""
        path = self._path(digest)
        self._touch(path)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise NotFoundError(f"There is no workspace {digest}.", remedy="Upload it again.") from None

    def has(self, digest: str) -> bool:
        """Whether there is such a workspace; it is kept for a while from now on."""
        return self._touch(self._path(digest))

    @contextmanager
    def unpacked(self, digest: str | None) -> Iterator[Path]:
        """A folder with the workspace in it, or an empty one; it is gone after the block. Raises NotFoundError."""
        archive = None if digest is None else self.get(digest)
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._scratch, ignore_cleanup_errors=True) as name:
            # One deeper, since a temporary folder is closed to others, which what is published must not be.
            folder = Path(name) / "workspace"
            folder.mkdir()
            if archive is not None:
                unpack(io.BytesIO(archive), folder, self._limits)
            yield folder

    def keep(self, folder: Path) -> str:
        """Keep the content of a folder; its digest. Raises ArchiveError or ArchiveTooLargeError."""
        archive = pack(folder, self._limits)
        digest = hashlib.sha256(archive).hexdigest()
        path = self._path(digest)
        if not self._touch(path):
            self._write(path, archive)
        return digest

    def collect_garbage(self) -> int:
        """Remove what nobody used for a week, and more when there is too much. How many archives went."""
        now = self._clock()
        for folder in self._scratch.glob("*"):
            if now - _changed(folder) > OLDEST:
                shutil.rmtree(folder, ignore_errors=True)
        archives = sorted(self._archives.glob("*/*.tar.gz"), key=_changed)
        total = sum(_size(path) for path in archives)
        removed = 0
        for path in archives:
            age = now - _changed(path)
            if age > OLDEST or (total > MOST_BYTES and age > YOUNGEST):
                total -= _size(path)
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise InputError("A digest is 64 lower-case hexadecimal digits.")
        return self._archives / digest[:2] / f"{digest}.tar.gz"

    def _touch(self, path: Path) -> bool:
        try:
            os.utime(path, (self._clock(), self._clock()))
        except FileNotFoundError:
            return False
        return True

    def _write(self, path: Path, archive: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(archive)
                file.flush()
                # A step is noted as done right after this: the file must outlive the machine's power as well.
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._touch(path)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
