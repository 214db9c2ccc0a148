"""Cells of the server's tables: what `kubectl get` shows of an object."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from greenroom.local.cluster.objects import Manifest, condition_of, moment_of

Cell: TypeAlias = Callable[[Manifest, datetime], Any]

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Column:
    """A column; those with priority 1 show with `-o wide` only."""

    name: str
    cell: Cell
    type: str = "string"
    priority: int = 0

    def definition(self) -> Manifest:
        """The column as a table's head describes it."""
        form = "name" if self.name == "Name" else ""
        return {
            "name": self.name,
            "type": self.type,
            "format": form,
            "description": self.name,
            "priority": self.priority,
        }


def age(since: str | None, now: datetime) -> str:
    """How long ago, as kubectl writes it: 5s, 3m10s, 4h, 12d."""
    if not since:
        return "<unknown>"
    seconds = max(0, int((now - moment_of(since)).total_seconds()))
    if seconds < 2 * _MINUTE:
        return f"{seconds}s"
    if seconds < 10 * _MINUTE:
        rest = seconds % _MINUTE
        return f"{seconds // _MINUTE}m{rest}s" if rest else f"{seconds // _MINUTE}m"
    if seconds < 3 * _HOUR:
        return f"{seconds // _MINUTE}m"
    return f"{seconds // _HOUR}h" if seconds < 2 * _DAY else f"{seconds // _DAY}d"


def at(path: str, default: Any = "") -> Cell:
    """The value at a dotted path; lists and maps as JSON, as custom columns show them."""
    steps = path.split(".")

    def cell(manifest: Manifest, _: datetime) -> Any:
        node: Any = manifest
        for step in steps:
            node = node.get(step) if isinstance(node, dict) else None
        if node is None:
            return default
        return json.dumps(node, separators=(",", ":")) if isinstance(node, list | dict) else node

    return cell


def condition(kind: str, field: str = "status") -> Cell:
    """A field of the condition of that type."""

    def cell(manifest: Manifest, _: datetime) -> Any:
        found = condition_of(manifest, kind)
        return found.get(field, "") if found else ""

    return cell


def _age_cell(manifest: Manifest, now: datetime) -> str:
    return age(manifest["metadata"].get("creationTimestamp"), now)


NAME: Final = Column("Name", at("metadata.name"))
AGE: Final = Column("Age", _age_cell)
