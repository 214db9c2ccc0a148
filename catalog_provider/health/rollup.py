"""Pods → workload: what a workload says of itself, and what its pods say against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

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
_POD, _JOB, _CRON_JOB = GroupKind("", "Pod"), GroupKind("batch", "Job"), GroupKind("batch", "CronJob")
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

    `runs` are the Jobs of a CronJob, `rulebook` has the rules (None: those that Greenroom carries).

    A pod in trouble makes its workload Degraded even after a finished rollout, where the counts of the
    workload alone would only say that it waits. Pods that have ended or are being deleted count for
    nothing, as they do for the controllers: others stand in for them.
    """
    kind = group_kind_of(workload)
    judged = [(pod, judge_pod(pod, now, _patience(workload))) for pod in sorted(pods, key=_name)]
    own = _own(workload, judged, runs, now, rulebook or standard_rulebook())
    ready, desired = _pods_of(workload, judged, runs)
    counted = [finding for pod, finding in judged if is_active(pod)]
    verdict = own if kind == _POD else _combined(own, counted, max(desired, len(counted)))
    return WorkloadHealth(
        kind=kind.kind,
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


def _own(
    workload: JsonObject,
    judged: Sequence[tuple[JsonObject, Finding]],
    runs: Sequence[JsonObject],
    now: datetime,
    rulebook: Rulebook,
) -> Verdict:
    """What the workload says of itself; of a schedule and of a bare pod more is known here than the object alone says."""
    kind = group_kind_of(workload)
    if not rulebook.is_overruled(kind):
        if kind == _CRON_JOB:
            return judge_cron_job(workload, runs, now)
        if kind == _POD and judged:
            # Its finding knows for how long pods of this workload may take.
            return judged[0][1].verdict
    return rulebook.judge(workload, now)


def _pods_of(
    workload: JsonObject, judged: Sequence[tuple[JsonObject, Finding]], runs: Sequence[JsonObject]
) -> tuple[int, int]:
    """Its ready and its desired pods; of a CronJob those of the runs that are under way."""
    kind = group_kind_of(workload)
    if kind in _REPLICATED:
        return ready_of(workload), replicas_of(workload)
    if kind in {_JOB, _CRON_JOB}:
        jobs = [workload] if kind == _JOB else running_of(runs)
        ready, active = (sum(number_at(each, "status", name) for each in jobs) for name in ("ready", "active"))
        return ready, active
    counted = [finding for pod, finding in judged if kind == _POD or is_active(pod)]
    return sum(each.verdict.status is Status.HEALTHY for each in counted), len(counted)


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
