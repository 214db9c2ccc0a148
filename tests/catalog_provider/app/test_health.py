from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from foundation.settings import ClusterSettings, Settings
from greenroom.local.cluster import SimulatedClusters

from .live_server import ORDER_API, Event, Repositories, Server, Stream, wait_for
from .workloads import DEPLOYMENTS, connect, deploy, settings_of

Serve = Callable[[Settings], Server]
REF = "component:default/order-api"


@pytest.fixture
def clusters() -> Iterator[SimulatedClusters]:
    with SimulatedClusters(["staging", "production"]) as simulated:
        yield simulated


@pytest.fixture
def server(settings: Settings, repositories: Repositories, clusters: SimulatedClusters, serve: Serve) -> Server:
    """order-api runs in staging, and is not deployed to production."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    deploy(connect(clusters, "staging"), "order-api")
    server = serve(dataclasses.replace(settings, clusters=settings_of(clusters, "staging", "production")))
    wait_for(server.is_ready, "the catalog")
    wait_for(lambda: staging(server)["status"] == "Healthy", "a healthy staging")
    return server


def health(server: Server) -> dict[str, Any]:
    """What the query tells of order-api."""
    answer = server.post("/v1/health/query", {"entityRefs": [REF]})
    found: dict[str, Any] = answer.json()["items"].get(REF, {"environments": []})
    return found


def staging(server: Server) -> dict[str, Any]:
    """order-api in staging."""
    found = [each for each in health(server)["environments"] if each["name"] == "staging"]
    return found[0] if found else {"status": None}


def until(stream: Stream, status: str) -> Event:
    """The first event that tells this status of staging."""
    while True:
        event = stream.next("health")
        if any(each["name"] == "staging" and each["status"] == status for each in event.data["environments"]):
            return event


def test_health_moves_with_the_cluster(server: Server, clusters: SimulatedClusters) -> None:
    """Break and heal arrive on the stream as they happen, with the reason."""
    stream = server.stream("/v1/health/stream", entityRef="Component:default/order-api")
    first = stream.next()
    assert (first.name, list(first.data["items"])) == ("snapshot", [REF])
    clusters.break_("staging", "order-api", "crash")
    broken = until(stream, "Degraded")
    assert broken.data["entityRef"] == REF
    assert (broken.data["status"], broken.data["reason"]) == ("Degraded", "CrashLoopBackOff")
    assert broken.data["simulated"] is True
    clusters.heal("staging", "order-api")
    assert until(stream, "Healthy").data["status"] == "Missing"


def test_health_in_detail(server: Server) -> None:
    """Environments, workloads, pods and containers, what to do next, and the document it comes from."""

    def pods() -> int:
        environment = server.get("/v1/health/component/default/order-api").json()["environments"][0]
        return sum(len(workload["pods"]) for workload in environment["workloads"])

    wait_for(lambda: pods() == 2, "the pods")
    detail = server.get("/v1/health/component/default/order-api").json()
    assert [(each["name"], each["status"]) for each in detail["environments"]] == [
        ("staging", "Healthy"),
        ("production", "Missing"),
    ]
    assert (detail["environments"][0]["version"], detail["environments"][0]["ready"]) == ("1.0.0", 2)
    (workload,) = detail["environments"][0]["workloads"]
    assert (workload["kind"], len(workload["pods"])) == ("Deployment", 2)
    assert workload["pods"][0]["containers"][0]["state"] == "running"
    links = {each["title"]: each["environment"] for each in detail["links"]}
    assert (links["Traces (staging)"], links["Traces (production)"]) == ("staging", "production")
    assert links["Repository"] is None
    assert detail["document"]["stale"] is False
    assert detail["document"]["location"] == "url:http://git.example/commerce/order-api/blob/service.yaml"


def test_a_wrong_document_shows_on_the_service(server: Server, repositories: Repositories) -> None:
    """The errors of a document are part of the health of the service that it describes."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API.replace("redis", "rediss")})

    def document() -> dict[str, Any]:
        found: dict[str, Any] = server.get("/v1/health/component/default/order-api").json()["document"]
        return found

    wait_for(lambda: document()["stale"], "the problem")
    (problem,) = document()["problems"]
    assert (problem["file"], problem["line"]) == ("commerce/order-api/service.yaml", 12)


def test_the_list_is_filtered_and_worst_first(
    server: Server, repositories: Repositories, clusters: SimulatedClusters
) -> None:
    """By verdict, environment and owner; what is worst needs no looking for."""
    basket = (
        ORDER_API.replace("order-api", "basket")
        .replace("    - production\n", "")
        .replace("team: commerce", "team: web")
    )
    repositories.commit("web/basket", {"service.yaml": basket})
    deploy(connect(clusters, "staging"), "basket")

    def listed(**query: str) -> list[tuple[str, str]]:
        items = server.get("/v1/health", **query).json()["items"]
        return [(each["entityRef"].rpartition("/")[2], each["status"]) for each in items]

    wait_for(lambda: ("basket", "Healthy") in listed(), "a healthy basket")
    assert listed() == [("order-api", "Missing"), ("basket", "Healthy")]
    assert listed(verdict="Healthy") == [("basket", "Healthy")]
    assert listed(environment="staging", verdict="Healthy") == [("basket", "Healthy"), ("order-api", "Missing")]
    assert listed(owner="commerce") == [("order-api", "Missing")]
    assert listed(owner="group:default/web") == [("basket", "Healthy")]


def test_whose_a_service_is_comes_with_its_health(server: Server, repositories: Repositories) -> None:
    """Owner and system as references in every answer; another owner is told on the stream like any change."""
    detail = server.get("/v1/health/component/default/order-api").json()
    assert (detail["owner"], detail["system"]) == ("group:default/commerce", "system:default/commerce")
    stream = server.stream("/v1/health/stream", entityRef=REF)
    assert stream.next().data["items"][REF]["owner"] == "group:default/commerce"
    moved = ORDER_API.replace("team: commerce", "team: web")
    repositories.commit("commerce/order-api", {"service.yaml": moved})
    while stream.next("health").data["owner"] != "group:default/web":
        pass
    assert health(server)["owner"] == "group:default/web"


def test_what_is_not_there_has_no_health(server: Server) -> None:
    """Unknown entities and those that run nowhere: 404 that says which of the two, and absent from a query."""
    answer = server.get("/v1/health/component/default/nothing")
    assert (answer.status_code, "no entity" in answer.text) == (404, True)
    answer = server.get("/v1/health/resource/default/order-api-redis")
    assert (answer.status_code, "has no health" in answer.text) == (404, True)
    assert server.post("/v1/health/query", {"entityRefs": ["component:default/nothing"]}).json() == {"items": {}}
    assert server.post("/v1/health/query", {"entityRefs": ["component:default/no thing"]}).status_code == 400
    assert server.stream("/v1/health/stream", entityRef="component:default/nothing").next().data == {"items": {}}
    assert server.get("/v1/health/stream", entityRef="::").status_code == 400


def test_health_ends_with_its_entity(server: Server, repositories: Repositories, clusters: SimulatedClusters) -> None:
    """A service that leaves the clusters and the catalog is told on the stream as having no health."""
    connect(clusters, "staging").request("DELETE", f"{DEPLOYMENTS}/order-api")
    wait_for(lambda: staging(server)["status"] == "Missing", "the end of its workload")
    stream = server.stream("/v1/health/stream")
    stream.next("snapshot")
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API.replace("name: order-api", "name: orders")})
    while True:
        event = stream.next("health")
        if event.data["entityRef"] == REF:
            assert event.data == {"entityRef": REF, "status": None}
            return


def test_a_workload_without_a_document_has_an_entity_and_health(server: Server, clusters: SimulatedClusters) -> None:
    """A service off the golden path."""
    deploy(connect(clusters, "staging"), "legacy-shop")

    def verdict() -> str:
        answer = server.get("/v1/health/component/default/legacy-shop")
        return str(answer.json().get("status"))

    wait_for(lambda: verdict() == "Healthy", "the health of what nobody described")
    items = server.get("/v1/entities").json()["items"]
    (found,) = [each for each in items if each["metadata"]["name"] == "legacy-shop"]
    assert found["metadata"]["annotations"]["backstage.io/managed-by-location"] == "kubernetes:staging/legacy-shop"


def test_a_namespace_says_whose_its_workloads_are(server: Server, clusters: SimulatedClusters) -> None:
    """At once, where the workloads say nothing of it themselves."""
    api = connect(clusters, "staging")
    deploy(api, "legacy-shop")

    def owner() -> str:
        found = server.entities().get("Component:legacy-shop")
        return str(found["spec"]["owner"]) if found else ""

    wait_for(lambda: owner() == "group:default/unowned", "an entity that is nobody's")
    body: Any = {"metadata": {"annotations": {"greenroom/owner": "commerce"}}}
    api.request("PATCH", "/api/v1/namespaces/commerce", body=body, content_type="application/merge-patch+json")
    wait_for(lambda: owner() == "group:default/commerce", "the owner that the namespace names")


def test_what_chooses_the_pods_of_a_service_stands_beside_it(server: Server, clusters: SimulatedClusters) -> None:
    """A Service that nobody has labelled, found by its selector."""
    spec = {"selector": {"app.kubernetes.io/name": "order-api"}, "ports": [{"port": 80}]}
    body: Any = {"metadata": {"name": "plain", "namespace": "commerce"}, "spec": spec}
    connect(clusters, "staging").request("POST", "/api/v1/namespaces/commerce/services", body=body)

    def beside() -> list[str]:
        environment = server.get("/v1/health/component/default/order-api").json()["environments"][0]
        return [f"{each['kind']} {each['name']}" for each in environment["resources"]]

    wait_for(lambda: beside() == ["Service plain"], "what stands beside the workload")


def test_the_registry_offers_health(server: Server) -> None:
    """Backstage's scaffolder and MCP plugin can ask for health, too."""
    base = "/.backstage/actions/v1/actions"
    offered = {each["name"]: each for each in server.get(base).json()["actions"]}
    assert set(offered) == {"get-health", "list-health", "get-health-timeline", "explain-objects"}
    assert all(each["attributes"]["readOnly"] for each in offered.values())
    action = offered["get-health"]
    assert (action["id"], action["attributes"]["readOnly"]) == ("live:get-health", True)
    answer = server.post(f"{base}/live%3Aget-health/invoke", {"entityRef": "order-api"})
    assert answer.json()["output"]["entityRef"] == REF
    answer = server.post(f"{base}/live%3Aget-health/invoke", {"entityRef": "nothing"})
    assert (answer.status_code, answer.json()["error"]["name"]) == (404, "NotFoundError")


def test_one_cluster_may_have_several_environments(
    settings: Settings, repositories: Repositories, clusters: SimulatedClusters, serve: Serve
) -> None:
    """Each in namespaces of its own: a verdict, a filter, a timeline and a lifecycle for each."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    api = connect(clusters, "production")
    deploy(api, "order-api", version="1.0.0")
    deploy(api, "order-api", version="1.1.0", namespace="commerce-staging")
    deploy(api, "legacy-shop", namespace="commerce-staging")
    (shared,) = settings_of(clusters, "production")
    shared = dataclasses.replace(shared, environments={"*-staging": "staging"})
    server = serve(dataclasses.replace(settings, clusters=(shared,)))
    wait_for(server.is_ready, "the catalog")

    def told(field: str) -> dict[str, Any]:
        detail = server.get("/v1/health/component/default/order-api").json()
        return {each["name"]: each[field] for each in detail.get("environments", ())}

    wait_for(lambda: told("status") == {"staging": "Healthy", "production": "Healthy"}, "both environments")
    assert told("version") == {"staging": "1.1.0", "production": "1.0.0"}
    assert told("cluster") == {"staging": "production", "production": "production"}
    (listed,) = server.get("/v1/clusters").json()["items"]
    assert (listed["environment"], listed["environments"]) == ("production", ["production", "staging"])

    staging_deployments = DEPLOYMENTS.replace("commerce", "commerce-staging")
    api.request("DELETE", f"{staging_deployments}/order-api")
    wait_for(lambda: told("status") == {"staging": "Missing", "production": "Healthy"}, "what is missing in one")
    timeline = "/v1/health/component/default/order-api/timeline"

    def seen() -> dict[str, str]:
        found = server.get(timeline).json()["environments"]
        return {each["name"]: each["transitions"][-1]["status"] for each in found}

    wait_for(lambda: seen() == {"staging": "Missing", "production": "Healthy"}, "the timeline of each")
    wait_for(lambda: "Component:legacy-shop" in server.entities(), "what nobody described")
    assert server.entities()["Component:legacy-shop"]["spec"]["lifecycle"] == "experimental"


def test_clusters_say_how_they_fare(
    settings: Settings, repositories: Repositories, clusters: SimulatedClusters, tmp_path: Path, serve: Serve
) -> None:
    """One cluster out of reach is said to be so, its environment is Unknown, and the rest is served."""
    repositories.commit("commerce/order-api", {"service.yaml": ORDER_API})
    deploy(connect(clusters, "staging"), "order-api")
    lost = ClusterSettings("production", environment="production", kubeconfig=tmp_path / "none")
    server = serve(dataclasses.replace(settings, clusters=(*settings_of(clusters, "staging"), lost)))
    wait_for(server.is_ready, "the catalog")

    def states() -> dict[str, str]:
        return {each["name"]: each["state"] for each in server.get("/v1/clusters").json()["items"]}

    wait_for(lambda: states() == {"staging": "connected", "production": "unreachable"}, "the clusters' states")
    wait_for(lambda: health(server).get("status") == "Unknown", "the verdict")

    def kinds(cluster: str) -> dict[str, str]:
        items = server.get("/v1/clusters").json()["items"]
        return {each["name"]: each["state"] for item in items if item["name"] == cluster for each in item["kinds"]}

    wait_for(lambda: kinds("staging").get("HorizontalPodAutoscaler") == "fresh", "the kinds beside workloads")
    assert kinds("staging")["HTTPRoute.gateway.networking.k8s.io"] in {"fresh", "starting"}
    assert kinds("production")["Pod"] == "stale"
    wait_for(lambda: staging(server)["status"] == "Healthy", "a healthy staging")
    production = health(server)["environments"][1]
    assert (production["name"], production["status"]) == ("production", "Unknown")
