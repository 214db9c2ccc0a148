"""Workspaces as `.tar.gz`: checked and bounded on the way in, the same bytes for the same files on the way out.

Nothing of an archive is trusted. Only plain files and folders are taken, each below the workspace's own folder, and
of their attributes only whether a file may be executed. What Git keeps in `.git` is no content and is left out.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from scaffolder_actions.errors import ArchiveError, ArchiveTooLargeError
from scaffolder_actions.runs.bounded import PIECE, BoundedGzip, Limits

# Bytes; the limit of file systems for one name.
LONGEST_NAME = 255
_KINDS = {
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.LNKTYPE: "a hard link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}
# Compression level: higher ones gain two percent and cost three times as long.
LEVEL = 6


def check(source: BinaryIO, limits: Limits = Limits()) -> None:  # noqa: B008  # frozen
    """Raise ArchiveError or ArchiveTooLargeError when the archive cannot be unpacked."""
    for _member, _parts, content in _members(source, limits):
        while content is not None and content.read(PIECE):
            pass


def unpack(source: BinaryIO, folder: Path, limits: Limits = Limits()) -> None:  # noqa: B008  # frozen
    """Write the archive into the existing and empty `folder`. Raises ArchiveError or ArchiveTooLargeError."""
    for member, parts, content in _members(source, limits):
        target = folder.joinpath(*parts)
        if content is None:
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o755 if member.mode & stat.S_IXUSR else 0o644
        # Exclusive: what is there already was not put there by this archive.
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as file:
            while piece := content.read(PIECE):
                file.write(piece)


def pack(folder: Path, limits: Limits = Limits()) -> bytes:  # noqa: B008  # frozen
    """The folder as `.tar.gz`: equal folders give equal bytes.

    Raises ArchiveError for a link, device or pipe in it, ArchiveTooLargeError when it is over the limits.
    """
    packed = io.BytesIO()
    total = 0
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=LEVEL, mtime=0, filename="") as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for number, path in enumerate(_walk(folder)):
            if number >= limits.members:
                raise ArchiveTooLargeError(f"The workspace has more than {limits.members:,} files and folders.")
            member = _member(path, path.relative_to(folder).as_posix())
            total += member.size
            if total > limits.total:
                raise ArchiveTooLargeError(f"The workspace has more than {limits.total:,} bytes.")
            with path.open("rb") if member.isreg() else io.BytesIO() as content:
                archive.addfile(member, content)
    return packed.getvalue()


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name == ".git":
            continue
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)


def _member(path: Path, name: str) -> tarfile.TarInfo:
    status = path.lstat()
    member = tarfile.TarInfo(name)
    if stat.S_ISDIR(status.st_mode):
        member.type, member.mode = tarfile.DIRTYPE, 0o755
    elif stat.S_ISREG(status.st_mode):
        member.size, member.mode = status.st_size, 0o755 if status.st_mode & stat.S_IXUSR else 0o644
    else:
        raise ArchiveError(f"{name} is neither a file nor a folder.", remedy="Put a copy in its place.")
    return member


class _Content:
    """A file in the archive."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        """Raises ArchiveError where the archive ends before the file does."""
        try:
            return self._file.read(size)
        except tarfile.TarError as error:
            raise _damaged() from error


def _damaged() -> ArchiveError:
    return ArchiveError("The archive is not tar, or damaged.", remedy="Send a .tar.gz.")


def _members(source: BinaryIO, limits: Limits) -> Iterator[tuple[tarfile.TarInfo, tuple[str, ...], _Content | None]]:
    """Each member that is to be taken, its path, and for a file its content, to be read before the next one."""
    stream = BoundedGzip(source, limits)
    seen: dict[tuple[str, ...], bool] = {(): True}
    try:
        with tarfile.open(fileobj=cast("BinaryIO", stream), mode="r|") as archive:
            for number, member in enumerate(archive):
                if number >= limits.members:
                    raise ArchiveTooLargeError(f"The archive has more than {limits.members:,} members.")
                parts = _checked(member, limits, seen)
                if parts is None:
                    continue
                file = archive.extractfile(member) if member.isreg() else None
                yield member, parts, _Content(file) if file else None
        while stream.read(PIECE):
            pass
    except tarfile.TarError as error:
        raise _damaged() from error
    except (UnicodeError, ValueError, OverflowError) as error:
        if isinstance(error, ArchiveError | ArchiveTooLargeError):
            raise
        raise ArchiveError("The archive has headers that cannot be read.", remedy="Send a .tar.gz.") from error


def _checked(member: tarfile.TarInfo, limits: Limits, seen: dict[tuple[str, ...], bool]) -> tuple[str, ...] | None:
    """The member's path in parts; None for what is left out. `seen` maps each path so far to whether it is a folder."""
    shown = _shown(member.name)
    if member.type in _KINDS or member.sparse is not None:
        raise ArchiveError(f"{shown} is {_KINDS.get(member.type, 'a sparse file')}.", remedy=_REMEDY)
    if not (member.isdir() or member.type in {tarfile.REGTYPE, tarfile.AREGTYPE}):
        raise ArchiveError(f"{shown} is neither a file nor a folder.", remedy=_REMEDY)
    parts = _parts(member.name, limits)
    if parts == () and not member.isdir():
        raise ArchiveError(f"{shown} is no path of a file.", remedy=_REMEDY)
    if ".git" in parts:
        return None
    for depth in range(len(parts)):
        if not seen.setdefault(parts[:depth], True):
            raise ArchiveError(f"{shown} lies below what is a file in the same archive.", remedy=_REMEDY)
    if parts in seen and not (seen[parts] and member.isdir()):
        raise ArchiveError(f"{shown} is in the archive twice.", remedy=_REMEDY)
    seen[parts] = member.isdir()
    return parts


def _parts(name: str, limits: Limits) -> tuple[str, ...]:
    shown = _shown(name)
    if name.startswith("/"):
        raise ArchiveError(f"{shown} is an absolute path.", remedy=_REMEDY)
    if len(name.encode(errors="surrogatepass")) > limits.path:
        raise ArchiveError(f"{shown} is longer than {limits.path:,} bytes.", remedy=_REMEDY)
    if any(ord(each) < ord(" ") or 0xD800 <= ord(each) <= 0xDFFF or ord(each) == 0x7F for each in name):  # noqa: PLR2004
        raise ArchiveError(f"{shown} has control characters in it, or is not UTF-8.", remedy=_REMEDY)
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if ".." in parts:
        raise ArchiveError(f"{shown} leads outside of the workspace.", remedy=_REMEDY)
    if len(parts) > limits.depth or any(len(part.encode()) > LONGEST_NAME for part in parts):
        raise ArchiveError(f"{shown} is too deep, or a name in it too long.", remedy=_REMEDY)
    return parts


def _shown(name: str) -> str:
    """The name so that it can stand in a message: whatever it holds, on one line, and not at length."""
    return ascii(name[:120])


_REMEDY = "A workspace holds plain files and folders with relative paths."
