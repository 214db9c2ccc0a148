"""Reading what a JSON parser gave without trusting its shape: absent, null or of another kind is empty.

Tests for `dict` and not for `Mapping`: the second takes four times as long, and this runs for each
field of each change.
"""

from __future__ import annotations

from datetime import UTC, datetime

from foundation.jsontypes import Json, JsonObject

_EMPTY: JsonObject = {}


def value_at(value: Json, *path: str) -> Json:
    """What stands at `path`, or None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def mapping_at(value: Json, *path: str) -> JsonObject:
    """The mapping at `path`."""
    found = value_at(value, *path)
    return found if isinstance(found, dict) else _EMPTY


def mappings_at(value: Json, *path: str) -> tuple[JsonObject, ...]:
    """The mappings in the list at `path`."""
    found = value_at(value, *path)
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, (list, tuple)) else ()


def text_at(value: Json, *path: str) -> str:
    """The text at `path`."""
    found = value_at(value, *path)
    return found if isinstance(found, str) else ""


def number_at(value: Json, *path: str, default: int = 0) -> int:
    """The whole number at `path`; API servers leave out what is 0."""
    found = value_at(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else default


def moment_at(value: Json, *path: str) -> datetime | None:
    """The RFC 3339 time at `path`, in UTC."""
    found = text_at(value, *path)
    try:
        moment = datetime.fromisoformat(found)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
