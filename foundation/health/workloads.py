"""The rules of workloads and their pods, each with what it reads of an object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from foundation.health.conditions import CONDITION
from foundation.health.jobs import judge_job
from foundation.health.kinds import GroupKind
from foundation.health.masks import KEEP, Mask, kept
from foundation.health.pods import judge_pod
from foundation.health.rollouts import judge_daemon_set, judge_deployment, judge_replica_set, judge_stateful_set
from foundation.health.schedules import judge_cron_job
from foundation.health.verdict import Verdict
from foundation.jsontypes import JsonObject

# The labels that say which service an object is of, and which part it plays there.
LABELS: Mapping[str, Mask] = dict.fromkeys(
    (
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/component",
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/managed-by",
        "backstage.io/kubernetes-id",
    ),
    KEEP,
)
# By which owners are named, the first that is there; as an annotation or as a label.
OWNERS = ("greenroom/owner", "backstage.io/owner", "team", "owner")
# What system it is a part of, likewise.
SYSTEMS = ("greenroom/system", "app.kubernetes.io/part-of")
# What a workload may say of itself beyond its service, for those that no document describes.
ABOUT = frozenset(
    {
        *OWNERS,
        *SYSTEMS,
        *("greenroom/exclude", "greenroom/title", "greenroom/description"),
        *("greenroom/dashboard", "greenroom/logs", "greenroom/runbook"),
        *("backstage.io/techdocs-ref", "backstage.io/source-location"),
    }
)
_ABOUT: Mapping[str, Mask] = {"labels": dict.fromkeys(ABOUT, KEEP), "annotations": dict.fromkeys(ABOUT, KEEP)}
_CONTAINERS = kept("name", "image", resources={"limits": kept("memory")})
_TEMPLATE: Mapping[str, Mask] = {"metadata": {"labels": LABELS}, "spec": {"containers": _CONTAINERS}}
_STATE: Mapping[str, Mask] = {
    "waiting": kept("reason", "message"),
    "running": kept("startedAt"),
    "terminated": kept("exitCode", "signal", "reason", "finishedAt"),
}
_CONTAINER_STATUSES = kept("name", "ready", "restartCount", "started", state=_STATE, lastState=_STATE)
_COUNTS = ("observedGeneration", "replicas", "readyReplicas", "availableReplicas", "updatedReplicas")

RULES: Mapping[GroupKind, tuple[Callable[[JsonObject, datetime], Verdict], Mask]] = {
    GroupKind("apps", "Deployment"): (
        lambda item, _now: judge_deployment(item),
        {
            "metadata": _ABOUT,
            "spec": kept("replicas", "paused", "progressDeadlineSeconds", template=_TEMPLATE),
            "status": kept(*_COUNTS, conditions=CONDITION),
        },
    ),
    GroupKind("apps", "ReplicaSet"): (
        lambda item, _now: judge_replica_set(item),
        {"spec": kept("replicas", template=_TEMPLATE), "status": kept(*_COUNTS, conditions=CONDITION)},
    ),
    GroupKind("apps", "StatefulSet"): (
        lambda item, _now: judge_stateful_set(item),
        {
            "metadata": _ABOUT,
            "spec": kept(
                "replicas",
                template=_TEMPLATE,
                updateStrategy=kept("type", rollingUpdate=kept("partition")),
            ),
            "status": kept(*_COUNTS, "currentReplicas", "currentRevision", "updateRevision"),
        },
    ),
    GroupKind("apps", "DaemonSet"): (
        lambda item, _now: judge_daemon_set(item),
        {
            "metadata": _ABOUT,
            "spec": kept(template=_TEMPLATE, updateStrategy=kept("type")),
            "status": kept(
                *("observedGeneration", "desiredNumberScheduled", "currentNumberScheduled"),
                *("updatedNumberScheduled", "numberReady", "numberAvailable"),
            ),
        },
    ),
    GroupKind("", "Pod"): (
        lambda item, now: judge_pod(item, now).verdict,
        {
            "spec": kept(
                *("restartPolicy", "nodeName"),
                containers=_CONTAINERS,
                initContainers=kept("name", "restartPolicy"),
                volumes=kept(persistentVolumeClaim=kept("claimName")),
            ),
            "status": kept(
                *("phase", "reason", "message", "startTime"),
                conditions=kept("type", "status", "reason", "message", "lastTransitionTime"),
                containerStatuses=_CONTAINER_STATUSES,
                initContainerStatuses=_CONTAINER_STATUSES,
            ),
        },
    ),
    GroupKind("batch", "Job"): (
        lambda item, _now: judge_job(item),
        {
            "spec": kept("suspend", "completions", "parallelism", template=_TEMPLATE),
            "status": kept(
                *("active", "ready", "succeeded", "failed", "startTime", "completionTime"), conditions=CONDITION
            ),
        },
    ),
    GroupKind("batch", "CronJob"): (
        lambda item, now: judge_cron_job(item, (), now),
        {
            "metadata": _ABOUT,
            "spec": kept("schedule", "timeZone", "suspend", jobTemplate={"spec": {"template": _TEMPLATE}}),
            "status": kept("lastScheduleTime", "lastSuccessfulTime", active=kept("name")),
        },
    ),
}
