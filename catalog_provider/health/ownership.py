"""Which objects of a service are its workloads, and which pods belong to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from catalog_provider.cluster.kept import controller_of
from catalog_provider.cluster.store import DEEPEST_OWNERSHIP
from foundation.health.kinds import group_kind_of
from foundation.health.rulebook import Rulebook
from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject

# Kinds that are watched and own others: an owner of such a kind that is not there is gone, and what it
# left behind is on its way out too. An owner of any other kind is simply not seen.
OWNERS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"})
# First what serves; the first workload's version is the service's.
ORDER = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob", "Job", "Pod")


def workloads_of(objects: Sequence[JsonObject], rulebook: Rulebook) -> tuple[JsonObject, ...]:
    """What runs pods and nothing else among `objects` owns; of Jobs of one owner that is not watched the latest alone."""
    running = [each for each in objects if rulebook.runs_pods(group_kind_of(each))]
    present = {_uid(each) for each in running}
    roots = [each for each in running if _is_root(each, present)]
    latest: dict[str, JsonObject] = {}
    for each in roots:
        owner = _owner(each) if each.get("kind") == "Job" else ""
        key = owner or _uid(each)
        if key not in latest or _created(each) > _created(latest[key]):
            latest[key] = each
    return tuple(sorted(latest.values(), key=_position))


def resources_of(objects: Sequence[JsonObject], rulebook: Rulebook) -> tuple[JsonObject, ...]:
    """What stands beside the workloads and is owned by nothing else among `objects`."""
    present = {_uid(each) for each in objects}
    kinds = ((each, group_kind_of(each)) for each in objects)
    beside = (each for each, kind in kinds if kind.kind != "Event" and not rulebook.runs_pods(kind))
    return tuple(sorted((each for each in beside if _is_root(each, present)), key=_position))


def runs_by_schedule(objects: Sequence[JsonObject]) -> dict[str, list[JsonObject]]:
    """Uid of a CronJob → the Jobs among `objects` that it has started."""
    runs: dict[str, list[JsonObject]] = defaultdict(list)
    for each in objects:
        if each.get("kind") == "Job":
            runs[_owner(each)].append(each)
    return runs


def pods_by_workload(objects: Sequence[JsonObject]) -> dict[str, list[JsonObject]]:
    """Uid of a workload → its pods, through ReplicaSets and Jobs; a bare pod is its own."""
    by_uid = {_uid(each): each for each in objects}
    pods: dict[str, list[JsonObject]] = defaultdict(list)
    for each in objects:
        if each.get("kind") == "Pod":
            *_, top = _ancestry(each, by_uid)
            pods[_uid(top)].append(each)
    return pods


def _ancestry(item: JsonObject, by_uid: dict[str, JsonObject]) -> Iterator[JsonObject]:
    current: JsonObject | None = item
    for _ in range(DEEPEST_OWNERSHIP):
        if current is None:
            return
        yield current
        current = by_uid.get(_owner(current))


def _is_root(item: JsonObject, present: set[str]) -> bool:
    controller = controller_of(item)
    if controller is None:
        return True
    return text_at(controller, "uid") not in present and text_at(controller, "kind") not in OWNERS


def _position(item: JsonObject) -> tuple[int, str, str, str]:
    kind = text_at(item, "kind")
    place = ORDER.index(kind) if kind in ORDER else len(ORDER)
    return place, kind, text_at(item, "metadata", "namespace"), text_at(item, "metadata", "name")


def _uid(item: JsonObject) -> str:
    return text_at(item, "metadata", "uid")


def _owner(item: JsonObject) -> str:
    return text_at(controller_of(item) or {}, "uid")


def _created(item: JsonObject) -> str:
    # RFC 3339 in UTC, as API servers write it, sorts as text.
    return text_at(item, "metadata", "creationTimestamp")
