"""What tells kinds of objects apart: several groups have a Service."""

from __future__ import annotations

from typing import NamedTuple

from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject


class GroupKind(NamedTuple):
    """A kind in whatever version; the group of Kubernetes' own first kinds is empty."""

    group: str
    kind: str

    def __str__(self) -> str:
        """As people write it: `Certificate.cert-manager.io`, `Pod`."""
        return f"{self.kind}.{self.group}" if self.group else self.kind


def group_kind(api_version: str, kind: str) -> GroupKind:
    """The kind of objects of `api_version`: `apps/v1`, or `v1` for the first kinds."""
    group, slash, _ = api_version.partition("/")
    return GroupKind(group if slash else "", kind)


def group_kind_of(item: JsonObject) -> GroupKind:
    """The kind of `item`, or of what a reference names; both parts empty where it does not say."""
    return group_kind(text_at(item, "apiVersion"), text_at(item, "kind"))
