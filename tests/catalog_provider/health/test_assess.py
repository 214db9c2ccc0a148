from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog_provider.cluster.kinds import KINDS
from catalog_provider.cluster.state import ClusterState, Connectivity, KindState, summarise
from catalog_provider.health import EntityHealth, assess, continued
from tests.catalog_provider.health.builders import view
from tests.foundation.health.objects import NOW, Item, ago, crashing, deployment, metadata, pod

BOTH = ("staging", "production")


def service(name: str = "order-api", *, crash: bool = False) -> list[Item]:
    """A Deployment of one pod, through a ReplicaSet, beside the empty ReplicaSet of the version before."""
    top = deployment(name, replicas=1, availableReplicas=0 if crash else 1)
    current = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata(f"{name}-2", top),
        "spec": {"replicas": 1},
    }
    before = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata(f"{name}-1", top),
        "spec": {"replicas": 0},
    }
    return [top, current, before, (crashing if crash else pod)(f"{name}-2-x", owner=current)]


def judged(health: EntityHealth | None) -> EntityHealth:
    assert health is not None
    return health


def lost(*, seconds: float = 300) -> ClusterState:
    heard = NOW - timedelta(seconds=seconds)
    trouble = "Cluster production (localhost:1) does not answer: the connection was refused."
    kinds = {kind.name: KindState(synced=True, heard_at=heard, trouble=trouble, failing_since=heard) for kind in KINDS}
    return summarise(kinds, NOW)


def without(kind: str, state: KindState) -> ClusterState:
    kinds = {each.name: KindState(synced=True, heard_at=NOW) for each in KINDS}
    return summarise({**kinds, kind: state}, NOW)


def test_a_service_is_as_well_as_its_worst_environment() -> None:
    """The verdict names the environment, and lists each in the order it was declared."""
    clusters = [view(*service(crash=True)), view(*service(), environment="staging")]
    health = judged(assess("order-api", BOTH, clusters, NOW))
    assert (health.verdict.status, health.verdict.message) == ("Degraded", "production: 1 of 1 pods crashes: exit 1")
    assert [(each.name, each.verdict.status) for each in health.environments] == [
        ("staging", "Healthy"),
        ("production", "Degraded"),
    ]


def test_all_well_is_said_in_few_words() -> None:
    """One environment speaks for itself, several are named."""
    one = judged(assess("order-api", ["production"], [view(*service())], NOW))
    assert one.verdict.message == "1 of 1 pods ready"
    clusters = [view(*service()), view(*service(), environment="staging")]
    assert judged(assess("order-api", BOTH, clusters, NOW)).verdict.message == "Healthy in staging and production"


def test_declared_and_absent_is_missing() -> None:
    """With the next step, and worse than a rollout that is under way."""
    health = judged(assess("order-api", BOTH, [view(*service()), view(environment="staging")], NOW))
    assert (health.verdict.status, health.verdict.reason) == ("Missing", "Missing")
    assert health.verdict.message == "staging: order-api is not deployed to staging"
    assert health.next_steps[0].title == "Deploy it to staging, or take staging off its service.yaml"


def test_health_is_where_a_service_is_declared_or_runs() -> None:
    """None without either; what runs without being declared has health all the same."""
    assert assess("order-api", [], [view()], NOW) is None
    assert assess("order-api", BOTH, [], NOW) is None
    assert assess("order-api", ["development"], [view()], NOW) is None
    assert judged(assess("order-api", [], [view(*service())], NOW)).verdict.status == "Healthy"


def test_an_environment_of_several_clusters_needs_the_service_on_one() -> None:
    """Where it runs in one of two, nothing is missing; where it runs in none, each says so."""
    clusters = [view(*service(), name="eu"), view(name="us")]
    health = judged(assess("order-api", ["production"], clusters, NOW))
    assert [each.cluster for each in health.environments] == ["eu"]
    absent = judged(assess("order-api", ["production"], [view(name="eu"), view(name="us")], NOW))
    assert [each.cluster for each in absent.environments] == ["eu", "us"]


def test_a_cluster_out_of_reach_is_unknown_with_reason_and_age() -> None:
    """Nothing that was known is shown as if it still held, and the other environment is not touched."""
    clusters = [view(*service(), state=lost()), view(*service(), environment="staging")]
    health = judged(assess("order-api", BOTH, clusters, NOW))
    staging, production = health.environments
    assert staging.verdict.status == "Healthy"
    assert (production.verdict.status, production.verdict.reason) == ("Unknown", "ClusterUnreachable")
    assert production.verdict.message == "Cluster production (localhost:1) does not answer: the connection was refused"
    assert production.verdict.since == NOW - timedelta(seconds=300)
    assert {each.verdict.status for each in production.workloads} == {"Unknown"}
    assert {each.verdict.status for each in production.workloads[0].pods} == {"Unknown"}


def test_absence_in_a_cluster_out_of_reach_is_unknown() -> None:
    """What is not seen is not missing."""
    health = judged(assess("order-api", ["production"], [view(state=lost())], NOW))
    assert (health.verdict.status, health.verdict.reason) == ("Unknown", "ClusterUnreachable")


@pytest.mark.parametrize(
    ("state", "reason", "message"),
    [
        (KindState(), "Starting", "The pods of cluster production are being listed"),
        (
            KindState(refused=True, trouble="Cluster production: pods is forbidden"),
            "Forbidden",
            "Cluster production: pods is forbidden",
        ),
        (
            KindState(synced=True, heard_at=NOW - timedelta(seconds=80)),
            "Stale",
            "The pods of cluster production have not been heard of for over 75 seconds",
        ),
        (
            KindState(synced=True, heard_at=NOW, trouble="It is gone.", failing_since=NOW - timedelta(seconds=20)),
            "Stale",
            "It is gone",
        ),
    ],
)
def test_pods_that_are_not_seen_make_their_workloads_unknown(state: KindState, reason: str, message: str) -> None:
    """One kind that is not heard of takes away what rests on it."""
    health = judged(assess("order-api", ["production"], [view(*service(), state=without("Pod", state))], NOW))
    assert (health.verdict.status, health.verdict.reason, health.verdict.message) == ("Unknown", reason, message)


def test_a_kind_that_is_not_needed_hides_nothing() -> None:
    """A Deployment rests on no StatefulSet."""
    state = without("StatefulSet", KindState(refused=True))
    assert judged(assess("order-api", ["production"], [view(*service(), state=state)], NOW)).verdict.status == "Healthy"


def test_before_the_first_answer_nothing_is_claimed() -> None:
    """A server that has just started shows no Missing and no Healthy."""
    starting = ClusterState(Connectivity.STARTING)
    health = judged(assess("order-api", ["production"], [view(state=starting)], NOW))
    assert (health.verdict.status, health.verdict.reason) == ("Unknown", "Starting")


def test_what_a_deleted_workload_leaves_behind_is_not_the_service() -> None:
    """The Deployment is gone, and its pods follow: that is Missing and not a workload of its own."""
    _, *left = service()
    assert judged(assess("order-api", ["production"], [view(*left)], NOW)).verdict.status == "Missing"


def test_pods_of_an_owner_that_is_not_watched_count() -> None:
    """A ReplicaSet of another controller, such as a canary's, is a workload."""
    other = {"kind": "Rollout", "metadata": metadata("order-api")}
    replicas = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata("order-api-1", other),
        "spec": {"replicas": 1},
        "status": {"observedGeneration": 1, "availableReplicas": 1, "readyReplicas": 1},
    }
    health = judged(assess("order-api", [], [view(replicas, pod(owner=replicas))], NOW))
    assert [(each.kind, len(each.pods)) for each in health.environments[0].workloads] == [("ReplicaSet", 1)]


def test_of_one_owners_jobs_the_latest_counts() -> None:
    """What starts them is not watched; last night's failure is over when today's run succeeded."""
    owner = {"kind": "ScaledJob", "metadata": metadata("nightly")}
    jobs = [
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": metadata(name, owner, creationTimestamp=ago(hours=hours)),
            "status": {"conditions": [{"type": kind, "status": "True"}]},
        }
        for name, hours, kind in (("yesterday", 30, "Failed"), ("today", 6, "Complete"))
    ]
    health = judged(assess("order-api", [], [view(*service(), *jobs)], NOW))
    assert health.verdict.status == "Healthy"
    assert [each.name for each in health.environments[0].workloads] == ["order-api", "today"]


def test_of_several_workloads_the_one_in_trouble_is_named() -> None:
    """A worker beside the API is part of the service."""
    health = judged(assess("order-api", [], [view(*service(), *service("worker", crash=True))], NOW))
    assert health.verdict.message == "worker: 1 of 1 pods crashes: exit 1"
    well = judged(assess("order-api", [], [view(*service(), *service("worker"))], NOW))
    assert well.verdict.message == "2 of 2 pods ready in 2 workloads"
    assert (well.environments[0].ready, well.environments[0].desired) == (2, 2)


def test_advice_leads_to_the_container_that_crashes() -> None:
    """A command that can be pasted, and the way back."""
    health = judged(assess("order-api", ["production"], [view(*service(crash=True))], NOW))
    assert [each.command for each in health.next_steps] == [
        "kubectl -n shop logs -c app --previous order-api-2-x",
        "kubectl -n shop rollout undo deployment/order-api",
    ]


def test_advice_names_the_cluster_where_people_know_it() -> None:
    """The pod is in one cluster of several."""
    seen = replace(view(*service(crash=True)), context="eu")
    health = judged(assess("order-api", ["production"], [seen], NOW))
    assert health.next_steps[0].command == "kubectl --context eu -n shop logs -c app --previous order-api-2-x"


def test_json_is_what_the_contract_says() -> None:
    """The forms that the portal and the command read."""
    health = judged(assess("order-api", ["production"], [view(*service())], NOW))
    summary = health.to_summary_json("component:default/order-api")
    assert summary == {
        "entityRef": "component:default/order-api",
        "status": "Healthy",
        "message": "1 of 1 pods ready",
        "reason": None,
        "since": "2026-01-01T11:55:00Z",
        "cause": None,
        "observedAt": "2026-01-01T12:00:00Z",
        "owner": None,
        "system": None,
        "simulated": False,
        "environments": [
            {
                "name": "production",
                "cluster": "production",
                "status": "Healthy",
                "message": "1 of 1 pods ready",
                "reason": None,
                "since": "2026-01-01T11:55:00Z",
                "cause": None,
            }
        ],
    }
    detail = dict(health.to_detail_json("component:default/order-api"))
    assert detail["next"] == []
    (environment,) = detail["environments"]  # type: ignore[misc]  # a list, as the contract says
    assert set(environment) == {  # type: ignore[arg-type]  # a mapping
        *("name", "cluster", "status", "message", "reason", "since", "cause", "concerns", "resources", "events"),
        *("version", "ready", "desired", "observedAt", "simulated", "workloads"),
    }


def test_since_is_steady_while_the_status_is() -> None:
    """A crash loop touches its conditions at every restart, and has been one trouble all along."""
    first = continued(None, assess("order-api", ["production"], [view(*service(crash=True))], NOW))
    later = NOW + timedelta(minutes=10)
    objects = service(crash=True)
    objects[-1]["status"]["conditions"][0]["lastTransitionTime"] = later.strftime("%Y-%m-%dT%H:%M:%SZ")
    state = summarise({kind.name: KindState(synced=True, heard_at=later) for kind in KINDS}, later)
    second = judged(continued(first, assess("order-api", ["production"], [view(*objects, state=state)], later)))
    assert second.verdict.since == judged(first).verdict.since
    well = judged(continued(second, assess("order-api", ["production"], [view(*service(), state=state)], later)))
    # Healthy since the conditions say, but not from before it was last seen degraded.
    assert well.verdict.since == later
    assert well.environments[0].workloads[0].pods[0].verdict.since == later
    assert continued(well, None) is None


def test_what_names_no_time_is_as_old_as_its_first_observation() -> None:
    """Missing has no condition that could date it."""
    health = judged(continued(None, assess("order-api", ["production"], [view()], NOW)))
    assert health.verdict.since == NOW
