"""What a CustomResourceDefinition says of its fields, and what a server does with an object by it.

Fields are written as data: a mapping of names (`name!` must be there), a list of one (items of that form), or a word:
`text`, `number`, `flag`, `map` (texts by name), `amount` (a number or a text), `any`, or the texts that are allowed,
as `Owner|Orphan`. Under `*` stands what every name may hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from greenroom.local.cluster.errors import Cause

Fields: TypeAlias = "str | list[Fields] | Mapping[str, Fields]"

_WORDS: Final[Mapping[str, tuple[type, ...]]] = {
    "text": (str,),
    "number": (int,),
    "flag": (bool,),
    "map": (dict,),
    "amount": (int, str),
}
_NAMES: Final[Mapping[type, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
    type(None): "null",
}


def unknown_fields(value: Any, fields: Fields, path: str = "") -> Iterator[str]:
    """The paths of fields that are not defined, such as `spec.rules[0].match`."""
    if isinstance(fields, list) and isinstance(value, list):
        for place, item in enumerate(value):
            yield from unknown_fields(item, fields[0], f"{path}[{place}]")
    elif isinstance(fields, Mapping) and isinstance(value, dict):
        for name, item in value.items():
            defined = _field(fields, name)
            where = f"{path}.{name}" if path else str(name)
            if defined is None:
                yield where
            else:
                yield from unknown_fields(item, defined, where)


def pruned(value: Any, fields: Fields) -> Any:
    """`value` without fields that are not defined, as a server stores it."""
    if isinstance(fields, list) and isinstance(value, list):
        return [pruned(item, fields[0]) for item in value]
    if isinstance(fields, Mapping) and isinstance(value, dict):
        defined = {name: _field(fields, name) for name in value}
        return {name: pruned(value[name], inner) for name, inner in defined.items() if inner is not None}
    return value


def field_causes(value: Any, fields: Fields, path: str = "") -> Iterator[Cause]:
    """What is missing, of another type, or none of the texts that are allowed, in the words of a real server."""
    if isinstance(fields, str):
        yield from _word_causes(value, fields, path)
    elif isinstance(fields, list):
        if not isinstance(value, list):
            yield _of_other_type(value, "array", path)
            return
        for place, item in enumerate(value):
            yield from field_causes(item, fields[0], f"{path}[{place}]")
    elif not isinstance(value, dict):
        yield _of_other_type(value, "object", path)
    else:
        yield from _structure_causes(value, fields, path)


def _structure_causes(value: Mapping[str, Any], fields: Mapping[str, Fields], path: str) -> Iterator[Cause]:
    prefix = f"{path}." if path else ""
    for name in fields:
        if name.endswith("!") and value.get(name[:-1]) is None:
            yield Cause("FieldValueRequired", "Required value", f"{prefix}{name[:-1]}")
    for name, item in value.items():
        defined = _field(fields, name)
        if defined is not None and item is not None:
            yield from field_causes(item, defined, f"{prefix}{name}")


def _word_causes(value: Any, word: str, path: str) -> Iterator[Cause]:
    if word == "any":
        return
    types = _WORDS.get(word, (str,))
    # To Python a truth value is a number, too.
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        yield _of_other_type(value, _NAMES[types[0]], path)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(item, str):
                yield _of_other_type(item, "string", f"{path}.{name}")
    elif word not in _WORDS and value not in word.split("|"):
        allowed = ", ".join(f'"{each}"' for each in word.split("|"))
        message = f"Unsupported value: {json.dumps(value)}: supported values: {allowed}"
        yield Cause("FieldValueNotSupported", message, path)


def _field(fields: Mapping[str, Fields], name: str) -> Fields | None:
    for key in (name, f"{name}!", "*"):
        if key in fields:
            return fields[key]
    return None


def _of_other_type(value: Any, wanted: str, path: str) -> Cause:
    found = json.dumps(_NAMES[type(value)])
    message = f"Invalid value: {found}: {path} in body must be of type {wanted}: {found}"
    return Cause("FieldValueTypeInvalid", message, path)
