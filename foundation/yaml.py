"""Users' YAML, read safely: plain data with the place of every value.

The text is read as YAML 1.2 (so `no` and `on` are words, not truth values), event by event and
without recursion. What could cost more than it is worth, or mean another thing than it seems to, is
refused: large and deep documents, anchors and aliases (which multiply), tags (which construct),
duplicate keys (of which one would be lost), numbers that JSON cannot carry, several documents.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, TypeAlias

import yaml

from foundation.errors import InputError, Problem
from foundation.jsontypes import Json

# Bytes. Documents that people write are a few KiB; a caller that reads OpenAPI documents allows more.
LARGEST: Final = 1024 * 1024
# The deepest Kubernetes and OpenAPI documents in use nest about 30 levels.
DEEPEST: Final = 64
# A value with its place costs about 300 bytes in memory, so this bounds a document to some 60 MB.
MOST_VALUES: Final = 200_000
# After this many findings the rest is most likely a consequence of the first ones.
MOST_PROBLEMS: Final = 50
# JSON's readers agree on integers of up to 64 bits only.
LARGEST_INTEGER: Final = 2**63 - 1

Path: TypeAlias = tuple[str | int, ...]

# YAML 1.2.2, 10.3.2: the core schema.
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# YAML 1.2.2, 5.1: characters that may stand in a document; a lone surrogate may not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(InputError):
    """Text that is not a YAML document of the kind that is read here; `problems` says where and why."""


@dataclass(slots=True)
class _Place:
    """Where a value stands, where its key stands, and the places of what it holds. All count from 1."""

    line: int
    column: int
    key: tuple[int, int]
    children: dict[str | int, _Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """Plain data (`value`) and the places of all of it in `file`.

    `page_of` gives the address of the page that explains the field at a path; findings carry it.
    """

    file: str
    value: Json
    _root: _Place
    page_of: Callable[[Path], str] = lambda _: ""

    @property
    def mapping(self) -> Mapping[str, Any]:
        """The value where it is a mapping, else an empty one; what it holds is of any kind."""
        return self.value if isinstance(self.value, Mapping) else {}

    def position(self, path: Path = ()) -> tuple[int, int]:
        """Line and column of the value at `path`, or of the nearest value around it; they count from 1."""
        place = self._nearest(path)
        return place.line, place.column

    def key_position(self, path: Path) -> tuple[int, int]:
        """Line and column of the key at the end of `path`, or of the nearest key around it."""
        return self._nearest(path).key

    def problem(self, path: Path, message: str, remedy: str = "", *, at_key: bool = False) -> Problem:
        """A finding at the value (or the key) that `path` leads to."""
        line, column = self.key_position(path) if at_key else self.position(path)
        return Problem(self.file, line, column, message, remedy, self.page_of(path))

    def _nearest(self, path: Path) -> _Place:
        place = self._root
        for step in path:
            if step not in place.children:
                break
            place = place.children[step]
        return place


def load_yaml(text: str | bytes, file: str, *, largest: int = LARGEST) -> Document:
    """Read one YAML document of at most `largest` bytes; `file` is how it is called in messages.

    An empty text is the value None. Raises YamlError, whose `problems` name every place that is wrong;
    broken syntax ends the reading and is the last of them.
    """
    decoded = _decode(text, file, largest)
    forbidden = _FORBIDDEN.search(decoded)
    if forbidden:
        place = _place_of(decoded, forbidden.start())
        _refuse(Problem(file, *place, f"the character U+{ord(forbidden[0]):04X} may not stand in YAML.", "Remove it."))
    builder = _Builder(file)
    try:
        for event in _events(decoded):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, file))
    except _TooMuchError as error:
        builder.problems.append(error.problem)
    if builder.problems:
        _refuse(*builder.problems)
    return Document(file, builder.value, builder.root)


def _decode(text: str | bytes, file: str, largest: int) -> str:
    # The characters first: a text of that many characters has at least as many bytes.
    if len(text) > largest or (isinstance(text, str) and len(text.encode(errors="replace")) > largest):
        _refuse(Problem(file, 0, 0, f"larger than {largest // 1024} KiB.", "Is this the right file?"))
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place_of(text[: error.start].decode("utf-8-sig", errors="replace"), -1)
        _refuse(Problem(file, line, column, "not UTF-8 text.", "Save the file as UTF-8."))


def _place_of(text: str, index: int) -> tuple[int, int]:
    before = text if index < 0 else text[:index]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _refuse(*problems: Problem) -> NoReturn:
    raise YamlError(f"{problems[0].file} cannot be read as YAML.", problems=problems)


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _Loader(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = getattr(error, "problem", None) or "this cannot be understood"
    remedy = "Indent with spaces." if "\\t" in what else "Mend the syntax here or on the line before."
    return Problem(file, line, column, f"not YAML: {what}.", remedy)


class _TooMuchError(Exception):
    """A bound was met: reading goes no further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; `key` is set between a key and its value."""

    value: dict[str, Json] | list[Json]
    place: _Place
    key: str | None = None
    key_at: tuple[int, int] = (1, 1)
    # A duplicate key's value is read and dropped.
    drop: bool = False


class _Builder:
    """Takes YAML events and builds `value` and `root`, noting what is wrong in `problems`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.value: Json = None
        self.root = _Place(1, 1, (1, 1))
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._documents = 0
        self._values = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(event, "a second document starts here.", "Keep one document in a file.")
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._report(event, "aliases are not read.", "Write the value out.")
            self._add(event, None)
        elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            self._node(event)

    def _node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            self._stop(event, f"more than {MOST_VALUES} values.", "Split the document.")
        if event.anchor is not None:
            self._report(event, "anchors are not read.", "Write the value out where it is needed.")
        if event.tag is not None:
            self._report(event, f"the tag {event.tag} is not read.", "Remove it; quote what is meant as text.")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
            return
        collection: dict[str, Json] | list[Json] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if len(self._open) >= DEEPEST:
            self._stop(event, f"nested deeper than {DEEPEST} levels.", "Flatten the document.")
        self._open.append(_Open(collection, self._add(event, collection)))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._key(parent, event)
            return
        self._add(event, self._resolve(event) if event.implicit[0] else event.value)

    def _key(self, parent: _Open, event: yaml.ScalarEvent) -> None:
        text = event.value
        parent.key, parent.key_at = text, _start(event)
        parent.drop = text in parent.place.children
        if parent.drop:
            line, _ = parent.place.children[text].key
            self._report(event, f'"{_short(text)}" stands here a second time, after line {line}.', "Keep one of them.")
        elif text == "<<" and event.implicit[0]:
            self._report(event, "merge keys are not read.", "Write the values out.")

    def _add(self, event: yaml.Event, value: Json) -> _Place:
        """Put a value where it belongs and return its place."""
        start = _start(event)
        parent = self._open[-1] if self._open else None
        if parent is None:
            self.value, self.root = value, _Place(*start, start)
            return self.root
        if isinstance(parent.value, list):
            place = _Place(*start, start)
            parent.place.children[len(parent.value)] = place
            parent.value.append(value)
            return place
        if parent.key is None:
            # A list or a mapping as a key; what follows it is taken as its value.
            self._report(event, "a key must be text.", "Put it in quotes.")
            parent.key, parent.key_at, parent.drop = "", start, True
            return _Place(*start, start)
        place = _Place(*start, parent.key_at)
        if not parent.drop:
            parent.place.children[parent.key] = place
            parent.value[parent.key] = value
        parent.key = None
        return place

    def _resolve(self, event: yaml.ScalarEvent) -> Json:
        text = event.value
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return self._integer(event, text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return number
        elif not _NOT_A_NUMBER.fullmatch(text):
            return text
        self._report(event, f"{_short(text)} is not a number that can be used.", "Put it in quotes if text is meant.")
        return None

    def _integer(self, event: yaml.ScalarEvent, text: str) -> Json:
        # The digits are counted before they are read: Python refuses to read over 4,300 of them.
        if len(text) <= len(str(LARGEST_INTEGER)) + 1:
            base = {"0o": 8, "0x": 16}.get(text[:2], 10)
            number = int(text, base)
            if abs(number) <= LARGEST_INTEGER:
                return number
        self._report(event, f"{_short(text)} is too large a number.", "Put it in quotes if text is meant.")
        return None

    def _report(self, event: yaml.Event, message: str, remedy: str) -> None:
        problem = Problem(self.file, *_start(event), message, remedy)
        if len(self.problems) >= MOST_PROBLEMS:
            raise _TooMuchError(Problem(self.file, *_start(event), "too many errors.", "Mend those above first."))
        self.problems.append(problem)

    def _stop(self, event: yaml.Event, message: str, remedy: str) -> NoReturn:
        raise _TooMuchError(Problem(self.file, *_start(event), message, remedy))


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _short(text: str) -> str:
    # Foreign text in a message stays on one line of a terminal.
    longest = 60
    return text if len(text) <= longest else f"{text[:longest]}…"
