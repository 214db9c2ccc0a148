"""What applying does about objects that go, cannot be changed, or that a cluster has no place for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from foundation.connections.kubernetes import ClusterNotFoundError, KubernetesApi, Response, connect_cluster
from foundation.errors import ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.settings import ClusterSettings
from scaffolder_actions.actions.apply_service import apply_service
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.errors import RolloutError, UnservedKindError
from scaffolder_actions.rollouts import objects_of
from scaffolder_actions.rollouts.clusters import Clusters
from tests.scaffolder_actions.conftest import DOCUMENT, Recorder

pytestmark = pytest.mark.usefixtures("patient")

STAGING = {"environment": "staging"}
DEPLOYMENT = "/apis/apps/v1/namespaces/commerce/deployments/order-api"


def run(parts: Parts, context: Recorder, document: str = DOCUMENT, **given: Any) -> dict[str, Any]:
    (context.workspace / "service.yaml").write_text(document)
    return cast("dict[str, Any]", apply_service(parts).run(context, {**STAGING, **given}))


def changes(output: dict[str, Any]) -> dict[str, str]:
    return {each["kind"]: each["change"] for each in output["objects"]}


class LackingApi(KubernetesApi):
    """A cluster without an extension."""

    lacks = ""

    def request(self, method: str, path: str, **options: Any) -> Response:
        if path.startswith(f"/apis/{self.lacks}"):
            raise ClusterNotFoundError("Cluster one: the server could not find the requested resource", code=404)
        return super().request(method, path, **options)


def lacking(parts: Parts, group: str) -> Parts:
    """The parts with a cluster that does not have the kinds of `group`."""

    def connect(settings: ClusterSettings) -> KubernetesApi:
        api = connect_cluster(settings)
        found = LackingApi(settings.name, api._load)
        found.lacks = group
        return found

    clusters = Clusters(parts.clusters.settings, connect)
    return replace(parts, sources=replace(parts.sources, clusters=clusters))


def test_what_the_document_gives_no_more_goes(parts: Parts, context: Recorder, api: KubernetesApi) -> None:
    """Its own objects alone, once the rest is well; what others put beside them stays."""
    run(parts, context)
    by_hand: JsonObject = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "order-api-notes"}}
    api.request("POST", "/api/v1/namespaces/commerce/configmaps", body=by_hand)
    quiet = DOCUMENT + "  exposure: {visibility: none}\n"
    output = run(parts, context, quiet)
    gone = {kind for kind, change in changes(output).items() if change == "removed"}
    assert gone == {"HTTPRoute", "ListenerSet", "Certificate"}
    assert not {"HTTPRoute", "ListenerSet", "Certificate"} & {
        each["kind"] for each in objects_of(api, "order-api", "commerce")
    }
    assert "one: HTTPRoute order-api removed" in context.lines
    assert context.steps.index("wait until it is well") < context.steps.index("prune on one")
    api.request("GET", "/api/v1/namespaces/commerce/configmaps/order-api-notes")


def test_what_cannot_be_changed_is_replaced(parts: Parts, context: Recorder, api: KubernetesApi) -> None:
    """A field that a cluster never changes gives another object in its place, said beforehand by the plan."""
    run(parts, context)
    before = cast("Any", api.request("GET", DEPLOYMENT).body)["metadata"]["uid"]
    patch = (
        "  patches:\n    - target: {kind: Deployment}\n      merge:\n        spec:\n"
        "          selector: {matchLabels: {app.kubernetes.io/name: order-api, tier: api}}\n"
        "          template: {metadata: {labels: {tier: api}}}\n"
    )
    output = run(parts, context, DOCUMENT + patch)
    assert cast("Any", api.request("GET", DEPLOYMENT).body)["metadata"]["uid"] != before
    assert changes(output)["Deployment"] == "created"
    assert "one: Deployment/order-api is replaced, since it cannot be changed" in context.lines
    assert output["status"] == "Healthy"


def test_a_cluster_that_watches_nothing(parts: Parts, context: Recorder, api: KubernetesApi) -> None:
    """Without a Prometheus operator a service runs all the same; what is left out is told."""
    output = run(lacking(parts, "monitoring.coreos.com"), context)
    skipped = {each["kind"]: each["reason"] for each in output["children"] if each["status"] == "Skipped"}
    assert skipped == dict.fromkeys(("ServiceMonitor", "PrometheusRule"), "the cluster does not serve this kind")
    assert output["status"] == "Healthy"
    assert "ServiceMonitor" not in changes(output)
    warnings = [line for line, level in zip(context.lines, context.levels, strict=True) if level == "warn"]
    assert "one: ServiceMonitor order-api is left out: the cluster does not serve this kind" in warnings


@pytest.mark.parametrize(
    ("group", "bringer"), [("gateway.networking.k8s.io", "the Gateway API"), ("cert-manager.io", "cert-manager")]
)
def test_a_cluster_without_what_is_needed(
    group: str, bringer: str, parts: Parts, context: Recorder, api: KubernetesApi
) -> None:
    """What a service cannot do without ends it before anything is changed, with what to install."""
    with pytest.raises(UnservedKindError, match="Cluster one does not serve") as raised:
        run(lacking(parts, group), context)
    assert f"Install {bringer} in the cluster" in str(raised.value)
    with pytest.raises(ClusterNotFoundError):
        api.request("GET", "/api/v1/namespaces/commerce")


def image(api: KubernetesApi) -> str:
    return str(cast("Any", api.request("GET", DEPLOYMENT).body)["spec"]["template"]["spec"]["containers"][0]["image"])


def test_the_version_stays_where_none_is_named(parts: Parts, context: Recorder, api: KubernetesApi) -> None:
    """First the one that services begin with, then whatever runs: to change the document changes no version."""
    run(parts, context)
    assert image(api).endswith(":0.1.0")
    run(parts, context, version="1.4.2")
    output = run(parts, context, DOCUMENT.replace("max: 4", "max: 6"))
    assert (image(api).rpartition(":")[2], output["version"]) == ("1.4.2", "1.4.2")
    assert {kind for kind, change in changes(output).items() if change != "unchanged"} == {"HorizontalPodAutoscaler"}


def test_nobody_guesses_the_version(parts: Parts, context: Recorder) -> None:
    """Where the cluster does not say what runs, nothing is applied rather than the first version of all."""

    def nowhere(settings: ClusterSettings) -> KubernetesApi:
        def fail() -> Any:
            raise ServiceUnavailableError("Cluster one does not answer.")

        return KubernetesApi(settings.name, fail)

    clusters = Clusters(parts.clusters.settings, nowhere)
    away = replace(parts, sources=replace(parts.sources, clusters=clusters))
    with pytest.raises(ServiceUnavailableError, match="does not answer"):
        run(away, context)
    assert context.steps == ["version"]


@pytest.mark.parametrize("simulated", [0.3], indirect=True)
def test_another_run_is_not_called_this_ones_success(parts: Parts, context: Recorder, api: KubernetesApi) -> None:
    """Where a later run brings another version meanwhile, this one ends with that, and not as healthy."""
    run(parts, context, version="1.0.0")
    plain = context.on_pause

    def overtake() -> None:
        plain()
        if image(api).endswith(":2.0.0"):
            containers = [{"name": "app", "image": "registry.localhost/commerce/order-api:3.0.0"}]
            change: JsonObject = {"spec": {"template": {"spec": {"containers": containers}}}}
            kind = "application/strategic-merge-patch+json"
            api.request("PATCH", DEPLOYMENT, query={"fieldManager": "greenroom"}, body=change, content_type=kind)

    context.on_pause = overtake
    with pytest.raises(RolloutError, match=r"somebody else changed it meanwhile to .*:3\.0\.0"):
        run(parts, context, version="2.0.0")
