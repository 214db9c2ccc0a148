"""Reads decision records: Markdown files whose names begin with a number of four digits.

Known forms: MADR 2 (`* Status: accepted`), MADR 3 and 4 (front matter), Nygard (`## Status`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from foundation.errors import GreenroomError
from foundation.jsontypes import Json
from foundation.yaml import load_yaml

# As in Backstage's own ADR plugin.
FILE: Final = re.compile(r"(?P<number>\d{4})-(?P<slug>.+)\.md", re.IGNORECASE)
# Only the beginning of a record says what it is.
HEAD_LINES: Final = 80
_FRONT: Final = re.compile(r"\A---[ \t]*\r?\n(?P<yaml>.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TITLE: Final = re.compile(r"^#[ \t]+(?P<title>.+?)[ \t#]*$", re.MULTILINE)
_NUMBER_IN_TITLE: Final = re.compile(r"^(?:ADR[- ]?)?\d{1,4}\s*[.:)\-\u2013\u2014]\s+", re.IGNORECASE)
_ITEM: Final = re.compile(
    r"^[ \t]*[-*+]?[ \t]*(?:\*\*)?(?P<key>status|date)(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*(?P<value>.+)$", re.IGNORECASE
)
_SECTION: Final = re.compile(r"^##+[ \t]+(?P<key>status|date)[ \t#]*$", re.IGNORECASE)
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
# A status with its date on one line, as in "accepted, 2024-01-02".
_DATED: Final = re.compile(r"(?P<status>.*?\w)(?:\s+on)?[\s,;:(\u00b7\u2013-]+(?P<date>\d{4}-\d{2}-\d{2})\)?")
LONGEST: Final = 120


@dataclass(frozen=True)
class Decision:
    """A decision record. `status` and `date` are empty where the record says none."""

    file: str
    number: str
    title: str
    status: str = ""
    date: str = ""


def read_decision(file: str, text: str) -> Decision | None:
    """The record in `file` (its name without folders); None when the name is not that of a record."""
    name = FILE.fullmatch(file)
    if name is None:
        return None
    front, body = _front_matter(text)
    head = "\n".join(body.splitlines()[:HEAD_LINES])
    said = _said(head) | front
    heading = _TITLE.search(head)
    title = _NUMBER_IN_TITLE.sub("", heading["title"]) if heading else name["slug"].replace("-", " ").capitalize()
    status, date = _plain(said.get("status", "")), _plain(said.get("date", ""))
    dated = _DATED.fullmatch(status)
    if dated and not date:
        status, date = dated["status"], dated["date"]
    return Decision(file, name["number"], _plain(title), status, date)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    try:
        value: Json = load_yaml(match["yaml"], "front matter").value
    except GreenroomError:
        value = None
    front = value if isinstance(value, Mapping) else {}
    return {key: str(front[key]) for key in ("status", "date") if front.get(key)}, text[match.end() :]


def _said(head: str) -> dict[str, str]:
    """Status and date as a list item or as the line below a heading; the first of each counts."""
    said: dict[str, str] = {}
    below = ""
    for line in head.splitlines():
        section = _SECTION.match(line)
        item = _ITEM.match(line)
        if section:
            below = section["key"].lower()
        elif item:
            said.setdefault(item["key"].lower(), item["value"])
        elif below and line.strip():
            said.setdefault(below, line)
            below = ""
    return said


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", text).strip(" \t*_`")[:LONGEST]
