"""What a service is made of, one by one, and how each of it is doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from foundation.jsontypes import Json, JsonObject

Status = Literal["Healthy", "Progressing", "Degraded", "Missing", "Skipped"]
# An object in a cluster, a resource of the service's stack, or an entry of the secret store.
Place = Literal["cluster", "aws", "vault"]
WELL: Final = frozenset({"Healthy", "Skipped"})


@dataclass(frozen=True)
class Child:
    """One part of a service in one environment. `cluster` is empty outside of clusters; `reason` is for people."""

    where: Place
    cluster: str
    kind: str
    name: str
    status: Status
    reason: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing more is to be waited for."""
        return self.status in WELL

    def as_json(self) -> JsonObject:
        return {
            "where": self.where,
            "cluster": self.cluster,
            "kind": self.kind,
            "name": self.name,
            "status": self.status,
            "reason": self.reason,
        }


CHILD_SCHEMA: Final[JsonObject] = {
    "type": "object",
    "required": ["where", "cluster", "kind", "name", "status", "reason"],
    "properties": {
        "where": {"type": "string", "enum": list(get_args(Place))},
        "cluster": {"type": "string"},
        "kind": {"type": "string"},
        "name": {"type": "string"},
        "status": {"type": "string", "enum": list(get_args(Status))},
        "reason": {"type": "string"},
    },
}


def table(children: Sequence[JsonObject]) -> list[str]:
    """The children as lines whose columns stand below one another, what is not well first."""
    rows = [
        (
            str(each["status"]),
            str(each["cluster"] or each["where"]),
            f"{each['kind']}/{each['name']}",
            str(each["reason"]),
        )
        for each in sorted(children, key=_urgency)
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in rows
    ]


def _urgency(child: JsonObject) -> bool:
    status: Json = child["status"]
    return status in WELL
