"""Sites in a folder of this machine, as Backstage's `local` publisher reads them."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from techdocs.errors import StorageError

# Beside the namespaces, none of which begins with a dot.
LOCKS: Final = ".locks"
_PARTIAL: Final = ".partial-"


class LocalStorage:
    """Files below `directory`, each replaced in one step."""

    concurrency = 1

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def listing(self, folder: str) -> Mapping[str, str]:
        start = self.directory / folder
        with _errors(start):
            return {path.relative_to(start).as_posix(): _md5(path) for path in _files(start)}

    def read(self, path: str) -> bytes | None:
        try:
            return (self.directory / path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            raise _error(self.directory / path, error) from error

    def write(self, path: str, file: Path) -> None:
        goal = self.directory / path
        # Left behind by a crash it is no file of the site, and the next publication removes it as such.
        partial = goal.with_name(f"{_PARTIAL}{uuid.uuid4().hex}")
        with _errors(goal):
            self._make_way(goal)
            try:
                shutil.copyfile(file, partial)
                partial.replace(goal)
            finally:
                partial.unlink(missing_ok=True)

    def remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            file = self.directory / path
            with _errors(file):
                with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                    file.unlink()
                self._remove_empty(file.parent)

    @contextlib.contextmanager
    def exclusive(self, folder: str) -> Iterator[None]:
        locks = self.directory / LOCKS
        with _errors(locks):
            locks.mkdir(parents=True, exist_ok=True)
            handle = os.open(locks / folder.replace("/", "_"), os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _make_way(self, goal: Path) -> None:
        """What was a page may be a folder now, and the other way round."""
        for parent in reversed(goal.relative_to(self.directory).parents[:-1]):
            place = self.directory / parent
            if place.is_symlink() or place.is_file():
                place.unlink()
        if goal.is_dir() and not goal.is_symlink():
            shutil.rmtree(goal)
        goal.parent.mkdir(parents=True, exist_ok=True)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.directory and folder.is_relative_to(self.directory):
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _files(start: Path) -> Iterator[Path]:
    for place, _, names in os.walk(start, followlinks=False):
        yield from (Path(place, name) for name in names)


def _md5(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@contextlib.contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _error(path, error) from error


def _error(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} cannot be used: {error.strerror or error}.", remedy="Check docs.directory and its disk."
    )
