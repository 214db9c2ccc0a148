"""Objects out of files and pipes: YAML of several documents, JSON one after another, and lists of either.

What is read may come from anywhere, so that aliases (which multiply), tags (which construct) and endless depth are refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Protocol

import yaml

from foundation.errors import InputError, Problem
from foundation.jsontypes import Json, JsonObject

# Bytes. `kubectl get pods -A -o yaml` of the largest clusters in use has some hundred MB; that is better asked by namespace.
LARGEST = 256 * 1024 * 1024
# Lists in lists: kubectl nests them once.
_DEEPEST_LISTS = 8


class _Mark(Protocol):
    """A place in a text, counted from 0."""

    line: int
    column: int


class ManifestError(InputError):
    """Text that holds no objects; `problems` says where and why."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # either is a class
    """Times stay text, as JSON has them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_objects(content: bytes, file: str, *, largest: int = LARGEST) -> list[JsonObject]:
    """Every object in `content`, lists taken apart. Raises ManifestError, which names the place in `file`."""
    if len(content) > largest:
        raise _refused(file, f"larger than {largest // 1024} KiB.", "Ask for one namespace at a time.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(file, f"not UTF-8 text: byte {error.start} is no part of a character.") from None
    try:
        values = list(_json(text, file) if text.lstrip()[:1] in {"{", "["} else _yaml(text, file))
        found = [each for value in values for each in _flattened(value, file, _DEEPEST_LISTS)]
    except RecursionError:
        raise _refused(file, "nested deeper than any object is.") from None
    if not found:
        raise _refused(file, "there is no object in it.", "Pipe `kubectl get … -o yaml` into it, or name a manifest.")
    return found


def _json(text: str, file: str) -> Iterator[Json]:
    decoder = json.JSONDecoder()
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise _refused(file, f"{error.msg}.", "Is the JSON complete?", (error.lineno, error.colno)) from None
        except ValueError:
            raise _refused(file, "it holds a number that is too long.") from None
        yield value


def _yaml(text: str, file: str) -> Iterator[Json]:
    try:
        # A look at the events first: aliases can make gigabytes of some bytes.
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise _refused(file, "aliases are not read here.", "Write the value out.", _place(event.start_mark))
        yield from yaml.load_all(text, Loader=_Loader)
    except ManifestError:
        raise
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        raise _refused(file, f"{error.problem or 'not YAML'}.", "", place) from None
    except (yaml.YAMLError, ValueError) as error:
        raise _refused(file, f"not YAML: {' '.join(str(error).split())[:200]}.") from None


def _place(mark: _Mark | None) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _flattened(value: Json, file: str, depth: int) -> Iterator[JsonObject]:
    if value is None:
        return
    if isinstance(value, list):
        for each in value:
            yield from _flattened(each, file, depth - 1)
        return
    if not isinstance(value, dict) or depth <= 0:
        raise _refused(file, "not a Kubernetes object.", "An object has apiVersion, kind and metadata.")
    kind, items = value.get("kind"), value.get("items")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(items, list):
        for each in items:
            # The items of a typed list do not say again what they are.
            known = {"apiVersion": value.get("apiVersion"), "kind": kind.removesuffix("List")} if kind != "List" else {}
            yield from _flattened({**known, **each} if isinstance(each, dict) else each, file, depth - 1)
        return
    if not isinstance(kind, str) or not kind:
        raise _refused(file, "an object does not say of which kind it is.", "Give it apiVersion and kind.")
    yield value


def _refused(file: str, message: str, remedy: str = "", place: Sequence[int] = (0, 0)) -> ManifestError:
    line, column = place
    return ManifestError(f"{file} cannot be read.", problems=[Problem(file, line, column, message, remedy)])
