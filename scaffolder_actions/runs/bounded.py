"""Decompresses an archive and stops as soon as there is too much of it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import BinaryIO

from scaffolder_actions.errors import ArchiveError, ArchiveTooLargeError

# Bytes read at once.
PIECE = 64 * 1024
# Decompressed bytes below which a high ratio means nothing: an empty service packs a thousand times.
RATIO_FROM = 4 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a workspace may have. Backstage's own templates stay below a tenth of each."""

    # Decompressed bytes, padding and headers of the archive included.
    total: int = 128 * 1024 * 1024
    members: int = 10_000
    # Decompressed bytes for each compressed one. Source code packs 3 to 20 times, a bomb a thousand times.
    ratio: int = 200
    # Folders in folders.
    depth: int = 40
    # Bytes of a path. Linux takes 4,096 with the folder that it is unpacked to.
    path: int = 1_024


class BoundedGzip:
    """The content of a gzip stream, as `tarfile` reads streams.

    Raises ArchiveTooLargeError when the limits are passed, ArchiveError when the stream is damaged or cut off.
    """

    def __init__(self, source: BinaryIO, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        # 16: a gzip header, which zlib checks; each member of the stream has its own.
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._taken = 0
        self._given = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """At most `size` bytes, fewer only at the end."""
        parts: list[bytes] = []
        left = size
        while left > 0 and (part := self._piece(min(left, PIECE))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _piece(self, size: int) -> bytes:
        while not self._ended:
            waiting = self._inflate.unconsumed_tail
            if not waiting:
                waiting = self._source.read(PIECE)
                self._taken += len(waiting)
                if not waiting:
                    raise ArchiveError("The archive is cut off.", remedy="Send it again.")
            try:
                part = self._inflate.decompress(waiting, size)
            except zlib.error as error:
                raise ArchiveError("The archive is not gzip, or damaged.", remedy="Send a .tar.gz.") from error
            self._ended = self._inflate.eof
            if self._ended and (self._inflate.unused_data or self._source.read(1)):
                raise ArchiveError("There is something behind the end of the archive.", remedy="Send one .tar.gz.")
            if part:
                self._count(len(part))
                return part
        return b""

    def _count(self, size: int) -> None:
        self._given += size
        if self._given > self._limits.total:
            raise ArchiveTooLargeError(f"The archive unpacks to more than {self._limits.total:,} bytes.")
        if self._given > RATIO_FROM and self._given > self._limits.ratio * self._taken:
            raise ArchiveTooLargeError(f"The archive unpacks to more than {self._limits.ratio} times its size.")
