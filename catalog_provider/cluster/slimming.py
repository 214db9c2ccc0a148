"""Objects cut down to what rules read, before they are kept.

A pod of 5 kB JSON keeps a fifth of it. What is kept is a table, in the shape of the objects themselves:
a new rule that reads another field adds it here. Empty values are not kept: an absent one says the same.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

from catalog_provider.cluster.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    STATEFUL_SET,
    Kind,
)
from foundation.health.masks import KEEP, Mask, kept
from foundation.jsontypes import Json, JsonObject

# Only these labels say which service an object is of.
LABELS: Final[Mapping[str, Mask]] = {
    "app.kubernetes.io/name": KEEP,
    "app.kubernetes.io/part-of": KEEP,
    "app.kubernetes.io/managed-by": KEEP,
    "backstage.io/kubernetes-id": KEEP,
}
# Characters of a text that are kept: an image name or a scheduler's reason is shorter, and a container may
# leave 4 kB of last words.
LONGEST_TEXT = 500


_METADATA = kept(
    *("name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp"),
    labels=LABELS,
    ownerReferences=kept("kind", "name", "uid", "controller"),
)
_CONDITIONS = kept("type", "status", "reason", "message", "lastTransitionTime")
_CONTAINERS = kept("name", "image")
_TEMPLATE: Mapping[str, Mask] = {"metadata": {"labels": LABELS}, "spec": {"containers": _CONTAINERS}}
_CONTAINER_STATE: Mapping[str, Mask] = {
    "waiting": kept("reason", "message"),
    "running": kept("startedAt"),
    "terminated": kept("exitCode", "signal", "reason", "finishedAt"),
}
_CONTAINER_STATUSES = kept(
    "name", "ready", "restartCount", "started", state=_CONTAINER_STATE, lastState=_CONTAINER_STATE
)
_REPLICA_COUNTS = ("observedGeneration", "replicas", "readyReplicas", "availableReplicas", "updatedReplicas")

_MASKS: Mapping[Kind, Mapping[str, Mask]] = {
    DEPLOYMENT: {
        "metadata": _METADATA,
        "spec": kept("replicas", "paused", "progressDeadlineSeconds", template=_TEMPLATE),
        "status": kept(*_REPLICA_COUNTS, conditions=_CONDITIONS),
    },
    REPLICA_SET: {
        "metadata": _METADATA,
        "spec": kept("replicas", template=_TEMPLATE),
        "status": kept(*_REPLICA_COUNTS, conditions=_CONDITIONS),
    },
    STATEFUL_SET: {
        "metadata": _METADATA,
        "spec": kept("replicas", template=_TEMPLATE, updateStrategy=kept("type", rollingUpdate=kept("partition"))),
        "status": kept(*_REPLICA_COUNTS, "currentReplicas", "currentRevision", "updateRevision"),
    },
    DAEMON_SET: {
        "metadata": _METADATA,
        "spec": kept(template=_TEMPLATE, updateStrategy=kept("type")),
        "status": kept(
            *("observedGeneration", "desiredNumberScheduled", "currentNumberScheduled"),
            *("updatedNumberScheduled", "numberReady", "numberAvailable"),
        ),
    },
    POD: {
        "metadata": _METADATA,
        "spec": kept("restartPolicy", "nodeName", containers=_CONTAINERS, initContainers=kept("name", "restartPolicy")),
        "status": kept(
            *("phase", "reason", "message", "startTime"),
            conditions=_CONDITIONS,
            containerStatuses=_CONTAINER_STATUSES,
            initContainerStatuses=_CONTAINER_STATUSES,
        ),
    },
    JOB: {
        "metadata": _METADATA,
        "spec": kept("suspend", "completions", "parallelism", template=_TEMPLATE),
        "status": kept("active", "ready", "succeeded", "failed", "startTime", "completionTime", conditions=_CONDITIONS),
    },
    CRON_JOB: {
        "metadata": _METADATA,
        "spec": kept("schedule", "timeZone", "suspend", jobTemplate={"spec": {"template": _TEMPLATE}}),
        "status": kept("lastScheduleTime", "lastSuccessfulTime", active=kept("name")),
    },
}


def slim(kind: Kind, item: JsonObject) -> JsonObject:
    """`item` with what the rules for `kind` read. Lists leave out `kind` in each item, so it is set."""
    slimmed: dict[str, Json] = {"kind": kind.name}
    for name, mask in _MASKS[kind].items():
        value = _prune(item.get(name), mask)
        if value is not None:
            slimmed[name] = value
    return slimmed


def _prune(value: Json, mask: Mask) -> Json:
    """The part of `value` that `mask` names, None where that is empty."""
    if isinstance(value, str):
        # Names, reasons and images repeat over thousands of objects: one copy of each is kept.
        return sys.intern(value[:LONGEST_TEXT])
    if mask is None:
        return value
    if isinstance(value, dict):
        pruned = {name: _prune(value[name], deeper) for name, deeper in mask.items() if name in value}
        return {name: each for name, each in pruned.items() if each is not None} or None
    if isinstance(value, list):
        return tuple(_prune(each, mask) for each in value) or None
    return None
