"""The API over HTTP: lists, pages, watches, writes, forms of answers."""

from __future__ import annotations

import pytest
import requests

from greenroom.local.cluster import SimulatedClusters
from tests.greenroom.cluster.http_client import Api, configuration_map, eventually


def _maps(namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/configmaps"


def test_a_list_in_pages_is_of_one_version(api: Api, namespace: str) -> None:
    """What is written between two pages shows in neither."""
    for number in range(5):
        api.post(_maps(namespace), configuration_map(f"map-{number}"))
    first = api.get(_maps(namespace) + "?limit=2").json()
    assert first["metadata"]["remainingItemCount"] == 3
    api.post(_maps(namespace), configuration_map("map-2a"))
    api.delete(f"{_maps(namespace)}/map-3")
    names = [item["metadata"]["name"] for item in first["items"]]
    token = first["metadata"]["continue"]
    while token:
        page = api.get(_maps(namespace), params={"limit": 2, "continue": token}).json()
        names += [item["metadata"]["name"] for item in page["items"]]
        token = page["metadata"].get("continue")
        assert page["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
    assert names == [f"map-{number}" for number in range(5)]


def test_selectors_narrow_lists_and_collections(api: Api, namespace: str) -> None:
    """By label and by field; a deleted collection is what was selected."""
    for name, tier in (("a", "web"), ("b", "db"), ("c", "web")):
        api.post(_maps(namespace), configuration_map(name, tier=tier))
    listed = api.get(_maps(namespace) + "?labelSelector=tier%3Dweb&fieldSelector=metadata.name!%3Da").json()
    assert [item["metadata"]["name"] for item in listed["items"]] == ["c"]
    assert api.get(_maps(namespace) + "?fieldSelector=data.key%3Dvalue").status_code == 400
    api.delete(_maps(namespace) + "?labelSelector=tier%3Dweb")
    assert [item["metadata"]["name"] for item in api.get(_maps(namespace)).json()["items"]] == ["b"]


def test_a_watch_goes_on_from_a_version(api: Api, namespace: str) -> None:
    """What happened since, then what happens; what leaves a selection is deleted for the watcher."""
    version = api.get(_maps(namespace)).json()["metadata"]["resourceVersion"]
    api.post(_maps(namespace), configuration_map("a", tier="web"))
    query = {"resourceVersion": version, "labelSelector": "tier=web", "timeoutSeconds": 15}
    with api.watch(_maps(namespace), **query) as events:
        assert next(events)["type"] == "ADDED"
        api.patch(f"{_maps(namespace)}/a", {"data": {"key": "other"}})
        modified = next(events)
        assert (modified["type"], modified["object"]["data"]) == ("MODIFIED", {"key": "other"})
        api.patch(f"{_maps(namespace)}/a", {"metadata": {"labels": {"tier": "db"}}})
        assert next(events)["type"] == "DELETED"
        api.patch(f"{_maps(namespace)}/a", {"metadata": {"labels": {"tier": "web"}}})
        assert next(events)["type"] == "ADDED"
        last = api.delete(f"{_maps(namespace)}/a")
        deleted = next(events)
        assert deleted["type"] == "DELETED"
        assert int(deleted["object"]["metadata"]["resourceVersion"]) > int(
            modified["object"]["metadata"]["resourceVersion"]
        )
        assert last.json()["status"] == "Success"


def test_a_watch_without_a_version_begins_with_what_there_is(api: Api, namespace: str) -> None:
    """And says where the beginning ends, when asked to."""
    api.post(_maps(namespace), configuration_map("a"))
    query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    with api.watch(_maps(namespace), **query) as events:
        assert next(events)["object"]["metadata"]["name"] == "a"
        bookmark = next(events)
        assert bookmark["type"] == "BOOKMARK"
        assert bookmark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_a_watch_ends_in_time(api: Api, namespace: str) -> None:
    """After timeoutSeconds the stream is complete."""
    assert api.get(f"{_maps(namespace)}?watch=1&timeoutSeconds=1").text == ""


def test_a_stale_version_is_a_conflict(api: Api, namespace: str) -> None:
    """409 for a write that was built on an older version, in every way of writing."""
    stale = api.post(_maps(namespace), configuration_map("a")).json()
    path = f"{_maps(namespace)}/a"
    current = api.put(path, {**stale, "data": {"key": "new"}}).json()
    for answer in (
        api.put(path, {**stale, "data": {}}),
        api.patch(path, {"metadata": {"resourceVersion": stale["metadata"]["resourceVersion"]}, "data": {}}),
        api.delete(path, {"preconditions": {"resourceVersion": stale["metadata"]["resourceVersion"]}}),
    ):
        assert (answer.status_code, answer.json()["reason"]) == (409, "Conflict")
    assert "the object has been modified" in api.put(path, stale).json()["message"]
    same = api.put(path, current).json()
    assert same["metadata"]["resourceVersion"] == current["metadata"]["resourceVersion"]


def test_identity_and_system_fields_are_the_servers(api: Api, namespace: str) -> None:
    """A client cannot choose or change them."""
    created = api.post(_maps(namespace), {"metadata": {"generateName": "map-", "uid": "mine"}}).json()
    assert created["metadata"]["uid"] != "mine"
    name = created["metadata"]["name"]
    changed = {**created, "metadata": {**created["metadata"], "creationTimestamp": "2000-01-01T00:00:00Z"}}
    answer = api.put(f"{_maps(namespace)}/{name}", changed).json()
    assert answer["metadata"]["creationTimestamp"] == created["metadata"]["creationTimestamp"]
    assert api.put(f"{_maps(namespace)}/{name}", {**created, "metadata": {"name": "other"}}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "reason"),
    [
        (
            "POST",
            "/api/v1/namespaces/{ns}/configmaps",
            {"metadata": {"name": "a"}, "kind": "Secret"},
            400,
            "BadRequest",
        ),
        ("POST", "/api/v1/namespaces/{ns}/configmaps", {"metadata": {"name": "A_b"}}, 422, "Invalid"),
        ("POST", "/api/v1/namespaces/{ns}/configmaps", {"metadata": {}}, 422, "Invalid"),
        (
            "POST",
            "/api/v1/namespaces/{ns}/configmaps",
            {"metadata": {"name": "a", "namespace": "x"}},
            400,
            "BadRequest",
        ),
        ("POST", "/api/v1/namespaces/nowhere/configmaps", {"metadata": {"name": "a"}}, 404, "NotFound"),
        (
            "POST",
            "/api/v1/namespaces/{ns}/configmaps",
            {"metadata": {"name": "a", "labels": {"a": "?"}}},
            422,
            "Invalid",
        ),
        (
            "POST",
            "/apis/apps/v1/namespaces/{ns}/deployments",
            {"metadata": {"name": "a"}, "spec": []},
            400,
            "BadRequest",
        ),
        (
            "POST",
            "/apis/apps/v1/namespaces/{ns}/deployments",
            {"metadata": {"name": "a"}, "spec": {"replicas": "3"}},
            400,
            "BadRequest",
        ),
        ("GET", "/api/v1/namespaces/{ns}/configmaps/none", None, 404, "NotFound"),
        ("GET", "/api/v1/namespaces/{ns}/widgets", None, 404, "NotFound"),
        ("GET", "/api/v1/namespaces/{ns}/pods?limit=x", None, 400, "BadRequest"),
        ("GET", "/api/v1/namespaces/{ns}/pods?continue=nonsense", None, 400, "BadRequest"),
        ("GET", "/api/v1/namespaces/{ns}/pods?resourceVersion=99999999", None, 504, "Timeout"),
        ("PATCH", "/api/v1/namespaces/{ns}/configmaps", {}, 405, "MethodNotAllowed"),
        ("POST", "/api/v1/configmaps", {"metadata": {"name": "a"}}, 405, "MethodNotAllowed"),
        ("DELETE", "/api/v1/namespaces/{ns}/configmaps/none", None, 404, "NotFound"),
        ("POST", "/api/v1/namespaces/{ns}/configmaps?dryRun=Some", {"metadata": {"name": "a"}}, 400, "BadRequest"),
    ],
)
def test_refusals(  # noqa: PLR0917 - a table's columns
    api: Api, namespace: str, method: str, path: str, body: object, code: int, reason: str
) -> None:
    """Each with its status, and a Status object that says why."""
    answer = api.session.request(method, api.url + path.format(ns=namespace), json=body, timeout=20)
    status = answer.json()
    assert (answer.status_code, status["kind"], status["reason"], status["code"]) == (code, "Status", reason, code)


def test_bodies_in_unknown_or_hostile_forms(api: Api, namespace: str) -> None:
    """415 for an unknown type, 400 for what cannot be read, 413 for what is too large, 406 for an unknown answer."""
    url = api.url + _maps(namespace)

    def send(data: bytes, kind: str) -> int:
        return api.session.post(url, data=data, headers={"Content-Type": kind}, timeout=20).status_code

    assert send(b"<a/>", "application/xml") == 415
    assert send(b"{", "application/json") == 400
    assert send(b"[" * 200_000, "application/json") == 400
    assert send(b"a: &a [*a]", "application/yaml") == 400
    assert send(b"k8s\x00nonsense", "application/vnd.kubernetes.protobuf") == 400
    assert send(b" " * (3 * 1024 * 1024 + 1), "application/json") == 413
    assert api.patch(f"{_maps(namespace)}/a", {}, "application/json").status_code == 415
    assert api.get(_maps(namespace), headers={"Accept": "application/cbor"}).status_code == 406
    yaml = b"metadata: {name: from-yaml}\ndata: {a: 'no'}"
    assert send(yaml, "application/yaml") == 201


def test_writes_in_dry_run_leave_nothing(api: Api, namespace: str) -> None:
    """Create, replace, patch and delete answer as if, and change nothing."""
    assert api.post(_maps(namespace) + "?dryRun=All", configuration_map("a")).status_code == 201
    assert api.get(f"{_maps(namespace)}/a").status_code == 404
    kept = api.post(_maps(namespace), configuration_map("a")).json()
    path = f"{_maps(namespace)}/a?dryRun=All"
    assert api.put(path, {**kept, "data": {"key": "x"}}).json()["data"] == {"key": "x"}
    assert api.patch(path, {"data": {"key": "y"}}).json()["data"] == {"key": "y"}
    assert api.delete(path).json()["status"] == "Success"
    assert api.get(f"{_maps(namespace)}/a").json() == kept


def test_tables_and_bare_metadata(api: Api, namespace: str) -> None:
    """The forms that kubectl and metadata clients ask for."""
    api.post(_maps(namespace), configuration_map("a"))
    table = api.get(_maps(namespace), headers={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}).json()
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert table["rows"][0]["cells"][:2] == ["a", 1]
    accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
    listed = api.get(_maps(namespace), headers={"Accept": accept}).json()
    assert listed["kind"] == "PartialObjectMetadataList"
    assert "data" not in listed["items"][0]


def test_discovery_in_both_forms(api: Api) -> None:
    """Plain and aggregated discovery name the same resources."""
    plain = api.get("/apis/apps/v1").json()
    assert {entry["name"] for entry in plain["resources"]} >= {"deployments", "deployments/scale", "deployments/status"}
    accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
    groups = api.get("/apis", headers={"Accept": accept}).json()["items"]
    (apps,) = [each for each in groups if each["metadata"]["name"] == "apps"]
    (version,) = apps["versions"]
    assert "deployments" in {each["resource"] for each in version["resources"]}
    assert api.get("/apis").json()["kind"] == "APIGroupList"
    assert api.get("/apis/apps").json()["preferredVersion"]["version"] == "v1"
    assert api.get("/version").json()["gitVersion"].endswith("+greenroom-simulated")
    described = api.get("/openapi/v3/apis/apps/v1").json()
    assert any("deployments" in path for path in described["paths"])


def test_the_rest_of_the_server(clusters: SimulatedClusters) -> None:
    """Probes for anybody; the endpoints beside the clusters for the token only; no unknown cluster."""
    assert requests.get(f"{clusters.url}/clusters/staging/readyz", timeout=20).text == "ok"
    assert requests.get(f"{clusters.url}/readyz", timeout=20).text == "ok"
    assert requests.get(f"{clusters.url}/local/v1/clusters", timeout=20).status_code == 401
    headers = {"Authorization": f"Bearer {clusters.token}"}
    listed = requests.get(f"{clusters.url}/local/v1/clusters", headers=headers, timeout=20).json()
    assert [(each["name"], each["simulated"]) for each in listed["items"]] == [("staging", True), ("production", True)]
    assert requests.get(f"{clusters.url}/clusters/other/version", headers=headers, timeout=20).status_code == 404


def test_breaking_over_http(api: Api, namespace: str) -> None:
    """The endpoints say what is wrong with a request, and what is broken."""
    base = f"{api.clusters.url}/local/v1/clusters/staging"

    def send(verb: str, body: object) -> requests.Response:
        return api.session.post(f"{base}/{verb}", json=body, timeout=20)

    pod = {"containers": [{"name": "app", "image": "app:1"}]}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": pod}}
    api.post(f"/apis/apps/v1/namespaces/{namespace}/deployments", {"metadata": {"name": "breakable"}, "spec": spec})
    assert send("break", {"deployment": "breakable", "how": "loudly"}).status_code == 400
    assert send("break", {"how": "crash"}).status_code == 400
    assert send("break", {"deployment": "nothing", "how": "crash"}).status_code == 404
    assert send("explode", {}).status_code == 404
    broken = send("break", {"deployment": "breakable", "how": "crash", "namespace": namespace}).json()["broken"]
    assert {"namespace": namespace, "deployment": "breakable", "how": "crash"} in broken
    assert send("heal", {"deployment": "breakable"}).json()["broken"] == []


def test_a_disconnected_cluster_cuts_requests_and_watches(clusters: SimulatedClusters) -> None:
    """Requests and open watches are reset; afterwards all is as it was. The other cluster never notices."""
    api, other = Api(clusters, "staging"), Api(clusters, "production")
    with api.watch("/api/v1/namespaces") as events:
        next(events)
        clusters.disconnect("staging")
        with pytest.raises(requests.RequestException):
            list(events)
    with pytest.raises(requests.ConnectionError):
        api.get("/version")
    assert other.get("/version").status_code == 200
    clusters.reconnect("staging")
    assert api.get("/version").status_code == 200


def test_a_hanging_cluster_says_nothing(clusters: SimulatedClusters) -> None:
    """Requests wait for the client to give up."""
    clusters.disconnect("production", "hang")
    headers = {"Authorization": f"Bearer {clusters.token}"}
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{clusters.url}/clusters/production/version", headers=headers, timeout=(5, 0.3))
    clusters.reconnect("production")
    eventually(lambda: Api(clusters, "production").get("/version").status_code == 200)


def test_a_watch_through_a_hanging_network_is_lost(clusters: SimulatedClusters) -> None:
    """Nothing comes while the cluster hangs, and the stream does not survive it: the client has to list anew."""
    api = Api(clusters, "production")
    with api.watch("/api/v1/namespaces") as events:
        next(events)
        clusters.disconnect("production", "hang")
        clusters.reconnect("production")
        with pytest.raises(requests.RequestException):
            list(events)


def test_a_watcher_that_does_not_read_is_cut_off(clusters: SimulatedClusters, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its backlog is bounded; it ends, and the client lists anew."""
    monkeypatch.setattr("greenroom.local.cluster.http.watching.LARGEST_BACKLOG", 0)
    api = Api(clusters, "production")
    version = api.get("/api/v1/namespaces").json()["metadata"]["resourceVersion"]
    with api.watch("/api/v1/namespaces", resourceVersion=version) as events:
        api.post("/api/v1/namespaces", {"metadata": {"name": "unread"}})
        assert list(events) == []


def test_bookmarks_come_without_changes(clusters: SimulatedClusters, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a quiet watcher can resume from a version that is still kept."""
    monkeypatch.setattr("greenroom.local.cluster.http.watching.BOOKMARK_INTERVAL", 0.05)
    api = Api(clusters, "production")
    path = "/apis/coordination.k8s.io/v1/leases"
    version = api.get(path).json()["metadata"]["resourceVersion"]
    with api.watch(path, resourceVersion=version, allowWatchBookmarks="true") as events:
        bookmark = next(events)
    assert bookmark["type"] == "BOOKMARK"
    assert bookmark["object"] == {
        "kind": "Lease",
        "apiVersion": "coordination.k8s.io/v1",
        "metadata": {"resourceVersion": bookmark["object"]["metadata"]["resourceVersion"]},
    }


def test_empty_labels_and_annotations_are_none(api: Api, namespace: str) -> None:
    """Clients send them; no real server writes them, so they are no difference."""
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    created = api.post(path, {"metadata": {"name": "empty", "labels": {}, "annotations": {}}}).json()
    assert created["metadata"].keys() & {"labels", "annotations"} == set()
    patched = api.patch(f"{path}/empty", {"metadata": {"annotations": {}}}).json()
    assert patched["metadata"]["resourceVersion"] == created["metadata"]["resourceVersion"]
