"""One commit of a bare repository, read without a checkout."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.connections.git.command import GitCommandError, git, git_into
from foundation.connections.git.model import check_size
from foundation.errors import InputError, PayloadTooLargeError

# Bytes of one revision; a repository that documentation is built from has a few MiB of text and pictures.
LARGEST_EXPORT = 512 * 1024 * 1024
# Files of one revision that are written out; the largest repositories of one service have a tenth.
MOST_FILES = 100_000


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
        if "\0" in path:
            return None
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
        self._check_bounds(treeish)
        with tempfile.TemporaryFile() as packed:
            # A file, since a site with its pictures is too much for memory.
            git_into(packed, ["archive", "--format=tar", treeish], repository=self.directory, limit=LARGEST_EXPORT)
            packed.seek(0)
            try:
                with tarfile.open(fileobj=packed) as archive:
                    archive.extractall(folder, filter="data")
            except tarfile.FilterError as error:
                raise InputError(f"The repository holds a file that leads outside: {error}") from error
            except (OSError, tarfile.TarError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else error
                raise InputError(f"The repository holds a file that cannot be written here: {reason}") from error

    def _check_bounds(self, treeish: str) -> None:
        """PayloadTooLargeError before anything is packed, since `git archive` keeps the whole list in memory."""
        listing = git(["ls-tree", "-r", "-z", "--long", treeish], repository=self.directory)
        # `mode kind name size<TAB>path`; the size of a submodule is a dash.
        sizes = [entry.partition(b"\t")[0].split()[3] for entry in listing.split(b"\0") if entry]
        if len(sizes) > MOST_FILES:
            raise PayloadTooLargeError(f"The repository has {len(sizes):,} files; the limit is {MOST_FILES:,}.")
        total = sum(int(size) for size in sizes if size.isdigit())
        if total > LARGEST_EXPORT:
            raise PayloadTooLargeError(f"The repository has {total:,} bytes; the limit is {LARGEST_EXPORT:,}.")
