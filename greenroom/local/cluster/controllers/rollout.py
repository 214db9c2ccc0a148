"""The arithmetic of a rollout, after the deployment controller (pkg/controller/deployment): pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from greenroom.local.cluster.objects import Manifest, name_of


@dataclass(frozen=True)
class Limits:
    """How far a rollout may go beyond and below the number of pods that is asked for."""

    replicas: int
    surge: int
    unavailable: int

    @property
    def minimum_available(self) -> int:
        """So many pods have to be available at any time."""
        return self.replicas - self.unavailable


def limits_of(deployment: Manifest) -> Limits:
    """The limits of a deployment. Percentages of surge are rounded up, of unavailable down; both 0 means one may go."""
    spec = deployment["spec"]
    replicas = spec.get("replicas", 1)
    if is_recreate(deployment):
        return Limits(replicas, 0, replicas)
    rolling = (spec.get("strategy") or {}).get("rollingUpdate") or {}
    surge = _resolve(rolling.get("maxSurge", "25%"), replicas, up=True)
    unavailable = min(replicas, _resolve(rolling.get("maxUnavailable", "25%"), replicas, up=False))
    return Limits(replicas, surge, 1 if surge == unavailable == 0 else unavailable)


def is_recreate(deployment: Manifest) -> bool:
    """Whether old pods all go before new ones come."""
    return bool((deployment["spec"].get("strategy") or {}).get("type") == "Recreate")


def _resolve(value: Any, total: int, *, up: bool) -> int:
    if isinstance(value, int):
        return value
    share = float(str(value).rstrip("%") or 0) * total / 100
    return math.ceil(share) if up else math.floor(share)


def first_replicas(deployment: Manifest, old: list[Manifest]) -> int:
    """How many pods a new replica set begins with."""
    limits = limits_of(deployment)
    if is_recreate(deployment):
        return 0 if any(_pods(each) for each in old) else limits.replicas
    room = limits.replicas + limits.surge - sum(_wanted(each) for each in old)
    return max(0, min(limits.replicas, room))


def next_sizes(deployment: Manifest, new: Manifest, old: list[Manifest]) -> dict[str, int]:
    """By name, the replica sets whose size is to change now, and to what."""
    limits = limits_of(deployment)
    if is_recreate(deployment):
        return _recreate(limits, new, old)
    grown = _grow_new(limits, new, old)
    if grown is not None:
        return {name_of(new): grown}
    return _shrink_old(limits, new, old)


def _recreate(limits: Limits, new: Manifest, old: list[Manifest]) -> dict[str, int]:
    sizes = {name_of(each): 0 for each in old if _wanted(each)}
    if not sizes and not any(_pods(each) for each in old) and _wanted(new) != limits.replicas:
        return {name_of(new): limits.replicas}
    return sizes


def _grow_new(limits: Limits, new: Manifest, old: list[Manifest]) -> int | None:
    size = _wanted(new)
    if size > limits.replicas:
        return limits.replicas
    room = limits.replicas + limits.surge - size - sum(_wanted(each) for each in old)
    grown = min(limits.replicas, size + max(0, room))
    return grown if grown != size else None


def _shrink_old(limits: Limits, new: Manifest, old: list[Manifest]) -> dict[str, int]:
    total = _wanted(new) + sum(_wanted(each) for each in old)
    new_unavailable = max(0, _wanted(new) - _available(new))
    budget = total - limits.minimum_available - new_unavailable
    sizes: dict[str, int] = {}
    # Pods that serve nobody go first; they cost no availability.
    for each in old:
        sick = min(max(0, budget), _wanted(each) - min(_available(each), _wanted(each)))
        if sick:
            sizes[name_of(each)] = _wanted(each) - sick
            budget -= sick
    spare = _available(new) + sum(_available(each) for each in old) - limits.minimum_available
    budget = min(budget, spare)
    for each in old:
        size = sizes.get(name_of(each), _wanted(each))
        down = min(max(0, budget), size)
        if down:
            sizes[name_of(each)] = size - down
            budget -= down
    return sizes


def _wanted(replica_set: Manifest) -> int:
    return int(replica_set["spec"].get("replicas", 0))


def _pods(replica_set: Manifest) -> int:
    status = replica_set.get("status", {})
    return int(status.get("replicas", 0)) + int(status.get("terminatingReplicas", 0))


def _available(replica_set: Manifest) -> int:
    return int(replica_set.get("status", {}).get("availableReplicas", 0))
