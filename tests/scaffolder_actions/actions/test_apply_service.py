"""Deploying to a cluster: what is put there, what is said about it, and when it is called a success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from foundation.connections.kubernetes import ClusterNotFoundError, KubernetesApi
from foundation.errors import ConflictError, InputError, NotFoundError
from foundation.jsontypes import JsonObject
from greenroom.local.cluster import SimulatedClusters
from scaffolder_actions.actions.apply_service import apply_service
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.errors import RolloutError, UnknownEnvironmentError
from tests.scaffolder_actions.conftest import DOCUMENT, Recorder

DEPLOYMENT = "/apis/apps/v1/namespaces/commerce/deployments/order-api"
STAGING = {"environment": "staging"}


@pytest.fixture
def action(parts: Parts) -> Action:
    return apply_service(parts)


pytestmark = pytest.mark.usefixtures("patient")


def read(api: KubernetesApi, path: str) -> dict[str, Any]:
    return cast("dict[str, Any]", api.request("GET", path).body)


def changes(output: Mapping[str, Any]) -> dict[str, str]:
    return {each["kind"]: each["change"] for each in output["objects"]}


def test_deploys(action: Action, context: Recorder, api: KubernetesApi) -> None:
    """Everything of the service is applied to the team's namespace, and the run ends when its pods are ready."""
    output = action.run(context, {**STAGING, "version": "1.4.2"})
    assert output["namespace"] == "commerce"
    assert output["status"] == "Healthy"
    assert set(changes(output).values()) == {"created"}
    assert set(changes(output)) >= {"Deployment", "Service", "ServiceAccount", "PodDisruptionBudget"}
    deployment = read(api, DEPLOYMENT)
    assert deployment["status"]["readyReplicas"] == 2
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"].endswith("/commerce/order-api:1.4.2")
    managers = {each["manager"] for each in deployment["metadata"]["managedFields"] if each["operation"] == "Apply"}
    assert managers == {"greenroom"}
    assert context.lines[0] == "one: Namespace commerce created"
    assert "one: Deployment order-api created" in context.lines
    assert "one: order-api: 2 of 2 pods ready" in context.lines
    assert context.lines[-1] == "Healthy"


def test_to_repeat_it_changes_nothing(action: Action, context: Recorder, api: KubernetesApi) -> None:
    """The same document at the same version leaves every object as it is, and says so."""
    action.run(context, STAGING)
    before = read(api, DEPLOYMENT)["metadata"]["generation"]
    output = action.run(context, STAGING)
    assert set(changes(output).values()) == {"unchanged"}
    assert read(api, DEPLOYMENT)["metadata"]["generation"] == before


def test_a_new_version_configures_what_it_touches(action: Action, context: Recorder) -> None:
    """Only the Deployment is another one at another version."""
    action.run(context, STAGING)
    output = action.run(context, {**STAGING, "version": "2.0.0"})
    assert changes(output)["Deployment"] == "configured"
    assert {change for kind, change in changes(output).items() if kind != "Deployment"} == {"unchanged"}


def test_a_plan_changes_nothing(action: Action, context: Recorder, api: KubernetesApi) -> None:
    """A dry run says what would be done: all of it in an empty cluster, what differs in one that has the service."""
    assert action.plan is not None
    output = action.plan(context, STAGING)
    assert (output["status"], set(changes(output).values())) == ("Planned", {"created"})
    with pytest.raises(ClusterNotFoundError):
        api.request("GET", "/api/v1/namespaces/commerce")
    assert "one: Deployment order-api would be created" in context.lines

    action.run(context, STAGING)
    output = action.plan(context, {**STAGING, "version": "2.0.0"})
    assert changes(output)["Deployment"] == "configured"
    assert changes(output)["Service"] == "unchanged"
    assert "one: Deployment order-api would be configured" in context.lines
    assert read(api, DEPLOYMENT)["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":0.1.0")


def test_takes_back_what_others_changed(action: Action, context: Recorder, api: KubernetesApi) -> None:
    """The document is where changes belong: one made by hand is overwritten, with a word about it."""
    action.run(context, STAGING)
    api.request(
        "PATCH",
        DEPLOYMENT,
        query={"fieldManager": "kubectl-edit"},
        body={"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 5}}}},
        content_type="application/merge-patch+json",
    )
    output = action.run(context, STAGING)
    assert changes(output)["Deployment"] == "configured"
    assert read(api, DEPLOYMENT)["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 35
    warnings = [line for line, level in zip(context.lines, context.levels, strict=True) if level == "warn"]
    assert len(warnings) == 1
    assert "taking back what others changed" in warnings[0]
    assert "kubectl-edit" in warnings[0]


def test_leaves_the_autoscaler_its_replicas(action: Action, context: Recorder, api: KubernetesApi) -> None:
    """The number of pods of a scaled service is not the document's, and a deployment does not reset it."""
    action.run(context, STAGING)
    api.request(
        "PATCH",
        f"{DEPLOYMENT}/scale",
        query={"fieldManager": "kube-controller-manager"},
        body={"spec": {"replicas": 3}},
        content_type="application/merge-patch+json",
    )
    action.run(context, {**STAGING, "version": "2.0.0"})
    assert read(api, DEPLOYMENT)["spec"]["replicas"] == 3


def test_takes_nothing_over(action: Action, context: Recorder, api: KubernetesApi) -> None:
    """An object of the same name that someone else made is a mistake that people settle; it stays as it is."""
    api.request("POST", "/api/v1/namespaces", body={"metadata": {"name": "commerce"}})
    account: JsonObject = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "order-api"}}
    api.request("POST", "/api/v1/namespaces/commerce/serviceaccounts", query={"fieldManager": "helm"}, body=account)
    with pytest.raises(ConflictError, match="has a ServiceAccount order-api that Greenroom did not make"):
        action.run(context, STAGING)
    with pytest.raises(ClusterNotFoundError):
        api.request("GET", DEPLOYMENT)


@pytest.mark.parametrize(
    ("how", "reason"),
    [("image", "the image of .* cannot be pulled"), ("crash", "crashes: exit 1"), ("oom", r"exit 137 \(OOMKilled\)")],
)
def test_fails_with_the_reason(
    how: Any, reason: str, action: Action, context: Recorder, simulated: tuple[SimulatedClusters, str]
) -> None:
    """Pods that do not come up end the run with what the cluster says about them, long before the deadline."""
    action.run(context, STAGING)
    clusters, name = simulated
    clusters.break_(name, "order-api", how, namespace="commerce")
    with pytest.raises(RolloutError, match=f"order-api does not come up: .*{reason}") as raised:
        action.run(context, {**STAGING, "version": "2.0.0"})
    assert raised.value.remedy == "Look at the log: kubectl logs -n commerce deployment/order-api"


@pytest.mark.parametrize("simulated", [100.0], indirect=True)
def test_the_deadline_is_the_callers(action: Action, context: Recorder) -> None:
    """What is only slow ends at the deadline of the input, with what is known by then."""
    with pytest.raises(RolloutError, match=r"order-api does not come up: order-api: \d of 2 .* after 3 s"):
        action.run(context, {**STAGING, "timeoutMinutes": 0.05})


@pytest.mark.parametrize("simulated", [0.3], indirect=True)
def test_goes_on_over_a_gap_in_the_connection(
    action: Action, context: Recorder, simulated: tuple[SimulatedClusters, str]
) -> None:
    """A cluster that is away for a moment in the middle of a roll-out is waited for, with a word about it."""
    clusters, name = simulated
    looks = 0
    plain = context.on_pause

    def flicker() -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            clusters.disconnect(name)
        elif looks == 3:
            clusters.reconnect(name)
        plain()

    context.on_pause = flicker
    action.run(context, STAGING)
    assert looks >= 3
    assert context.levels.count("warn") >= 1
    assert context.lines[-1] == "Healthy"


def test_unknown_environment(action: Action, context: Recorder) -> None:
    """An environment without a cluster, or one that the service does not run in, is named."""
    with pytest.raises(InputError, match='does not run in "production"'):
        action.run(context, {"environment": "production"})
    (context.workspace / "service.yaml").write_text(DOCUMENT.replace("[staging]", "[staging, production]"))
    with pytest.raises(UnknownEnvironmentError, match='No cluster belongs to the environment "production"'):
        action.run(context, {"environment": "production"})


def test_without_a_document(action: Action, context: Recorder) -> None:
    """A workspace without the document says what it holds instead; a path that leads out of it is refused."""
    with pytest.raises(NotFoundError, match=r'no file "other\.yaml"') as raised:
        action.run(context, {**STAGING, "document": "other.yaml"})
    assert raised.value.remedy == "It holds service.yaml."
    with pytest.raises(InputError, match="leads outside"):
        action.run(context, {**STAGING, "document": "../../etc/passwd"})
