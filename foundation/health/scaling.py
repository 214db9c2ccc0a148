"""The rules for what scales workloads and protects them: HorizontalPodAutoscaler and PodDisruptionBudget."""

from __future__ import annotations

import json

from foundation.health.conditions import CONDITION, condition_of, terminating, told, unobserved, words_of
from foundation.health.masks import Mask, kept
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mapping_at, mappings_at, moment_at, number_at, text_at
from foundation.jsontypes import JsonObject

_TARGET = kept("apiVersion", "kind", "name")
AUTOSCALER_READS: Mask = {
    "spec": kept("minReplicas", "maxReplicas", scaleTargetRef=_TARGET),
    "status": kept("currentReplicas", "desiredReplicas", "observedGeneration", conditions=CONDITION),
}
BUDGET_READS: Mask = {
    "spec": kept("minAvailable", "maxUnavailable"),
    "status": kept(
        *("observedGeneration", "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"),
        conditions=CONDITION,
    ),
}

# What the controller says when it cannot work (kubernetes/pkg/controller/podautoscaler/horizontal.go); Argo CD's list
# (gitops-engine/pkg/health/health_hpa.go).
_BLIND = (
    "FailedGet",
    "FailedUpdateScale",
    "FailedComputeMetricsReplicas",
    "InvalidSelector",
    "InvalidMetricSourceType",
)
# Where the first versions of the API keep their conditions.
_OLD_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"
# Characters of that annotation that are read: five conditions have a fifth of it.
_LONGEST_ANNOTATION = 20_000


def judge_autoscaler(item: JsonObject) -> Verdict:
    """Blind, at its maximum while load asks for more, or at work."""
    early = terminating(item)
    if early:
        return early
    item = _with_conditions(item)
    conditions = mappings_at(item, "status", "conditions")
    for condition in conditions:
        if condition.get("status") == "False" and text_at(condition, "reason").startswith(_BLIND):
            return told(Status.DEGRADED, condition, _lead(condition))
    if not conditions:
        return Verdict(Status.PROGRESSING, "It has not looked at its workload yet", "Waiting")
    current, highest = number_at(item, "status", "currentReplicas"), number_at(item, "spec", "maxReplicas")
    limited = condition_of(item, "ScalingLimited")
    if limited.get("status") == "True" and text_at(limited, "reason") == "TooManyReplicas":
        since = moment_at(limited, "lastTransitionTime")
        return Verdict(
            Status.HEALTHY, f"At its maximum of {highest} pods, and the load asks for more", "AtMaximum", since
        )
    if any(condition_of(item, each).get("status") == "True" for each in ("AbleToScale", "ScalingLimited")):
        return Verdict(Status.HEALTHY, f"Keeps {current} pods, of at most {highest}")
    return Verdict(Status.PROGRESSING, words_of(conditions[0]), text_at(conditions[0], "reason") or None)


def judge_budget(item: JsonObject) -> Verdict:
    """Whether a node can be drained under it; one that never lets a pod go, with all of them well, is a concern."""
    early = terminating(item) or unobserved(item)
    if early:
        return early
    condition = condition_of(item, "DisruptionAllowed")
    if condition.get("status") == "False" and text_at(condition, "reason") not in {"InsufficientPods", ""}:
        return told(Status.DEGRADED, condition, "It protects nothing")
    if "status" not in item or not mapping_at(item, "status"):
        return Verdict(Status.PROGRESSING, "It has not counted its pods yet", "Waiting")
    allowed, expected = number_at(item, "status", "disruptionsAllowed"), number_at(item, "status", "expectedPods")
    healthy, needed = number_at(item, "status", "currentHealthy"), number_at(item, "status", "desiredHealthy")
    if allowed > 0 or not expected:
        return Verdict(
            Status.HEALTHY, f"{allowed} of {expected} pods may be evicted" if expected else "It protects no pod"
        )
    if needed >= expected:
        said = f"Blocks every drain: all {expected} pods have to stay, so that their nodes cannot be emptied"
        return Verdict(Status.HEALTHY, said, "BlocksDrain", moment_at(condition, "lastTransitionTime"))
    # What is wrong with the pods is for them to say.
    return Verdict(Status.HEALTHY, f"No pod may be evicted now: {healthy} healthy, {needed} needed")


def _lead(condition: JsonObject) -> str:
    if text_at(condition, "reason").startswith("FailedGet"):
        return "It cannot read its metrics"
    return "It cannot scale its workload"


def _with_conditions(item: JsonObject) -> JsonObject:
    """`item` with the conditions that autoscaling/v1 keeps in an annotation."""
    text = text_at(item, "metadata", "annotations", _OLD_CONDITIONS)
    if not text or len(text) > _LONGEST_ANNOTATION or mappings_at(item, "status", "conditions"):
        return item
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return item
    if not isinstance(found, list):
        return item
    return {**item, "status": {**mapping_at(item, "status"), "conditions": found}}
