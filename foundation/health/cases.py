"""The cases of a table, compiled: what has to hold of an object, and what is said of it then."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

from foundation.health.conditions import CONDITION, judge_conditions, words_of
from foundation.health.masks import KEEP, Mask, merged
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mappings_at, moment_at, text_at
from foundation.jsontypes import Json, JsonObject

# What holds, and the condition that it was read from, if it was one: `None` does not hold, an empty mapping does.
Test: TypeAlias = "Callable[[JsonObject], JsonObject | None]"

_HOLDS: JsonObject = {}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_STEP = re.compile(r"([^.\[\]]+)(?:\[([A-Za-z]+)=([^\]]+)\])?(?:\.|$)")


@dataclass(frozen=True)
class Case:
    """Gives its verdict where it holds; `reads` is what it looks at."""

    status: Status
    test: Test
    message: str | None
    reason: str | None
    subject: str | None
    reads: Mask

    def __call__(self, item: JsonObject) -> Verdict | None:
        found = self.test(item)
        if found is None:
            return None
        reason = self.reason or text_at(found, "reason") or text_at(found, "type") or self._subject_of(item)
        since = moment_at(found, "lastTransitionTime")
        return Verdict(self.status, self._sentence(item, found), None if self._is_plain else reason, since)

    @property
    def _is_plain(self) -> bool:
        # A Healthy verdict with a reason is a concern, which only a table that names one means.
        return self.status is Status.HEALTHY and self.reason is None

    def _subject_of(self, item: JsonObject) -> str:
        return _shown(_value(item, self.subject)) if self.subject else self.status.value

    def _sentence(self, item: JsonObject, found: JsonObject) -> str:
        if self.message:
            return _filled(self.message, item)
        if found:
            return words_of(found)
        said = text_at(item, "status", "message")
        if said:
            return " ".join(said.split())
        if self.subject:
            return f"{self.subject.rpartition('.')[2]} is {_shown(_value(item, self.subject))}"
        return f"{text_at(item, 'kind')} is {self.status.value.lower()}"


@dataclass(frozen=True)
class Otherwise:
    """What is said where no case holds."""

    status: Status | None = None
    message: str = ""
    reads: Mask = KEEP

    @property
    def is_standard(self) -> bool:
        """Whether the standard conditions decide."""
        return self.status is None

    def __call__(self, item: JsonObject) -> Verdict:
        if self.status is not None:
            reason = None if self.status is Status.HEALTHY else "Otherwise"
            return Verdict(self.status, _filled(self.message, item), reason)
        standard = judge_conditions(item)
        return standard or Verdict(Status.PROGRESSING, f"{text_at(item, 'kind')} has not reported yet", "NotReported")


def case_of(given: Mapping[str, Any]) -> Case:
    """A case as a table writes it, which was held against the schema."""
    test, reads = _test(given["when"])
    message = given.get("message")
    for path in _PLACEHOLDER.findall(message or "{status.message}"):
        reads = merged(reads, _mask_of(path, KEEP))
    subject = given["when"].get("path") if isinstance(given["when"], Mapping) else None
    return Case(Status(given["status"]), test, message, given.get("reason"), subject, reads)


def otherwise_of(given: str | Mapping[str, Any]) -> Otherwise:
    """What a table says where no case holds."""
    if isinstance(given, str):
        return Otherwise(reads={})
    reads: Mask = {}
    for path in _PLACEHOLDER.findall(given["message"]):
        reads = merged(reads, _mask_of(path, KEEP))
    return Otherwise(Status(given["status"]), given["message"], reads)


def _test(given: Any) -> tuple[Test, Mask]:  # what a table may write is told by its schema
    if isinstance(given, Sequence):
        return _all([_test(each) for each in given])
    if "any" in given:
        return _any([_test(each) for each in given["any"]])
    if "not" in given:
        test, reads = _test(given["not"])
        return lambda item: _HOLDS if test(item) is None else None, reads
    if "condition" in given:
        return _condition(given)
    if "some" in given:
        return _some(given["some"], *_test(given["have"]))
    return _path(given)


def _all(parts: Sequence[tuple[Test, Mask]]) -> tuple[Test, Mask]:
    tests = [test for test, _ in parts]

    def holds(item: JsonObject) -> JsonObject | None:
        found = _HOLDS
        for test in tests:
            each = test(item)
            if each is None:
                return None
            found = found or each
        return found

    return holds, _joined(parts)


def _any(parts: Sequence[tuple[Test, Mask]]) -> tuple[Test, Mask]:
    tests = [test for test, _ in parts]

    def holds(item: JsonObject) -> JsonObject | None:
        return next((found for test in tests if (found := test(item)) is not None), None)

    return holds, _joined(parts)


def _joined(parts: Sequence[tuple[Test, Mask]]) -> Mask:
    return reduce(merged, (reads for _, reads in parts))


def _some(path: str, test: Test, reads: Mask) -> tuple[Test, Mask]:
    def holds(item: JsonObject) -> JsonObject | None:
        entries = _value(item, path)
        for each in entries if isinstance(entries, (list, tuple)) else ():
            found = test(each) if isinstance(each, dict) else None
            if found is not None:
                return found
        return None

    return holds, _mask_of(path, reads)


def _condition(given: Mapping[str, Any]) -> tuple[Test, Mask]:
    kind, wanted = given["condition"], _strings(given.get("is", "True"))
    reasons, saying, path = (
        _strings(given.get("reason", ())),
        given.get("saying", ""),
        given.get("in", "status.conditions"),
    )
    names = path.split(".")

    def holds(item: JsonObject) -> JsonObject | None:
        found = [each for each in mappings_at(item, *names) if _like(text_at(each, "type"), kind)]
        if not found:
            return _HOLDS if "absent" in wanted else None
        for each in found:
            fits = text_at(each, "status") in wanted and _matches(text_at(each, "reason"), reasons)
            if fits and saying in text_at(each, "message"):
                return each
        return None

    return holds, _mask_of(path, CONDITION)


def _path(given: Mapping[str, Any]) -> tuple[Test, Mask]:
    path = given["path"]
    checks = [_CHECKS[name](path, expected) for name, expected in given.items() if name in _CHECKS]
    reads = _mask_of(path, KEEP)
    for name in ("below", "above", "same"):
        if isinstance(given.get(name), str):
            reads = merged(reads, _mask_of(given[name], KEEP))

    def holds(item: JsonObject) -> JsonObject | None:
        return _HOLDS if all(check(item) for check in checks) else None

    return holds, reads


def _is(path: str, expected: Any) -> Callable[[JsonObject], bool]:
    values = list(expected) if isinstance(expected, Sequence) and not isinstance(expected, str) else [expected]
    words = [each for each in values if isinstance(each, str)]

    def check(item: JsonObject) -> bool:
        value = _value(item, path)
        if isinstance(value, str):
            return bool(words) and _matches(value, words)
        # True is no 1 here.
        return any(value == each and isinstance(value, bool) is isinstance(each, bool) for each in values)

    return check


def _present(path: str, expected: bool) -> Callable[[JsonObject], bool]:
    return lambda item: (_value(item, path) not in (None, "", (), [], {})) is expected


def _below(path: str, other: float | str) -> Callable[[JsonObject], bool]:
    return lambda item: _number(item, path) < _number(item, other)


def _above(path: str, other: float | str) -> Callable[[JsonObject], bool]:
    return lambda item: _number(item, path) > _number(item, other)


def _same(path: str, other: str) -> Callable[[JsonObject], bool]:
    return lambda item: _value(item, path) == _value(item, other)


_CHECKS: Mapping[str, Callable[[str, Any], Callable[[JsonObject], bool]]] = {
    "is": _is,
    "present": _present,
    "below": _below,
    "above": _above,
    "same": _same,
}


def _matches(text: str, wanted: Sequence[str]) -> bool:
    """Whether `text` is like one of `wanted`; nothing wanted fits all."""
    return not wanted or any(_like(text, each) for each in wanted)


def _like(text: str, pattern: str) -> bool:
    """Whether they are equal, where a `*` at either end of the pattern stands for whatever is there."""
    if pattern.startswith("*"):
        return text.endswith(pattern[1:])
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def _strings(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _number(item: JsonObject, given: float | str) -> float:
    if not isinstance(given, str):
        return given
    value = _value(item, given)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


def _value(item: Json, path: str) -> Json:
    """What stands at `path`; `[name=value]` picks the entry of a list whose field has that value."""
    for name, field, wanted in _STEP.findall(path):
        if not isinstance(item, dict):
            return None
        item = item.get(name)
        if field:
            entries = item if isinstance(item, (list, tuple)) else ()
            item = next((each for each in entries if isinstance(each, dict) and each.get(field) == wanted), None)
    return item


def _mask_of(path: str, last: Mask) -> Mask:
    mask = last
    for name, field, _ in reversed(_STEP.findall(path)):
        mask = {name: merged(mask, {field: KEEP}) if field else mask}
    return mask


def _filled(message: str, item: JsonObject) -> str:
    return " ".join(_PLACEHOLDER.sub(lambda found: _shown(_value(item, found[1])), message).split())


def _shown(value: Json) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list, tuple)):
        return "…"
    return str(value)
