"""One commit of a bare repository, read without a checkout."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.connections.git.command import GitCommandError, git
from foundation.connections.git.model import check_size
from foundation.errors import InputError


@dataclass(frozen=True)
class CommitTree:
    """The files of `revision` in the bare repository `directory`."""

    directory: Path
    revision: str

    def files(self, prefix: str = "") -> Sequence[str]:
        listing = git(["ls-tree", "-r", "-z", "--name-only", self.revision], repository=self.directory)
        paths = (path.decode(errors="replace") for path in listing.split(b"\0") if path)
        below = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        return sorted(path for path in paths if path.startswith(below))

    def read(self, path: str) -> bytes | None:
        name = f"{self.revision}:{path}"
        try:
            size = git(["cat-file", "-s", name], repository=self.directory)
        except GitCommandError:
            return None
        check_size(path, int(size))
        try:
            return git(["cat-file", "blob", name], repository=self.directory)
        except GitCommandError:  # a folder has a size too, and no content
            return None

    def export(self, folder: Path, prefix: str = "") -> None:
        treeish = f"{self.revision}:{prefix.strip('/')}" if prefix.strip("/") else self.revision
        packed = git(["archive", "--format=tar", treeish], repository=self.directory)
        try:
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(folder, filter="data")
        except tarfile.FilterError as error:
            raise InputError(f"The repository holds a file that leads outside: {error}") from error
