"""Paths into objects as tables write them, compiled: `status.phase`, `status.conditions[type=Ready].message`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from foundation.health.masks import KEEP, Mask, merged
from foundation.jsontypes import Json, JsonObject

# What stands at a path of an object, or None.
Reader: TypeAlias = "Callable[[Json], Json]"

# A name, and in brackets the entry of a list that it picks, or one more name, which may have dots.
_STEP = re.compile(r"([A-Za-z0-9_/-]+)(?:\[(?:([A-Za-z]+)=)?([A-Za-z0-9_./-]+)\])?(?:\.(?!$)|$)")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Step:
    """One step: to `name`, or, where a `field` is given, to the entry of a list whose field is `name`."""

    name: str
    field: str = ""

    def __call__(self, value: Json) -> Json:
        if not self.field:
            return value.get(self.name) if isinstance(value, dict) else None
        entries = value if isinstance(value, (list, tuple)) else ()
        return next((each for each in entries if isinstance(each, dict) and each.get(self.field) == self.name), None)


def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of `path`, none where it is no path."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if not found:
            return ()
        name, field, inside = found.groups()
        steps.append(Step(name))
        if inside:
            steps.append(Step(inside, field or ""))
        at = found.end()
    return tuple(steps)


@cache
def reader(path: str) -> Reader:
    """What reads the value at `path`."""
    steps = steps_of(path)
    if any(each.field for each in steps):
        return lambda value: _walked(value, steps)
    names = tuple(each.name for each in steps)

    def read(value: Json) -> Json:
        for name in names:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return read


def _walked(value: Json, steps: tuple[Step, ...]) -> Json:
    for step in steps:
        value = step(value)
    return value


def mask_of(path: str, last: Mask = KEEP) -> Mask:
    """The mask of what `path` reads, with `last` at its end."""
    mask = last
    for step in reversed(steps_of(path)):
        # Masks look through lists by themselves.
        mask = merged(mask, {step.field: KEEP}) if step.field else {step.name: mask}
    return mask


def placeholders(message: str) -> Iterator[str]:
    """The paths in a message."""
    yield from _PLACEHOLDER.findall(message)


def filler(message: str) -> Callable[[JsonObject], str]:
    """What fills the paths of `message` in, on one line."""
    readers = {path: reader(path) for path in placeholders(message)}
    if not readers:
        return lambda _: message
    return lambda item: " ".join(_PLACEHOLDER.sub(lambda found: shown(readers[found[1]](item)), message).split())


def shown(value: Json) -> str:
    """A value in a sentence."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return "…" if isinstance(value, (dict, list, tuple)) else str(value)
