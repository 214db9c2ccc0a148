"""The cases of a table, compiled: what has to hold of an object, and what is said of it then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

from foundation.health.conditions import CONDITION, UNOBSERVED, is_current, judge_conditions, words_of
from foundation.health.masks import KEEP, Mask, merged
from foundation.health.paths import Reader, filler, mask_of, placeholders, reader, shown
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import moment_at, text_at
from foundation.jsontypes import JsonObject

# What holds, and the condition that it was read from, if it was one: `None` does not hold, an empty mapping does.
Test: TypeAlias = "Callable[[JsonObject], JsonObject | None]"

_HOLDS: JsonObject = {}
# The values that say that there is nothing.
_NOTHING: tuple[object, ...] = (None, "", (), [], {})


@dataclass(frozen=True)
class Case:
    """Gives its verdict where it holds; `reads` is what it looks at."""

    status: Status
    test: Test
    say: Callable[[JsonObject], str] | None
    reason: str | None
    subject: str | None
    reads: Mask

    def __call__(self, item: JsonObject, *, observes: bool = False) -> Verdict | None:
        """The verdict on `item`; None where the case does not hold.

        `observes`: a condition that names an older generation than the object's is not about the object as it is now.
        """
        found = self.test(item)
        if found is None:
            return None
        if observes and not is_current(found, item):
            return UNOBSERVED
        since = moment_at(found, "lastTransitionTime")
        return Verdict(self.status, self._sentence(item, found), self._reason_of(item, found), since)

    def _reason_of(self, item: JsonObject, found: JsonObject) -> str | None:
        # A Healthy verdict with a reason is a concern, which only a table that names one means.
        if self.reason or self.status is Status.HEALTHY:
            return self.reason
        return text_at(found, "reason") or text_at(found, "type") or self._subject_of(item)

    def _subject_of(self, item: JsonObject) -> str:
        value = reader(self.subject)(item) if self.subject else None
        return self.status.value if value in _NOTHING or isinstance(value, bool) else shown(value)

    def _sentence(self, item: JsonObject, found: JsonObject) -> str:
        if self.say:
            return self.say(item)
        if found:
            return words_of(found)
        said = text_at(item, "status", "message")
        if said:
            return " ".join(said.split())
        if self.subject:
            return f"{self.subject.rpartition('.')[2]} is {shown(reader(self.subject)(item))}"
        return f"{text_at(item, 'kind')} is {self.status.value.lower()}"


@dataclass(frozen=True)
class Otherwise:
    """What is said where no case holds: the `status`, or, without one, what the standard conditions say."""

    status: Status | None = None
    say: Callable[[JsonObject], str] = text_at
    reads: Mask = KEEP

    @property
    def is_standard(self) -> bool:
        """Whether the standard conditions decide."""
        return self.status is None

    def __call__(self, item: JsonObject) -> Verdict:
        if self.status is not None:
            reason = None if self.status is Status.HEALTHY else "Otherwise"
            return Verdict(self.status, self.say(item), reason)
        standard = judge_conditions(item)
        return standard or Verdict(Status.PROGRESSING, f"{text_at(item, 'kind')} has not reported yet", "NotReported")


def case_of(given: Mapping[str, Any]) -> Case:
    """A case as a table writes it, which was held against the schema."""
    test, reads = _test(given["when"])
    message = given.get("message")
    reads = merged(reads, _read_by(message or "{status.message}"))
    subject = given["when"].get("path") if isinstance(given["when"], Mapping) else None
    say = filler(message) if message else None
    return Case(Status(given["status"]), test, say, given.get("reason"), subject, reads)


def otherwise_of(given: str | Mapping[str, Any]) -> Otherwise:
    """What a table says where no case holds."""
    if isinstance(given, str):
        return Otherwise(reads={})
    return Otherwise(Status(given["status"]), filler(given["message"]), _read_by(given["message"]))


def _read_by(message: str) -> Mask:
    nothing: Mask = {}
    return reduce(merged, map(mask_of, placeholders(message)), nothing)


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
    read = reader(path)

    def holds(item: JsonObject) -> JsonObject | None:
        entries = read(item)
        for each in entries if isinstance(entries, (list, tuple)) else ():
            found = test(each) if isinstance(each, dict) else None
            if found is not None:
                return found
        return None

    return holds, mask_of(path, reads)


def _condition(given: Mapping[str, Any]) -> tuple[Test, Mask]:
    path = given.get("in", "status.conditions")
    read, like = reader(path), _liker(given["condition"])
    wanted, reasons = frozenset(_strings(given.get("is", "True"))), _matcher(_strings(given.get("reason", ())))
    saying = given.get("saying", "")

    def holds(item: JsonObject) -> JsonObject | None:
        is_there = False
        conditions = read(item)
        for each in conditions if isinstance(conditions, (list, tuple)) else ():
            if not isinstance(each, dict) or not like(text_at(each, "type")):
                continue
            is_there = True
            fits = text_at(each, "status") in wanted and reasons(text_at(each, "reason"))
            if fits and (not saying or saying in text_at(each, "message")):
                return each
        return _HOLDS if "absent" in wanted and not is_there else None

    return holds, mask_of(path, CONDITION)


def _path(given: Mapping[str, Any]) -> tuple[Test, Mask]:
    path = given["path"]
    read = reader(path)
    checks = [_CHECKS[name](read, expected) for name, expected in given.items() if name in _CHECKS]
    reads = mask_of(path)
    for name in ("below", "above", "same"):
        if isinstance(given.get(name), str):
            reads = merged(reads, mask_of(given[name]))

    def holds(item: JsonObject) -> JsonObject | None:
        return _HOLDS if all(check(item) for check in checks) else None

    return holds, reads


def _is(read: Reader, expected: Any) -> Callable[[JsonObject], bool]:
    values = list(expected) if isinstance(expected, Sequence) and not isinstance(expected, str) else [expected]
    words = tuple(each for each in values if isinstance(each, str))
    fits = _matcher(words)

    def check(item: JsonObject) -> bool:
        value = read(item)
        if isinstance(value, str):
            return bool(words) and fits(value)
        # True is no 1 here.
        return any(value == each and isinstance(value, bool) is isinstance(each, bool) for each in values)

    return check


def _present(read: Reader, expected: bool) -> Callable[[JsonObject], bool]:
    return lambda item: (read(item) not in _NOTHING) is expected


def _below(read: Reader, other: float | str) -> Callable[[JsonObject], bool]:
    measure = _measure(other)
    return lambda item: _number(read(item)) < measure(item)


def _above(read: Reader, other: float | str) -> Callable[[JsonObject], bool]:
    measure = _measure(other)
    return lambda item: _number(read(item)) > measure(item)


def _same(read: Reader, other: str) -> Callable[[JsonObject], bool]:
    read_other = reader(other)
    return lambda item: read(item) == read_other(item)


_CHECKS: Mapping[str, Callable[[Reader, Any], Callable[[JsonObject], bool]]] = {
    "is": _is,
    "present": _present,
    "below": _below,
    "above": _above,
    "same": _same,
}


def _measure(given: float | str) -> Callable[[JsonObject], float]:
    if isinstance(given, str):
        read = reader(given)
        return lambda item: _number(read(item))
    return lambda _: given


def _number(value: object) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


def _matcher(wanted: Sequence[str]) -> Callable[[str], bool]:
    """Whether a text is like one of `wanted`; nothing wanted fits all."""
    if not wanted:
        return lambda _: True
    if not any("*" in each for each in wanted):
        return frozenset(wanted).__contains__
    likes = [_liker(each) for each in wanted]
    return lambda text: any(like(text) for like in likes)


def _liker(pattern: str) -> Callable[[str], bool]:
    """Whether a text is equal to `pattern`, where a `*` at either end of it stands for whatever is there."""
    inner = pattern.strip("*")
    if pattern.startswith("*") and pattern.endswith("*"):
        return lambda text: inner in text
    if pattern.startswith("*"):
        return lambda text: text.endswith(inner)
    return (lambda text: text.startswith(inner)) if pattern.endswith("*") else inner.__eq__


def _strings(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
