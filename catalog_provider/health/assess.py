"""Workloads → environment → entity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from catalog_provider.cluster.kinds import key_of_kind
from catalog_provider.cluster.state import ClusterView
from catalog_provider.health.advice import next_steps
from catalog_provider.health.events import events_of
from catalog_provider.health.freshness import NEEDED, WORKLOAD_KINDS, blindness, unseen
from catalog_provider.health.model import EntityHealth, EnvironmentHealth, ResourceHealth, WorkloadHealth
from catalog_provider.health.ownership import pods_by_workload, resources_of, runs_by_schedule, workloads_of
from catalog_provider.health.rollup import roll_up
from foundation.health.kinds import group_kind_of
from foundation.health.rulebook import Rulebook, standard_rulebook
from foundation.health.verdict import Cause, Status, Verdict, worst
from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject


def assess(
    name: str,
    environments: Sequence[str],
    clusters: Sequence[ClusterView],
    now: datetime,
    rulebook: Rulebook | None = None,
) -> EntityHealth | None:
    """The health of the entity `name`, which is declared in `environments`; None: it has none.

    `clusters` has the views of every cluster that is configured, `rulebook` the rules (None: those that Greenroom carries).
    An entity has health where it is declared in an environment that a cluster is configured for, and where a cluster has
    something of it.
    """
    rules = rulebook or standard_rulebook()
    seen = [each for view in clusters if (each := _environment(view, name, environments, now, rules))]
    judged = _in_order(_without_absence_elsewhere(seen), environments)
    if not judged:
        return None
    return EntityHealth(
        name=name,
        verdict=_overall(judged),
        environments=tuple(judged),
        next_steps=next_steps(judged),
        observed_at=max((each.observed_at for each in judged if each.observed_at), default=None),
    )


def _environment(
    view: ClusterView, name: str, declared: Sequence[str], now: datetime, rules: Rulebook
) -> EnvironmentHealth | None:
    roots = workloads_of(view.objects, rules)
    if not roots and view.environment not in declared:
        return None
    pods, runs = pods_by_workload(view.objects), runs_by_schedule(view.objects)
    workloads = []
    for root in roots:
        uid = text_at(root, "metadata", "uid")
        health = roll_up(root, pods.get(uid, []), now, runs.get(uid, []), rules)
        blind = blindness(view.name, view.state, _needed(root), now)
        workloads.append(unseen(health, blind) if blind else health)
    resources = _resources(view, now, rules)
    serving = [each for each in workloads if each.kind not in {"CronJob", "Job"}] or workloads
    return EnvironmentHealth(
        name=view.environment,
        cluster=view.name,
        verdict=_with_resources(_of_workloads(workloads) or _of_absence(view, name, now), resources),
        version=serving[0].version if serving else None,
        ready=sum(each.ready for each in serving),
        desired=sum(each.desired for each in serving),
        simulated=view.simulated,
        workloads=tuple(workloads),
        resources=resources,
        events=events_of(view.objects, now),
        context=view.context,
        observed_at=view.state.last_seen_at,
    )


def _needed(workload: JsonObject) -> Sequence[str]:
    """What must be seen to judge a workload."""
    key = key_of_kind(group_kind_of(workload))
    return NEEDED.get(key) or (key, "Pod")


def _resources(view: ClusterView, now: datetime, rules: Rulebook) -> tuple[ResourceHealth, ...]:
    found = []
    for each in resources_of(view.objects, rules):
        blind = blindness(view.name, view.state, (key_of_kind(group_kind_of(each)),), now)
        found.append(
            ResourceHealth(
                api_version=text_at(each, "apiVersion"),
                kind=text_at(each, "kind"),
                namespace=text_at(each, "metadata", "namespace"),
                name=text_at(each, "metadata", "name"),
                verdict=blind or rules.judge(each, now),
            )
        )
    return tuple(found)


def _with_resources(own: Verdict, resources: Sequence[ResourceHealth]) -> Verdict:
    """The worse of what the workloads say and what stands beside them.

    What is Unknown beside a workload says nothing about it, nor does what someone has suspended.
    """
    telling = [each for each in resources if each.verdict.status in {Status.PROGRESSING, Status.DEGRADED}]
    bad = max(telling, key=lambda each: each.verdict.status.severity, default=None)
    if bad and bad.verdict.status.severity > own.status.severity:
        cause = Cause(bad.kind, bad.namespace, bad.name)
        return replace(bad.verdict, message=f"{bad.title}: {bad.verdict.message}", cause=cause)
    concern = next((each for each in resources if each.verdict.status is Status.HEALTHY and each.verdict.reason), None)
    if concern and own.status is Status.HEALTHY:
        return replace(own, message=f"{own.message}; {concern.title}: {concern.verdict.message}")
    return own


def _of_workloads(workloads: Sequence[WorkloadHealth]) -> Verdict | None:
    if not workloads:
        return None
    verdict = worst(each.verdict for each in workloads)
    if len(workloads) == 1:
        return verdict
    if verdict.status is Status.HEALTHY:
        ready, desired = sum(each.ready for each in workloads), sum(each.desired for each in workloads)
        return replace(verdict, message=f"{ready} of {desired} pods ready in {len(workloads)} workloads")
    name = next(each.name for each in workloads if each.verdict == verdict)
    return replace(verdict, message=f"{name}: {verdict.message}")


def _of_absence(view: ClusterView, name: str, now: datetime) -> Verdict:
    blind = blindness(view.name, view.state, WORKLOAD_KINDS, now)
    return blind or Verdict(Status.MISSING, f"{name} is not deployed to {view.environment}", "Missing")


def _without_absence_elsewhere(seen: Sequence[EnvironmentHealth]) -> list[EnvironmentHealth]:
    """Of an environment on several clusters, those that have the service; it need not run on each."""
    present = {each.name for each in seen if each.workloads}
    return [each for each in seen if each.workloads or each.name not in present]


def _in_order(seen: Sequence[EnvironmentHealth], declared: Sequence[str]) -> list[EnvironmentHealth]:
    places = {name: place for place, name in enumerate(declared)}
    return sorted(seen, key=lambda each: (places.get(each.name, len(places)), each.name, each.cluster))


def _overall(environments: Sequence[EnvironmentHealth]) -> Verdict:
    verdict = worst(each.verdict for each in environments)
    if len(environments) == 1:
        return verdict
    alike = [each.name for each in environments if each.verdict.status is verdict.status]
    if verdict.status is Status.HEALTHY:
        return replace(verdict, message=f"Healthy in {_listed(alike)}")
    others = [each for each in alike if each != alike[0]]
    more = f" (and {_listed(others)})" if others else ""
    return replace(verdict, message=f"{alike[0]}{more}: {verdict.message}")


def _listed(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    return " and ".join([", ".join(unique[:-1]), unique[-1]] if len(unique) > 1 else unique)
