"""A plan as people read it: a table for each environment, what becomes unavailable, and what is not known."""

from __future__ import annotations

import json
import os.path
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

# Each verb's sign, its colour, and the word for how many there are.
VERBS: Final = {
    "create": ("+", "green", "to create"),
    "update": ("~", "yellow", "to change"),
    "replace": ("±", "magenta", "to replace"),
    "delete": ("-", "red", "to delete"),
}
# Characters of a value; with two of them and a path a line still fits on a wide terminal.
LONGEST_VALUE = 40
# Characters of a field with its values for which a column is kept.
WIDEST_FIELD = 60
# Fields of one thing; whoever wants all of them asks for JSON.
MOST_FIELDS = 6
# Files of an environment that are named one by one: they say the same as the objects above them.
MOST_FILES = 3
# What every field of its kind has in front.
_PREFIXES = ("spec.template.spec.", "spec.jobTemplate.spec.template.spec.", "spec.", "Properties.")

Plan = Mapping[str, Any]  # the answer of `platform:plan-service`
Change = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of text; `style` is rich's name of a colour."""

    text: str
    style: str = ""


def plan_lines(plan: Plan) -> Iterator[Line]:
    """The whole plan."""
    places = dict.fromkeys([*(each["environment"] for each in plan["changes"]), *plan["unknown"]])
    for number, environment in enumerate(places):
        changes = [each for each in plan["changes"] if each["environment"] == environment]
        if number:
            yield Line("")
        yield Line(environment or "all environments", "bold")
        yield from _table([each for each in changes if each["verb"] in VERBS])
        unknown = plan["unknown"].get(environment, ())
        for reason in unknown:
            yield Line(f"  ? not known: {reason}", "yellow")
        known = ", as far as is known" if unknown else ""
        yield Line(f"  {_summary(changes)}{known}{_cost(plan['cost'].get(environment))}", "dim")
    if plan["needsConfirmation"]:
        yield Line("")
        yield Line(
            f"Data would go: to apply this, {plan['service']} must be typed, and a snapshot is taken first.", "red"
        )


def _table(changes: Sequence[Change]) -> Iterator[Line]:
    """Three columns: what it is, each field that changes, and what that means."""
    several = len({each["place"] for each in changes if each["where"] == "cluster"}) > 1
    rows = [(each, _title(each, several=several), _fields(each)) for each in _grouped(changes)]
    first = max((len(title) for _, title, _ in rows), default=0)
    lengths = [len(field) for _, _, fields in rows for field in fields]
    # What is longer stands out, rather than pushing all the rest to the right.
    second = max((length for length in lengths if length <= WIDEST_FIELD), default=0)
    for change, title, fields in rows:
        sign, style, _ = VERBS[change["verb"]]
        for number, field in enumerate(fields or [""]):
            begin = f"{sign} {title}" if number == 0 else ""
            end = change["impact"] if number == 0 else ""
            yield Line(f"  {begin:{first + 2}}   {field:{second}}   {end}".rstrip(), style)
        if change["blocked"]:
            yield Line(f"    cannot be done: {change['blocked']}", "red")


def _grouped(changes: Sequence[Change]) -> Iterator[Change]:
    """The changes, with many files of one verb as one: each object above them has its file, which says the same."""
    yield from (each for each in changes if each["where"] != "repository" or each["blocked"])
    files = [each for each in changes if each["where"] == "repository" and not each["blocked"]]
    if len(files) <= MOST_FILES:
        yield from files
        return
    for verb in VERBS:
        names = [str(each["name"]) for each in files if each["verb"] == verb]
        if names:
            folder = os.path.commonpath([PurePosixPath(name).parent for name in names])
            title = (
                names[0]
                if len(names) == 1
                else f"{len(names)} files{f' below {folder}' if folder not in {'', '.'} else ''}"
            )
            yield {"where": "repository", "verb": verb, "name": title, "fields": [], "impact": "", "blocked": None}


def _title(change: Change, *, several: bool) -> str:
    if change["where"] == "repository":
        return str(change["name"])
    if change["where"] == "aws":
        return f"{change['kind']} {change['name']}"
    return f"{change['kind']}/{change['name']}" + (f" in {change['place']}" if several else "")


def _fields(change: Change) -> list[str]:
    shown = [_field(each) for each in change["fields"][:MOST_FIELDS]]
    left = len(change["fields"]) - len(shown)
    return [*shown, f"and {left} more fields"] if left else shown


def _field(field: Mapping[str, Any]) -> str:
    path = str(field["path"])
    prefix = next((each for each in _PREFIXES if path.startswith(each)), "")
    before, after = shortened(field["before"], field["after"])
    return f"{path.removeprefix(prefix)} {before} → {after}"


def shortened(before: object, after: object) -> tuple[str, str]:
    """Both values in a few words: of long ones that begin alike, the beginning is left out."""
    first, second = _words(before), _words(after)
    alike = os.path.commonprefix([first, second])  # noqa: RUF071  characters are meant
    if len(alike) > LONGEST_VALUE // 2 and first != second:
        # As far as the last whole part of a name.
        cut = max(alike.rfind(each) for each in "/:, ") + 1
        first, second = (f"…{each[cut:]}" for each in (first, second))
    return _cut(first), _cut(second)


def _words(value: object) -> str:
    if value is None:
        return "not set"
    return (
        " ".join(value.split()) if isinstance(value, str) and value.strip() else json.dumps(value, ensure_ascii=False)
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _summary(changes: Sequence[Change]) -> str:
    """What is made, changed, replaced and removed of what runs; files only follow, and are counted for themselves."""
    running = [each["verb"] for each in changes if each["where"] != "repository"]
    files = sum(1 for each in changes if each["where"] == "repository" and each["verb"] in VERBS)
    counts = {verb: running.count(verb) for verb in VERBS}
    told = [f"{counts[verb]} {words}" for verb, (_, _, words) in VERBS.items() if counts[verb] or verb != "create"]
    return ", ".join([*told, *([f"{files} {'file' if files == 1 else 'files'} to write"] if files else [])])


def _cost(cost: Mapping[str, Any] | None) -> str:
    """How much more or less is paid a month; nothing where it is the same in whole coins, or not known."""
    more = round(cost["after"] - cost["before"]) if cost else 0
    return f"; cost about {more:+} {cost['currency']} a month" if cost and more else ""
