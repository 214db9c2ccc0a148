"""What applying would do to a cluster: asked of a simulated one, that has what an earlier document gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from foundation.connections.kubernetes import ClusterNotFoundError, ClusterUnreachableError, KubernetesApi
from foundation.jsontypes import JsonObject
from greenroom.local.cluster import SimulatedClusters
from scaffolder_actions.plans import cluster
from scaffolder_actions.plans.cluster import ClusterPlan
from scaffolder_actions.plans.model import Change, Compared
from scaffolder_actions.rollouts.apply import APPLY, apply, ensure_namespace
from scaffolder_actions.rollouts.kinds import Kind
from scaffolder_actions.rollouts.paths import path_of
from scaffolder_actions.workload import compile_environment
from tests.scaffolder_actions.plans.samples import PLATFORM, document, service

DEPLOYMENT = "/apis/apps/v1/namespaces/commerce/deployments/order-api"
AUTOSCALER = "/apis/autoscaling/v2/namespaces/commerce/horizontalpodautoscalers/order-api"
MERGE = "application/merge-patch+json"


def objects(text: str | None = None, version: str = "1.4.2") -> Sequence[JsonObject]:
    """What a document gives in staging."""
    return compile_environment(service(text), "staging", version, PLATFORM).objects


def run(api: KubernetesApi, text: str | None = None, version: str = "1.4.2") -> None:
    """Have the service run in the cluster."""
    ensure_namespace(api, "commerce", dry_run=False)
    for each in objects(text, version):
        apply(api, each, warn=lambda _: None)


def compare(api: KubernetesApi, wanted: Sequence[JsonObject]) -> Compared:
    return ClusterPlan(api, "staging", "order-api", "commerce", wanted).compare()


def changes(api: KubernetesApi, wanted: Sequence[JsonObject]) -> dict[str, Change]:
    """The changes that are any, by kind."""
    compared = compare(api, wanted)
    assert compared.unknown == []
    return {each.kind: each for each in compared.changes if each.verb != "keep"}


def fields(change: Change) -> dict[str, tuple[Any, Any]]:
    return {each.path: (each.before, each.after) for each in change.fields}


def patch(api: KubernetesApi, path: str, body: JsonObject, manager: str = "kubectl-edit") -> None:
    """Change an object as somebody else."""
    api.request("PATCH", path, query={"fieldManager": manager}, body=body, content_type=MERGE)


def test_an_empty_cluster(api: KubernetesApi) -> None:
    """All of it would be made, its namespace first, and nothing is made by asking."""
    compared = compare(api, objects())
    assert [(each.kind, each.verb) for each in compared.changes][:2] == [
        ("Namespace", "create"),
        ("ServiceAccount", "create"),
    ]
    assert {each.verb for each in compared.changes} == {"create"}
    assert {(each.where, each.environment, each.place) for each in compared.changes} == {("cluster", "staging", "one")}
    with pytest.raises(ClusterNotFoundError):
        api.request("GET", "/api/v1/namespaces/commerce")


def test_the_same_document_changes_nothing(api: KubernetesApi) -> None:
    """Defaults that the server fills in, status and what controllers write are no changes."""
    run(api)
    compared = compare(api, objects())
    assert {each.verb for each in compared.changes} == {"keep"}
    assert {each.kind for each in compared.changes} == {str(each["kind"]) for each in objects()}


def test_more_pods_at_most_change_the_autoscaler_alone(api: KubernetesApi) -> None:
    """One field of one object, and nothing for users to notice."""
    run(api, document(most=10))
    found = changes(api, objects(document(most=20)))
    assert list(found) == ["HorizontalPodAutoscaler"]
    assert fields(found["HorizontalPodAutoscaler"]) == {"spec.maxReplicas": (10, 20)}
    assert found["HorizontalPodAutoscaler"].impact == ""


def test_a_new_version_restarts_pods(api: KubernetesApi) -> None:
    """The image of one container, by its name, and what it means."""
    run(api, version="1.4.2")
    change = changes(api, objects(version="1.5.0"))["Deployment"]
    image = "registry.localhost/commerce/order-api"
    assert fields(change) == {"spec.template.spec.containers[app].image": (f"{image}:1.4.2", f"{image}:1.5.0")}
    assert change.impact == "Pods restart one after another; it stays available."


def test_recreating_is_a_time_without_the_service(api: KubernetesApi) -> None:
    """With that strategy a change of the pods is one that users notice."""
    text = document(more="").replace("deployment:\n", "deployment:\n    strategy: recreate\n")
    run(api, text)
    assert changes(api, objects(text, "1.5.0"))["Deployment"].impact == (
        "Unavailable while the old pods end and new ones start."
    )


def test_what_the_document_gives_no_more_goes(api: KubernetesApi) -> None:
    """Only what Greenroom rendered for this service; what controllers made goes with its owner."""
    run(api, document(least=2, most=4))
    stranger: JsonObject = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "own", "labels": {"app.kubernetes.io/name": "order-api"}},
    }
    api.request("POST", "/api/v1/namespaces/commerce/configmaps", body=stranger)
    found = changes(api, objects(document(least=3, most=3)))
    assert found["HorizontalPodAutoscaler"].verb == "delete"
    assert found["HorizontalPodAutoscaler"].impact == "No longer scales with its load."
    assert {each.kind for each in found.values() if each.verb == "delete"} == {"HorizontalPodAutoscaler"}
    assert fields(found["Deployment"]) == {"spec.replicas": (2, 3)}


def test_an_environment_that_is_named_no_more(api: KubernetesApi) -> None:
    """Everything of the service goes, and the namespace, which the team's other services share, stays."""
    run(api)
    found = changes(api, ())
    assert {each.verb for each in found.values()} == {"delete"}
    assert set(found) == {str(each["kind"]) for each in objects()}
    assert found["Deployment"].impact == "Stops: its pods end, and nothing takes their place."
    assert found["Service"].impact == "No longer reached at order-api.commerce within the cluster."


def test_nothing_where_it_never_ran(api: KubernetesApi) -> None:
    """Without a namespace there is nothing to take away."""
    assert compare(api, ()).changes == []


def test_pods_that_an_autoscaler_added_are_its_own(api: KubernetesApi) -> None:
    """The number of pods beside an autoscaler is no drift."""
    run(api)
    patch(api, f"{DEPLOYMENT}/scale", {"spec": {"replicas": 4}}, "kube-controller-manager")
    assert changes(api, objects()) == {}


def test_an_autoscaler_takes_over_the_pods_that_stand(api: KubernetesApi) -> None:
    """Leaving the number of pods to an autoscaler does not send it back to one, neither planned nor done."""
    fixed, scaled = document(least=3, most=3), document(least=3, most=6)
    run(api, fixed)
    planned = changes(api, objects(scaled))
    assert planned["HorizontalPodAutoscaler"].verb == "create"
    assert "Deployment" not in planned
    run(api, scaled)
    assert cast("Any", api.request("GET", DEPLOYMENT).body)["spec"]["replicas"] == 3
    assert changes(api, objects(scaled)) == {}


def test_drift_is_a_change_that_names_who_drifted(api: KubernetesApi) -> None:
    """What somebody changed by hand would be taken back, and the plan says from whom."""
    run(api)
    patch(api, AUTOSCALER, {"spec": {"maxReplicas": 50}})
    change = changes(api, objects())["HorizontalPodAutoscaler"]
    assert fields(change) == {"spec.maxReplicas": (50, 4)}
    assert change.impact == "Takes back what kubectl-edit changed."


def test_what_cannot_be_changed_is_replaced(api: KubernetesApi) -> None:
    """A Deployment's selector is for its life: another one means another Deployment, and a time without pods."""
    run(api)
    wanted = [_with_selector(each) if each["kind"] == "Deployment" else each for each in objects()]
    change = changes(api, wanted)["Deployment"]
    assert change.verb == "replace"
    assert "spec.selector.matchLabels.tier" in fields(change)
    assert change.impact == "Unavailable for about a minute: the old pods end before new ones start."


def _with_selector(item: JsonObject) -> JsonObject:
    text = document(
        more=(
            "patches:\n"
            "  - target: {kind: Deployment}\n"
            "    merge:\n"
            "      spec:\n"
            "        selector: {matchLabels: {tier: back}}\n"
            "        template: {metadata: {labels: {tier: back}}}\n"
        )
    )
    return next(each for each in objects(text) if each["kind"] == item["kind"])


def test_what_the_server_refuses_is_blocked(api: KubernetesApi) -> None:
    """An object that would not be taken is a change that cannot be done, with the server's reason."""
    run(api)
    more = "patches:\n  - target: {kind: HorizontalPodAutoscaler}\n    merge: {spec: {minReplicas: 9}}\n"
    change = changes(api, objects(document(more=more)))["HorizontalPodAutoscaler"]
    assert change.verb == "update"
    assert "must be greater than or equal to `minReplicas`" in str(change.blocked)
    assert fields(change) == {"spec.minReplicas": (2, 9)}


def test_what_others_made_is_not_taken_over(api: KubernetesApi) -> None:
    """An object of the same name that is not Greenroom's blocks its change, and the rest is still planned."""
    ensure_namespace(api, "commerce", dry_run=False)
    account: JsonObject = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "order-api"}}
    api.request("POST", "/api/v1/namespaces/commerce/serviceaccounts", body=account)
    found = changes(api, objects())
    assert "has a ServiceAccount order-api that Greenroom did not make" in str(found["ServiceAccount"].blocked)
    assert (found["Deployment"].verb, found["Deployment"].blocked) == ("create", None)


def test_what_a_gitops_controller_applied_is_ours(api: KubernetesApi) -> None:
    """Objects that were rendered here and applied by somebody else are compared as our own."""
    ensure_namespace(api, "commerce", dry_run=False)
    for each in objects():
        query: Mapping[str, str | int | bool] = {"fieldManager": "argocd-controller"}
        api.request("PATCH", path_of(each), query=query, body=each, content_type=APPLY)
    assert changes(api, objects()) == {}
    assert set(changes(api, objects(document(most=9)))) == {"HorizontalPodAutoscaler"}


FOUNTAIN: JsonObject = {
    "apiVersion": "example.com/v1",
    "kind": "Fountain",
    "metadata": {"name": "order-api", "namespace": "commerce"},
}


@pytest.mark.parametrize("runs", [True, False], ids=["running", "new"])
def test_a_kind_that_the_cluster_does_not_serve(api: KubernetesApi, runs: bool) -> None:
    """Without its definition nothing is known of its objects, and that is said instead of a change."""
    if runs:
        run(api)
    compared = compare(api, [*objects(), FOUNTAIN])
    assert compared.unknown == [
        "Cluster one does not serve Fountain (example.com/v1), so nothing is known of Fountain order-api."
    ]
    assert "Fountain" not in {each.kind for each in compared.changes}


def test_what_a_service_can_do_without(api: KubernetesApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """What applying leaves out where a cluster does not serve it is no change, and says why."""
    monkeypatch.setattr(cluster, "MONITORING", {Kind.of(FOUNTAIN)})
    compared = compare(api, [*objects(), FOUNTAIN])
    assert compared.unknown == []
    (change,) = (each for each in compared.changes if each.kind == "Fountain")
    assert (change.verb, change.impact) == ("keep", "Left out: the cluster does not serve Fountain.")


def test_a_cluster_that_does_not_answer(api: KubernetesApi, simulated: tuple[SimulatedClusters, str]) -> None:
    """Nothing is said to be unchanged that could not be seen."""
    run(api)
    clusters, name = simulated
    clusters.disconnect(name)
    try:
        with pytest.raises(ClusterUnreachableError):
            compare(api, objects())
    finally:
        clusters.reconnect(name)
