"""Whether a schedule is one that Kubernetes' CronJob takes.

The grammar is that of https://pkg.go.dev/github.com/robfig/cron/v3, which Kubernetes uses, without its nicknames.
"""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Each field with its least and greatest number, and names that stand for numbers from the least on.
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_PART = re.compile(r"(\*|(\w+)(?:-(\w+))?)(?:/(\d+))?")


def cron_fault(text: str) -> str | None:
    """What is wrong with five fields of cron, as half a sentence; None where nothing is."""
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} fields"
    for value, (name, least, greatest, words) in zip(fields, _FIELDS, strict=True):
        for part in value.split(","):
            if not _is_part(part, least, greatest, words):
                return f'"{part[:40]}" is no {name} ({least} to {greatest})'
    return None


def _is_part(part: str, least: int, greatest: int, words: tuple[str, ...]) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    _, first, last, step = match.groups()
    if step is not None and not 0 < int(step[:4]) <= greatest:
        return False
    numbers = [_number(each, least, words) for each in (first, last) if each is not None]
    if any(each is None or not least <= each <= greatest for each in numbers):
        return False
    return len(numbers) < 2 or numbers[0] <= numbers[1]  # type: ignore[operator]  # noqa: PLR2004  a range has two ends


def _number(text: str, least: int, words: tuple[str, ...]) -> int | None:
    if text.lower() in words:
        return words.index(text.lower()) + least
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None  # noqa: PLR2004  three digits are past all
