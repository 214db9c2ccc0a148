"""PodDisruptionBudgets: how many pods may go just now."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from greenroom.local.cluster.controllers import pods
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import Manifest, condition_of, labels_of, namespace_of, timestamp
from greenroom.local.cluster.resources import DISRUPTION_BUDGETS, PODS
from greenroom.local.cluster.selectors import match_selector
from greenroom.local.cluster.storage import Change


class DisruptionController:
    """Counts the healthy pods of each budget."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is DISRUPTION_BUDGETS:
            return [key_of(change.object)]
        if change.resource is not PODS:
            return []
        budgets = self._context.store.objects(DISRUPTION_BUDGETS, namespace_of(change.object))
        return [key_of(each) for each in budgets if _covers(each, change.object)]

    def reconcile(self, key: Key) -> None:
        budget = self._context.store.get(DISRUPTION_BUDGETS, *key)
        if budget is None:
            return
        covered = [pod for pod in self._context.store.objects(PODS, key[0]) if _covers(budget, pod)]
        current = pods.active(covered)
        expected, healthy = len(current), len(pods.ready(current))
        wanted = _desired(budget["spec"], expected)
        allowed = max(0, healthy - wanted) if expected else 0
        status = {
            "observedGeneration": budget["metadata"]["generation"],
            "disruptionsAllowed": allowed,
            "currentHealthy": healthy,
            "desiredHealthy": wanted,
            "expectedPods": expected,
            "conditions": [self._condition(budget, allowed)],
        }
        self._context.operations.set_status(DISRUPTION_BUDGETS, budget, status, MANAGER)

    def _condition(self, budget: Manifest, allowed: int) -> Manifest:
        state = "True" if allowed else "False"
        before = condition_of(budget, "DisruptionAllowed")
        same = before is not None and before["status"] == state
        return {
            "type": "DisruptionAllowed",
            "status": state,
            "observedGeneration": budget["metadata"]["generation"],
            "lastTransitionTime": before["lastTransitionTime"]
            if before and same
            else timestamp(self._context.clock.now()),
            "reason": "SufficientPods" if allowed else "InsufficientPods",
            "message": "",
        }


def _covers(budget: Manifest, pod: Manifest) -> bool:
    return match_selector(budget["spec"].get("selector"), labels_of(pod))


def _desired(spec: Manifest, expected: int) -> int:
    if "minAvailable" in spec:
        return _resolve(spec["minAvailable"], expected)
    return max(0, expected - _resolve(spec.get("maxUnavailable", 0), expected))


def _resolve(value: Any, total: int) -> int:
    return value if isinstance(value, int) else math.ceil(float(str(value).rstrip("%") or 0) * total / 100)
