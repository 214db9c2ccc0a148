"""Which fields differ between two states of a thing: an object, a manifest, a stack's resource."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.plans.model import FieldChange

# What tells the entries of a list apart, the most telling first. A list is matched by the first of them that each
# entry has, with a value of its own: containers and variables by name, alerts, panels, mounts, ports, spreads.
_KEYS = (
    "name",
    "secretKey",
    "alert",
    "record",
    "title",
    "mountPath",
    "containerPort",
    "port",
    "topologyKey",
    "Key",
    "id",
    "type",
)
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def differences(before: Json, after: Json, path: str = "") -> Iterator[FieldChange]:
    """Each field that differs, as deep as both sides go: `spec.template.spec.containers[app].image`.

    A field that is null and one that is not there are the same. Text that is JSON on both sides, such as a dashboard
    in a ConfigMap, is looked into. The order of entries that have names does not count.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from differences(before.get(key), after.get(key), joined(path, key))
    elif isinstance(before, str) and isinstance(after, str):
        yield from _texts(before, after, path)
    elif isinstance(before, str) or isinstance(after, str):
        yield FieldChange(path, before, after)
    elif isinstance(before, Sequence) and isinstance(after, Sequence):
        yield from _lists(before, after, path)
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield FieldChange(path, before, after)


def joined(path: str, key: str) -> str:
    """The path of a field within another; a key that is no word stands in brackets."""
    if not _PLAIN.fullmatch(key):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def _texts(before: str, after: str, path: str) -> Iterator[FieldChange]:
    if before == after:
        return
    inside, outside = _as_json(before), _as_json(after)
    if inside is None or outside is None:
        yield FieldChange(path, before, after)
    else:
        yield from differences(inside, outside, path)


def _lists(before: Sequence[Json], after: Sequence[Json], path: str) -> Iterator[FieldChange]:
    if not all(isinstance(each, Mapping) for each in [*before, *after]):
        # Words of a command, addresses, hosts: only the whole of them says something.
        if not _same(before, after):
            yield FieldChange(path, list(before), list(after))
        return
    first, second = _entries(before, after)
    for key in dict.fromkeys([*first, *second]):
        yield from differences(first.get(key), second.get(key), f"{path}[{key}]")


def _entries(before: Sequence[Json], after: Sequence[Json]) -> tuple[dict[str, Json], dict[str, Json]]:
    """The entries of both lists by what they are called, or by their place where they have no names."""
    for key in _KEYS:
        names = [[_name(each, key) for each in side] for side in (before, after)]
        if all(None not in side and len(set(side)) == len(side) for side in names):
            first, second = ([str(name) for name in side] for side in names)
            return dict(zip(first, before, strict=True)), dict(zip(second, after, strict=True))
    return {str(place): each for place, each in enumerate(before)}, {str(at): each for at, each in enumerate(after)}


def _name(entry: Json, key: str) -> str | int | None:
    found = entry.get(key) if isinstance(entry, Mapping) else None
    return found if isinstance(found, str | int) else None


def _same(before: Sequence[Json], after: Sequence[Json]) -> bool:
    return len(before) == len(after) and not any(
        True for pair in zip(before, after, strict=True) for _ in differences(*pair)
    )


def _as_json(text: str) -> JsonObject | None:
    """The mapping that a text holds as JSON; None where it is no such text."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
