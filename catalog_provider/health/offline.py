"""Objects judged without a cluster: each on its own, and a workload with the pods that came with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog_provider.health.model import iso
from catalog_provider.health.ownership import pods_by_workload, runs_by_schedule
from catalog_provider.health.rollup import roll_up
from foundation.health.kinds import GroupKind, group_kind_of
from foundation.health.rulebook import Rulebook
from foundation.health.verdict import Verdict
from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject

_POD = GroupKind("", "Pod")


@dataclass(frozen=True)
class Judged:
    """An object with its verdict."""

    api_version: str
    kind: str
    namespace: str
    name: str
    verdict: Verdict

    def to_json(self) -> JsonObject:
        """First what every reader asks for."""
        return {
            "kind": self.kind,
            "name": self.name,
            "status": self.verdict.status.value,
            "message": self.verdict.message,
            "namespace": self.namespace,
            "apiVersion": self.api_version,
            "reason": self.verdict.reason,
            "since": iso(self.verdict.since),
        }


def explain(objects: Sequence[JsonObject], rulebook: Rulebook, now: datetime) -> Iterator[Judged]:
    """Each of `objects`, in their order.

    A pod in trouble counts against its workload, also after a finished rollout, when both are among them.
    """
    pods, runs = pods_by_workload(objects), runs_by_schedule(objects)
    for each in objects:
        kind, uid = group_kind_of(each), text_at(each, "metadata", "uid")
        own = pods.get(uid, []), runs.get(uid, [])
        if kind != _POD and rulebook.runs_pods(kind) and any(own):
            verdict = roll_up(each, own[0], now, own[1], rulebook).verdict
        else:
            verdict = rulebook.judge(each, now)
        yield Judged(
            text_at(each, "apiVersion"),
            text_at(each, "kind"),
            text_at(each, "metadata", "namespace"),
            text_at(each, "metadata", "name"),
            verdict,
        )
