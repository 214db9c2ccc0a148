"""How far a Deployment's roll-out is: the rule of `kubectl rollout status`, in words.

https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go
"""

from __future__ import annotations

from dataclasses import dataclass

from foundation.jsontypes import JsonObject
from scaffolder_actions.rollouts.paths import mapping_of, metadata_of


@dataclass(frozen=True)
class Progress:
    """`stuck` means that the cluster itself has given up waiting."""

    done: bool
    stuck: bool
    message: str


def progress_of(deployment: JsonObject) -> Progress:
    """Where the roll-out stands."""
    spec, status = mapping_of(deployment, "spec"), mapping_of(deployment, "status")
    name = metadata_of(deployment).get("name")
    if _number(metadata_of(deployment), "generation") > _number(status, "observedGeneration"):
        return Progress(done=False, stuck=False, message=f"{name}: waiting for the cluster to notice the change")
    if _condition(status, "Progressing").get("reason") == "ProgressDeadlineExceeded":
        return Progress(done=False, stuck=True, message=f"{name}: no progress within the deadline")
    wanted = _number(spec, "replicas", default=1)
    updated, total = _number(status, "updatedReplicas"), _number(status, "replicas")
    available = _number(status, "availableReplicas")
    if updated < wanted:
        message = f"{name}: {updated} of {wanted} new pods made"
    elif total > updated:
        message = f"{name}: {total - updated} old pods still to go"
    elif available < updated:
        message = f"{name}: {available} of {updated} pods ready"
    else:
        return Progress(done=True, stuck=False, message=f"{name}: {available} of {wanted} pods ready")
    return Progress(done=False, stuck=False, message=message)


def _condition(status: JsonObject, kind: str) -> JsonObject:
    conditions = status.get("conditions")
    for each in conditions if isinstance(conditions, list) else []:
        if isinstance(each, dict) and each.get("type") == kind:
            return each
    return {}


def _number(item: JsonObject, name: str, default: int = 0) -> int:
    value = item.get(name)
    return value if isinstance(value, int) else default
