"""The page that lists a service's decisions, and their place in the menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from techdocs.configuration.navigation import Item
from techdocs.decisions.records import Decision
from techdocs.prose import inert

OVERVIEW: Final = "index.md"


def overview(decisions: Sequence[Decision]) -> str:
    """A table of the decisions, as Markdown; links are relative to their folder."""
    lines = ["# Decisions", "", "| No. | Decision | Status | Date |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {each.number} | [{inert(each.title)}]({_address(each.file)}) | {_cell(each.status)} | {_cell(each.date)} |"
        for each in decisions
    ]
    return "\n".join([*lines, ""])


def in_order(decisions: Sequence[Decision]) -> list[Decision]:
    """By number, and by name where two have the same."""
    return sorted(decisions, key=lambda decision: (decision.number, decision.file))


def section(folder: str, index: str, decisions: Sequence[Decision]) -> Item:
    """The menu's section of the decisions in `folder`, after their page `index`."""
    pages: list[Item] = [{f"{each.number} {each.title}": f"{folder}/{each.file}"} for each in decisions]
    return {"Decisions": [{"Overview": f"{folder}/{index}"}, *pages]}


def _cell(text: str) -> str:
    return inert(text) or "&nbsp;"


def _address(file: str) -> str:
    # A link's target ends at a space or a bracket.
    return file.translate({ord(character): f"%{ord(character):02X}" for character in ' ()<>"#?%'})
