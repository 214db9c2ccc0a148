"""Errors, pages and objects have the form that a real API server gave them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

from greenroom.local.cluster import SimulatedClusters
from greenroom.local.cluster.objects import Manifest
from tests.greenroom.cluster.http_client import Api, eventually
from tests.greenroom.cluster.simulation import deployment, is_rolled_out


@pytest.fixture(scope="module")
def answers(recordings: Path) -> dict[str, Manifest]:
    """The recorded answers by what they are."""
    entries = json.loads((recordings / "answers.json").read_text(encoding="utf-8"))
    return {entry["what"]: entry for entry in entries}


@pytest.fixture(scope="module")
def shop(clusters: SimulatedClusters) -> Api:
    """A cluster with the recording's namespace and deployment, rolled out."""
    api = Api(clusters, "staging")
    api.post("/api/v1/namespaces", {"metadata": {"name": "shop"}})
    manifest = deployment()
    manifest["metadata"]["namespace"] = "shop"
    assert api.post("/apis/apps/v1/namespaces/shop/deployments", manifest).status_code == 201
    eventually(lambda: api.get("/apis/apps/v1/namespaces/shop/deployments/order-api").json(), is_rolled_out)
    return api


def _check(recorded: Manifest, answer: requests.Response) -> None:
    """Same status, type and body, numbers and tokens aside."""
    assert answer.status_code == recorded["status"]
    assert answer.headers["content-type"] == recorded["headers"]["Content-Type"]
    assert _neutral(answer.text) == _neutral(recorded["body"])


def _neutral(text: str) -> str:
    """Without resource versions and list tokens, which differ from server to server."""
    text = re.sub(r'"continue":"[^"]+"', '"continue":"…"', text)
    text = re.sub(r'"resourceVersion":"\d+"', '"resourceVersion":"0"', text)
    return re.sub(r"too old resource version: \d+ \(\d+\)", "too old resource version", text)


@pytest.mark.parametrize("what", ["no credentials", "bad token"])
def test_callers_without_a_good_token(shop: Api, answers: dict[str, Manifest], what: str) -> None:
    """403 for anonymous callers, 401 for a wrong token."""
    recorded = answers[what]
    headers = {} if what == "no credentials" else {"Authorization": "Bearer wrong"}
    answer = requests.get(shop.url + recorded["request"].removeprefix("GET "), headers=headers, timeout=20)
    _check(recorded, answer)


@pytest.mark.parametrize(
    "what", ["unknown namespace lists empty", "unknown group", "watch from a version in the future"]
)
def test_reads_of_what_is_not_there(shop: Api, answers: dict[str, Manifest], what: str) -> None:
    """An unknown namespace is empty, an unknown group a plain 404, a future version an empty watch."""
    recorded = answers[what]
    path = recorded["request"].removeprefix("GET ").replace("timeoutSeconds=3", "timeoutSeconds=1")
    # The recorded server had no cert-manager; this one has.
    path = path.replace("/apis/cert-manager.io/", "/apis/unknown.example/")
    _check(recorded, shop.get(path))


def test_an_expired_version_is_an_event_in_a_stream(shop: Api, answers: dict[str, Manifest]) -> None:
    """Status 200, and an ERROR event with a 410 in it."""
    shop.clusters.expire("staging")
    recorded = answers["watch from a version that was compacted away"]
    _check(
        recorded, shop.get(recorded["request"].removeprefix("GET ").replace("resourceVersion=5", "resourceVersion=2"))
    )


def test_an_expired_list_token_is_gone_and_says_how_to_go_on(shop: Api, answers: dict[str, Manifest]) -> None:
    """410 with a token that continues inconsistently, and works."""
    recorded = answers["list continued with an expired token"]
    answer = shop.get(recorded["request"].removeprefix("GET "))
    _check(recorded, answer)
    token = answer.json()["metadata"]["continue"]
    assert token == json.loads(recorded["body"])["metadata"]["continue"]
    assert len(shop.get("/api/v1/namespaces/shop/pods", params={"limit": 2, "continue": token}).json()["items"]) == 2


def test_every_cause_of_an_invalid_object(shop: Api, answers: dict[str, Manifest]) -> None:
    """422 with all of them, in the real server's words."""
    body = {"metadata": {"name": "Bad_Name"}, "spec": {"template": {"spec": {}}}}
    _check(answers["invalid object"], shop.post("/apis/apps/v1/namespaces/shop/deployments", body))


def test_an_apply_conflict(shop: Api, answers: dict[str, Manifest]) -> None:
    """409 with the manager, its subresource and the field."""
    path = "/apis/apps/v1/namespaces/shop/deployments/order-api"
    shop.patch(f"{path}/scale?fieldManager=kubectl", {"spec": {"replicas": 2}})
    wanted = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "order-api"}, "spec": {"replicas": 9}}
    answer = shop.patch(f"{path}?fieldManager=greenroom", wanted, "application/apply-patch+yaml")
    _check(answers["apply conflict"], answer)


def test_the_first_page_of_a_list(shop: Api, answers: dict[str, Manifest]) -> None:
    """The same fields around the items, none of them typed."""
    # The recording was cut in the second item; what stands before it is enough.
    metadata = json.loads(answers["first page of a paged list"]["body"].split(',"items"')[0] + "}")["metadata"]
    page = shop.get("/api/v1/namespaces/shop/pods?limit=1").json()
    assert page["metadata"].keys() == metadata.keys()
    assert "kind" not in page["items"][0]


def _paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {path}.union(*(_paths(item, f"{path}.{key}") for key, item in value.items()))
    if isinstance(value, list):
        return {path}.union(*(_paths(item, f"{path}[]") for item in value))
    return {path}


@pytest.mark.parametrize("kind", ["deployments", "replicasets"])
def test_objects_have_the_fields_of_real_ones(shop: Api, recordings: Path, kind: str) -> None:
    """Every field of a recorded object is there, apart from what the recording's user wrote."""
    eventually(lambda: shop.get("/apis/apps/v1/namespaces/shop/deployments/order-api").json(), is_rolled_out)
    recorded = json.loads((recordings / f"list-{kind}.json").read_text(encoding="utf-8"))["items"]
    real = next(each for each in recorded if each["metadata"]["name"].startswith("order-api"))
    simulated = shop.get(f"/apis/apps/v1/namespaces/shop/{kind}").json()["items"][0]
    missing = _paths(real) - _paths(simulated)
    own = re.compile(
        r"managedFields|sim/behaviour|kubernetes-id|last-applied|subresource|template\.metadata\.annotations"
    )
    assert not [path for path in missing if not own.search(path)]


def test_pods_have_the_fields_of_real_ones(shop: Api, recordings: Path) -> None:
    """Statuses as a kubelet reports them."""
    recorded = json.loads((recordings / "list-pods.json").read_text(encoding="utf-8"))["items"]
    real = next(each for each in recorded if each["metadata"]["name"].startswith("order-api"))
    simulated = shop.get("/api/v1/namespaces/shop/pods").json()["items"][0]
    assert not _paths(real["status"]) - _paths(simulated["status"])
