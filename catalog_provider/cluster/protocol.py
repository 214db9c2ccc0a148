"""What a line of a watch says (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject


@dataclass(frozen=True)
class Upserted:
    """An object is there as `item` says."""

    item: JsonObject
    version: str


@dataclass(frozen=True)
class Removed:
    """An object is gone; `item` is how it last was."""

    item: JsonObject
    version: str


@dataclass(frozen=True)
class Bookmark:
    """Everything up to `version` has been told."""

    version: str


@dataclass(frozen=True)
class Failure:
    """The server ends the watch; `status` is its Status object."""

    status: JsonObject


@dataclass(frozen=True)
class Unknown:
    """A line of a type that is not known here, to be passed over."""

    type: str


@dataclass(frozen=True)
class Torn:
    """Not the JSON of an event: the connection broke in it, or something stands in between."""


WatchEvent: TypeAlias = Upserted | Removed | Bookmark | Failure | Unknown | Torn


def parse_event(line: bytes) -> WatchEvent:
    """The event in `line`; never raises."""
    try:
        event = msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return Torn()
    kind, item = (event.get("type"), event.get("object")) if isinstance(event, dict) else (None, None)
    if not isinstance(kind, str) or not isinstance(item, dict):
        return Torn()
    if kind == "ERROR":
        return Failure(item)
    return _event(kind, item)


def _event(kind: str, item: JsonObject) -> WatchEvent:
    version = text_at(item, "metadata", "resourceVersion")
    named = bool(version and text_at(item, "metadata", "name"))
    match kind:
        case "ADDED" | "MODIFIED":
            return Upserted(item, version) if named else Torn()
        case "DELETED":
            return Removed(item, version) if named else Torn()
        case "BOOKMARK":
            return Bookmark(version) if version else Torn()
    return Unknown(kind[:40])
