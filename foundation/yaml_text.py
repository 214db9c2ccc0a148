"""Plain data as YAML for people and for every reader of it: in the order given, without anchors, one way for each value.

The usual libraries write what their own reader reads back. What is written here is read by others: Kubernetes' reader
takes `y` and `1_000` for something else than text, PyYAML leaves `12e45` bare. So text stands without quotes only where
it cannot be anything else to readers of YAML 1.1 and 1.2. It is also many times faster than PyYAML's emitter, which
matters where a thousand services are rendered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from foundation.jsontypes import Json, JsonObject

_STEP = "  "
# Words that begin like a word and hold nothing that means something to YAML; colons and hashes inside of a word are text.
# And quantities, such as 512Mi and 25%, which no reader takes for a number.
_PLAIN = re.compile(
    r"[A-Za-z_/][A-Za-z0-9_./+=~@%-]*(?:[:#,]+[A-Za-z0-9_./+=~@%-]+)*"
    r"(?: (?![-=])[A-Za-z0-9_./+=~@%()-]+(?:[:#]+[A-Za-z0-9_./+=~@%()-]+)*)*"
    r"|[1-9][0-9]*(?:[A-Za-z]{1,2}|%)"
)
# YAML 1.1, 10.2.1: https://yaml.org/type/bool.html, https://yaml.org/type/null.html
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# Several lines that a block can hold: the first one says how far they are indented, and none hides spaces at its end.
_BLOCK = re.compile(
    r"(?![ \t\n])[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]+"
)
_HIDDEN = re.compile(r"[ \t]\n|[ \t]\Z|\n\n\Z")
_EXPONENT = re.compile(r"^(-?\d+)e")
_HALVES = re.compile(r"\\ud[89ab]..\\ud[c-f]..")
# Text that is met again: names, kinds and units. Longer text seldom is.
_REMEMBERED = 80


class Quoted(str):
    """Text that is always quoted, so that what replaces it need not know when it has to be."""

    __slots__ = ()


def as_yaml(value: JsonObject) -> str:
    """The mapping as a YAML document that ends with a line feed; several lines of text as a block."""
    if not value:
        return "{}\n"
    lines: list[str] = []
    _mapping(value, "", lines)
    return "\n".join(lines) + "\n"


def _mapping(value: JsonObject, indent: str, lines: list[str]) -> None:
    for key, each in value.items():
        _entry(f"{indent}{_short(key)}:", each, indent, lines)


def _entry(start: str, value: Json, indent: str, lines: list[str]) -> None:
    """What stands behind `start`, a key or the dash of a list at `indent`."""
    if isinstance(value, str):
        lines.append(f"{start} {_text(value, indent)}")
    elif isinstance(value, dict | Mapping):  # plain ones are known at once, all others after a longer look
        lines.append(start if value else f"{start} {{}}")
        _mapping(value, indent + _STEP, lines)
    elif isinstance(value, list | Sequence):
        lines.append(start if value else f"{start} []")
        _items(value, indent, lines)
    else:
        lines.append(f"{start} {_constant(value)}")


def _constant(value: float | bool | None) -> str:
    # Numbers, truth and nothing are written alike in JSON and YAML, but that 1.1 wants a point before an exponent.
    text = json.dumps(value)
    return _EXPONENT.sub(r"\1.0e", text) if isinstance(value, float) else text


def _items(values: Sequence[Json], indent: str, lines: list[str]) -> None:
    """A list's dashes stand below its key, as Kubernetes' own tools put them."""
    for value in values:
        first = len(lines)
        if value and isinstance(value, dict | Mapping):
            _mapping(value, indent + _STEP, lines)
        elif value and not isinstance(value, str) and isinstance(value, list | Sequence):
            _items(value, indent + _STEP, lines)
        else:
            _entry(f"{indent}-", value, indent, lines)
            continue
        # The first line of what it holds stands behind the dash.
        lines[first] = f"{indent}- {lines[first][len(indent) + len(_STEP) :]}"


def _text(value: str, indent: str) -> str:
    if isinstance(value, Quoted):
        return _quoted(value)
    if "\n" not in value:
        return _short(value) if len(value) <= _REMEMBERED else _scalar(value)
    if _BLOCK.fullmatch(value) and not _HIDDEN.search(value):
        return _block(value, indent + _STEP)
    return _quoted(value)


def _block(value: str, indent: str) -> str:
    style = "|" if value.endswith("\n") else "|-"
    # An empty line is empty: one of spaces alone would be another text.
    lines = [indent + line if line else "" for line in value.removesuffix("\n").split("\n")]
    return "\n".join([style, *lines])


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else _quoted(value)


_short = lru_cache(maxsize=8192)(_scalar)


def _quoted(value: str) -> str:
    if value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    # What cannot be seen is escaped. JSON's escapes are YAML's, but for the two halves of a large character.
    return _HALVES.sub(_whole, json.dumps(value))


def _whole(match: re.Match[str]) -> str:
    character = json.loads(f'"{match[0]}"')
    return f"\\U{ord(character):08x}"
