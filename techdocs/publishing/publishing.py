"""Puts a built site where Backstage reads it, so that it can be read at every moment.

First the files that pages need, then the pages, then the metadata that makes Backstage drop its
cache, and at last what is no longer part of the site is removed. A publication that ends in the middle
leaves old and new pages that all work; its next run finds what is there and does the rest.
"""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from foundation.backstage.entities import EntityRef
from techdocs.publishing.metadata import METADATA, Metadata, read_metadata, site_files
from techdocs.publishing.storage import Storage

_PAGES: Final = (".html", ".json")


@dataclass(frozen=True)
class Publication:
    """What a publication did, in numbers of files."""

    uploaded: int
    unchanged: int
    removed: int


def site_folder(entity: EntityRef) -> str:
    """Where an entity's site stands: `<namespace>/<kind>/<name>`, in lower case as Backstage asks for it."""
    return f"{entity.namespace}/{entity.kind}/{entity.name}".lower()


def published_metadata(storage: Storage, entity: EntityRef) -> Metadata | None:
    """What is published of the entity; None where nothing is. An empty `etag` means a publication under way."""
    content = storage.read(f"{site_folder(entity)}/{METADATA}")
    return read_metadata(content) if content is not None else None


def publish_site(storage: Storage, entity: EntityRef, site: Path, metadata: Metadata) -> Publication:
    """Make `site`, as `metadata` describes it, what is published of the entity; only what differs is written."""
    folder = site_folder(entity)
    with storage.exclusive(folder):
        return _publish(storage, folder, site, metadata)


def _publish(storage: Storage, folder: str, site: Path, metadata: Metadata) -> Publication:
    files = [path for path in site_files(site) if path != METADATA]
    there = storage.listing(folder)
    changed = [path for path in files if there.get(path) != _md5(site / path)]
    stale = [path for path in there if path != METADATA and path not in set(files)]
    if (changed or stale) and METADATA in there:
        _mark_incomplete(storage, folder)
    for group in (_is_asset, _is_page):
        _write_all(storage, folder, site, [path for path in changed if group(path)])
    _write_metadata(storage, folder, metadata)
    storage.remove([f"{folder}/{path}" for path in sorted(stale)])
    return Publication(len(changed) + 1, len(files) - len(changed), len(stale))


def _is_page(path: str) -> bool:
    """Whether the file refers to others: a page, or the index of the search."""
    return path.endswith(_PAGES)


def _is_asset(path: str) -> bool:
    return not _is_page(path)


def _write_all(storage: Storage, folder: str, site: Path, paths: Sequence[str]) -> None:
    def write(path: str) -> None:
        storage.write(f"{folder}/{path}", site / path)

    if storage.concurrency == 1:
        for path in paths:
            write(path)
        return
    with ThreadPoolExecutor(storage.concurrency, thread_name_prefix="docs-publish") as pool:
        # The results are asked for so that the first error is raised.
        list(pool.map(write, paths))


def _mark_incomplete(storage: Storage, folder: str) -> None:
    """Take the revision out of the standing metadata, since the pages will soon be those of no revision."""
    content = storage.read(f"{folder}/{METADATA}")
    standing = read_metadata(content) if content else None
    if standing is not None and standing.etag:
        _write_metadata(storage, folder, dataclasses.replace(standing, etag=""))


def _write_metadata(storage: Storage, folder: str, metadata: Metadata) -> None:
    with _as_file(metadata.text()) as file:
        storage.write(f"{folder}/{METADATA}", file)


@contextmanager
def _as_file(text: str) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        file.write(text)
        file.flush()
        yield Path(file.name)


def _md5(path: Path) -> str:
    """The digest that storages list; it finds changes and proves nothing."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
