"""Pods → workload: what a workload says of itself, and what its pods say against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from catalog_provider.health.containers import containers_of
from catalog_provider.health.model import PodHealth, WorkloadHealth
from foundation.health.findings import Finding, Predicate
from foundation.health.kinds import GroupKind, group_kind_of
from foundation.health.pods import START_PATIENCE, is_active, judge_pod
from foundation.health.rollouts import RULES, ready_of, replicas_of
from foundation.health.rulebook import Rulebook, standard_rulebook
from foundation.health.schedules import judge_cron_job, running_of
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mapping_at, mappings_at, number_at, text_at
from foundation.jsontypes import JsonObject

# Characters of a digest that stand for an image without a tag, as Docker shows it.
SHORT_DIGEST = 12
_POD, _JOB = GroupKind("", "Pod"), GroupKind("batch", "Job")
# What counts its pods itself.
_REPLICATED = frozenset(GroupKind("apps", kind) for kind in RULES)
# Where the pod of a kind is described; a pod describes itself.
_TEMPLATES: Mapping[str, tuple[str, ...]] = {"Pod": (), "CronJob": ("spec", "jobTemplate", "spec", "template")}


def roll_up(
    workload: JsonObject,
    pods: Sequence[JsonObject],
    now: datetime,
    runs: Sequence[JsonObject] = (),
    rulebook: Rulebook | None = None,
) -> WorkloadHealth:
    """The health of `workload`, which runs `pods`; a bare pod is its own workload and its only pod.

    `runs` are the Jobs of a CronJob, `rulebook` has the rules of custom kinds (None: those that Greenroom carries).

    A pod in trouble makes its workload Degraded even after a finished rollout, where the counts of the
    workload alone would only say that it waits. Pods that have ended or are being deleted count for
    nothing, as they do for the controllers: others stand in for them.
    """
    kind = text_at(workload, "kind")
    judged = [(pod, judge_pod(pod, now, _patience(workload))) for pod in sorted(pods, key=_name)]
    own, ready, desired = (
        _scheduled(workload, runs, now) if kind == "CronJob" else _own(workload, judged, now, rulebook)
    )
    counted = [finding for pod, finding in judged if is_active(pod)]
    verdict = own if kind == "Pod" else _combined(own, counted, max(desired, len(counted)))
    return WorkloadHealth(
        kind=kind,
        namespace=text_at(workload, "metadata", "namespace"),
        name=_name(workload),
        verdict=verdict,
        ready=ready,
        desired=desired,
        version=version_of(workload),
        pods=tuple(PodHealth(_name(pod), finding.verdict, containers_of(pod)) for pod, finding in judged),
    )


def version_of(workload: JsonObject) -> str | None:
    """The tag of the image that `workload` runs; of its digest the beginning, where it has no tag."""
    path = _TEMPLATES.get(text_at(workload, "kind"), ("spec", "template"))
    template = mapping_at(workload, *path) if path else workload
    containers = mappings_at(template, "spec", "containers")
    # Side containers may stand first; the service's own is named like it, or else the first is taken for it.
    own = next((each for each in containers if each.get("name") == _name(workload)), None)
    image = text_at(own or (containers[0] if containers else {}), "image")
    name, _, digest = image.partition("@")
    _, _, tag = name.rpartition("/")[2].partition(":")
    return tag or digest.removeprefix("sha256:")[:SHORT_DIGEST] or None


def _scheduled(schedule: JsonObject, runs: Sequence[JsonObject], now: datetime) -> tuple[Verdict, int, int]:
    """What a CronJob says of itself, with the ready and all pods of the runs that are under way."""
    running = running_of(runs)
    ready = sum(number_at(each, "status", "ready") for each in running)
    return judge_cron_job(schedule, runs, now), ready, sum(number_at(each, "status", "active") for each in running)


def _own(
    workload: JsonObject, judged: Sequence[tuple[JsonObject, Finding]], now: datetime, rulebook: Rulebook | None
) -> tuple[Verdict, int, int]:
    """What the workload says of itself, with its ready and desired pods."""
    kind = group_kind_of(workload)
    if kind == _POD and judged:
        # Its finding knows for how long pods of this workload may take.
        verdict = judged[0][1].verdict
        return verdict, int(verdict.status is Status.HEALTHY), 1
    verdict = (rulebook or standard_rulebook()).judge(workload, now)
    if kind in _REPLICATED:
        return verdict, ready_of(workload), replicas_of(workload)
    if kind == _JOB:
        return verdict, number_at(workload, "status", "ready"), number_at(workload, "status", "active")
    active = [finding for pod, finding in judged if is_active(pod)]
    return verdict, sum(each.verdict.status is Status.HEALTHY for each in active), len(active)


def _combined(own: Verdict, findings: Sequence[Finding], total: int) -> Verdict:
    troubles = [each for each in findings if each.is_trouble]
    if own.status is Status.DEGRADED and not troubles:
        return own
    telling = troubles or ([each for each in findings if each.predicate] if own.status is Status.PROGRESSING else [])
    common = _most_common(telling, total)
    if common is None:
        return own
    if own.status is Status.DEGRADED:
        lead = own.message.partition(":")[0]
        return replace(own, message=f"{lead}: {common.message}", reason=common.reason, cause=common.cause)
    if troubles:
        return common
    return replace(own, message=f"{own.message}; {common.message}", reason=common.reason, cause=common.cause)


def _most_common(findings: Sequence[Finding], total: int) -> Verdict | None:
    """What most of `findings` say, with the first pod that it is said of; of equals the first."""
    counts: Counter[tuple[str | None, Predicate]] = Counter(
        (each.verdict.reason, each.predicate) for each in findings if each.predicate
    )
    if not counts:
        return None
    (reason, predicate), count = counts.most_common(1)[0]
    alike = [each.verdict for each in findings if each.predicate == predicate]
    since = min((each.since for each in alike if each.since), default=None)
    others = sum(counts.values()) - count
    more = f" ({others} more in other trouble)" if others else ""
    return Verdict(Status.DEGRADED, f"{predicate.of(count, total)}{more}", reason, since, alike[0].cause)


def _patience(workload: JsonObject) -> timedelta:
    seconds = number_at(workload, "spec", "progressDeadlineSeconds")
    return timedelta(seconds=seconds) if seconds else START_PATIENCE


def _name(item: JsonObject) -> str:
    return text_at(item, "metadata", "name")
