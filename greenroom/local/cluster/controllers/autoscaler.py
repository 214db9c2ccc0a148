"""HorizontalPodAutoscalers: keep a workload between its bounds. The load is simulated and steady."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import Manifest, evolve, name_of, namespace_of, timestamp
from greenroom.local.cluster.resources import AUTOSCALERS, DEPLOYMENTS, STATEFUL_SETS, Resource
from greenroom.local.cluster.storage import Change

_SOURCE: Final = "horizontal-pod-autoscaler"
_TARGETS: Final[dict[str, Resource]] = {"Deployment": DEPLOYMENTS, "StatefulSet": STATEFUL_SETS}
# Percent of the requested CPU or memory that every pod is said to use: below any sensible target,
# so that nothing is scaled for load that nobody makes.
_SIMULATED_USE: Final = 35


class AutoscalerController:
    """Sets a target's replicas to at least the minimum and at most the maximum."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is AUTOSCALERS:
            return [key_of(change.object)]
        if change.resource not in _TARGETS.values():
            return []
        return [
            key_of(each)
            for each in self._context.store.objects(AUTOSCALERS, namespace_of(change.object))
            if _aims_at(each, change.object)
        ]

    def reconcile(self, key: Key) -> None:
        autoscaler = self._context.store.get(AUTOSCALERS, *key)
        if autoscaler is None:
            return
        reference = autoscaler["spec"]["scaleTargetRef"]
        kind = _TARGETS.get(reference["kind"])
        target = self._context.store.get(kind, key[0], reference["name"]) if kind else None
        if kind is None or target is None:
            message = f"the HPA controller was unable to get the target's current scale: {reference['name']} not found"
            self._write(autoscaler, [self._condition(autoscaler, "AbleToScale", "FailedGetScale", message, on=False)])
            return
        current = target["spec"].get("replicas", 1)
        least, most = autoscaler["spec"].get("minReplicas", 1), autoscaler["spec"]["maxReplicas"]
        # Nobody scales what was switched off.
        wanted = min(most, max(least, current)) if current else 0
        if wanted != current:
            changed = evolve(target, "spec.replicas", wanted)
            self._context.operations.rewrite(kind, target, changed, MANAGER, subresource="scale")
            message = f"New size: {wanted}; reason: Current number of replicas outside of bounds"
            self._context.recorder.record(autoscaler, "SuccessfulRescale", message, source=_SOURCE)
        self._report(autoscaler, target, wanted)

    def _report(self, autoscaler: Manifest, target: Manifest, wanted: int) -> None:
        able = "recommended size matches current size"
        active = "the HPA was able to successfully calculate a replica count (simulated load)"
        limited = "the desired count is within the acceptable range"
        conditions = [
            self._condition(autoscaler, "AbleToScale", "ReadyForNewScale", able),
            self._condition(autoscaler, "ScalingActive", "ValidMetricFound", active)
            if wanted
            else self._condition(autoscaler, "ScalingActive", "ScalingDisabled", "scaling is disabled", on=False),
            self._condition(autoscaler, "ScalingLimited", "DesiredWithinRange", limited, on=False),
        ]
        self._write(autoscaler, conditions, target.get("status", {}).get("replicas", 0), wanted)

    def _write(self, autoscaler: Manifest, conditions: list[Manifest], current: int = 0, wanted: int = 0) -> None:
        status = {
            "currentReplicas": current,
            "desiredReplicas": wanted,
            "currentMetrics": [_simulated(metric) for metric in autoscaler["spec"].get("metrics") or []],
            "conditions": conditions,
        }
        self._context.operations.set_status(AUTOSCALERS, autoscaler, status, MANAGER)

    def _condition(self, autoscaler: Manifest, kind: str, reason: str, message: str, *, on: bool = True) -> Manifest:
        status = "True" if on else "False"
        before = next((each for each in autoscaler["status"].get("conditions") or [] if each["type"] == kind), None)
        same = before is not None and before["status"] == status
        since = before["lastTransitionTime"] if before and same else timestamp(self._context.clock.now())
        return {"type": kind, "status": status, "lastTransitionTime": since, "reason": reason, "message": message}


def _aims_at(autoscaler: Manifest, target: Manifest) -> bool:
    reference = autoscaler["spec"]["scaleTargetRef"]
    return bool(reference["kind"] == target["kind"] and reference["name"] == name_of(target))


def _simulated(metric: Manifest) -> Manifest:
    name = metric.get("resource", {}).get("name", "cpu")
    current = {"averageUtilization": _SIMULATED_USE, "averageValue": "35m" if name == "cpu" else "35Mi"}
    return {"type": "Resource", "resource": {"name": name, "current": current}}
