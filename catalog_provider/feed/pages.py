"""Pages of one snapshot, and the cursor that leads from each to the next."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from catalog_provider.feed.versions import EntityFeed, counted
from foundation.errors import GoneError
from foundation.jsontypes import JsonObject

# An entity is about 2 kB and one with an API description 100 kB: a page stays within a few MiB.
DEFAULT_LIMIT = 500
LARGEST_LIMIT = 1000


@dataclass(frozen=True)
class Page:
    """Some entities of `version`; `next_cursor` is None on the last page."""

    version: str
    items: tuple[JsonObject, ...]
    next_cursor: str | None


def page(feed: EntityFeed, cursor: str | None, limit: int = DEFAULT_LIMIT) -> Page:
    """The page that `cursor` points at, or the first one of the current version.

    Raises GoneError for a cursor that this server never gave, or whose version it keeps no more.
    """
    version, start = decode_cursor(cursor) if cursor else (None, 0)
    snapshot = feed.snapshot(version)
    end = start + limit
    more = end < len(snapshot.entities)
    return Page(
        snapshot.version,
        snapshot.entities[start:end],
        encode_cursor(snapshot.version, end) if more else None,
    )


def encode_cursor(version: str, offset: int) -> str:
    """An opaque word that is safe in a URL."""
    return base64.urlsafe_b64encode(f"{version}/{offset}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[str, int]:
    """What `encode_cursor` was given. Raises GoneError for anything else."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    version, _, offset = text.partition("/")
    start = counted(offset)
    if not version or start is None:
        raise GoneError("The cursor is not one of ours.", remedy="Take the snapshot again, without a cursor.")
    return version, start
