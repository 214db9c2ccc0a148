"""What publishing needs of a place: to list, read, write and remove files by their path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from foundation.settings import AwsSettings, DocsSettings


class Storage(Protocol):
    """Files by path, with `/` between the parts. Every method raises StorageError when the place fails."""

    @property
    def concurrency(self) -> int:
        """How many files may be written at once."""

    def listing(self, folder: str) -> Mapping[str, str]:
        """What stands below `folder`: path relative to it → MD5 of the content in hex, or empty if unknown."""

    def read(self, path: str) -> bytes | None:
        """A file's content; None where there is none."""

    def write(self, path: str, file: Path) -> None:
        """Put the content of `file` to `path`: whole, or not at all."""

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files; those that are gone already are no error."""

    def exclusive(self, folder: str) -> AbstractContextManager[None]:
        """While this lasts, nobody else who asks for it writes below `folder`."""


def open_storage(docs: DocsSettings, aws: AwsSettings) -> Storage:
    """The place that the settings name. Nothing is called before it is used."""
    if docs.publisher == "s3":
        from techdocs.publishing.s3 import S3Storage

        return S3Storage(aws, docs.bucket, docs.prefix)
    from techdocs.publishing.local import LocalStorage

    return LocalStorage(docs.directory)
