"""The official Python client works with a simulated cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kubernetes import client, config, watch
from kubernetes.client.exceptions import ApiException

from greenroom.local.cluster import SimulatedClusters
from tests.greenroom.cluster.http_client import eventually
from tests.greenroom.cluster.manifests import certificate, cron_job, route
from tests.greenroom.cluster.simulation import deployment


@pytest.fixture(scope="module")
def connection(clusters: SimulatedClusters) -> Iterator[client.ApiClient]:
    """The client, made from the kubeconfig."""
    connect: Any = config.new_client_from_config  # without types of its own
    with connect(str(clusters.kubeconfig), context="production") as made:
        _core(made).create_namespace({"metadata": {"name": "commerce"}})
        yield made


# `Any`: the client's types know model classes only, where it takes plain objects as well.
def _core(connection: client.ApiClient) -> Any:
    return client.CoreV1Api(connection)


def _apps(connection: client.ApiClient) -> Any:
    return client.AppsV1Api(connection)


def _network(connection: client.ApiClient) -> Any:
    return client.NetworkingV1Api(connection)


def test_typed_objects_are_written_and_read(connection: client.ApiClient) -> None:
    """Create, read, scale, patch, replace with a conflict, delete."""
    apps = _apps(connection)
    apps.create_namespaced_deployment("commerce", deployment())
    done = eventually(
        lambda: apps.read_namespaced_deployment("order-api", "commerce"), lambda found: found.status.ready_replicas == 3
    )
    assert done.metadata.generation == 1
    apps.patch_namespaced_deployment_scale("order-api", "commerce", {"spec": {"replicas": 1}})
    assert apps.read_namespaced_deployment_scale("order-api", "commerce").spec.replicas == 1
    apps.patch_namespaced_deployment("order-api", "commerce", {"metadata": {"labels": {"team": "commerce"}}})
    with pytest.raises(ApiException) as caught:
        apps.replace_namespaced_deployment("order-api", "commerce", done)
    assert caught.value.status == 409
    pods = _core(connection).list_namespaced_pod("commerce", label_selector="app.kubernetes.io/name=order-api")
    assert {pod.spec.node_name for pod in pods.items} <= {"simulated-node-1", "simulated-node-2"}
    apps.delete_namespaced_deployment("order-api", "commerce")


def test_pages_and_watches(connection: client.ApiClient) -> None:
    """A list in pages, and a watch from its version."""
    core = _core(connection)
    for number in range(3):
        core.create_namespaced_config_map("commerce", {"metadata": {"name": f"map-{number}"}})
    first = core.list_namespaced_config_map("commerce", limit=2)
    rest = core.list_namespaced_config_map("commerce", limit=2, _continue=first.metadata._continue)
    assert [each.metadata.name for each in (*first.items, *rest.items)] == ["map-0", "map-1", "map-2"]
    core.delete_namespaced_config_map("map-1", "commerce")
    watcher: Any = watch.Watch  # without types of its own
    stream = watcher().stream(
        core.list_namespaced_config_map, "commerce", resource_version=first.metadata.resource_version, timeout_seconds=1
    )
    assert [(event["type"], event["object"].metadata.name) for event in stream] == [("DELETED", "map-1")]


def test_server_side_apply(connection: client.ApiClient) -> None:
    """With a field manager, over the generic call."""
    applied = _apps(connection).patch_namespaced_deployment(
        "applied",
        "commerce",
        deployment("applied"),
        field_manager="greenroom",
        force=True,
        _content_type="application/apply-patch+yaml",
    )
    assert [entry.manager for entry in applied.metadata.managed_fields] == ["greenroom"]


def test_custom_objects_are_written_watched_and_removed(connection: client.ApiClient) -> None:
    """By the interface that the client has for kinds that it does not know."""
    custom: Any = client.CustomObjectsApi(connection)
    place = ("cert-manager.io", "v1", "commerce", "certificates")
    created = custom.create_namespaced_custom_object(*place, certificate())
    watcher: Any = watch.Watch
    stream = watcher().stream(
        custom.list_namespaced_custom_object,
        *place,
        resource_version=created["metadata"]["resourceVersion"],
        timeout_seconds=30,
    )
    for event in stream:
        conditions = event["object"]["status"].get("conditions") or []
        if ("Ready", "True") in {(each["type"], each["status"]) for each in conditions}:
            break
    changed = {"spec": {"commonName": "order-api"}}
    patched = custom.patch_namespaced_custom_object(*place, "order-api", changed)
    assert patched["metadata"]["generation"] == 2
    with pytest.raises(ApiException) as caught:
        custom.create_namespaced_custom_object(*place, {"metadata": {"name": "wrong"}, "spec": {}})
    assert caught.value.status == 422
    custom.delete_namespaced_custom_object(*place, "order-api")
    assert custom.list_namespaced_custom_object(*place)["items"] == []
    routes = ("gateway.networking.k8s.io", "v1", "commerce", "httproutes")
    custom.create_namespaced_custom_object(*routes, route())
    parents = eventually(
        lambda: custom.get_namespaced_custom_object(*routes, "order-api")["status"].get("parents"), bool
    )
    assert parents[0]["controllerName"] == "greenroom.local/simulated-gateway"


def test_schedules_and_their_jobs_deserialise(connection: client.ApiClient) -> None:
    """What the controllers write of them fits the client's models."""
    batch: Any = client.BatchV1Api(connection)
    batch.create_namespaced_cron_job("commerce", cron_job("* * * * *"))
    found = batch.read_namespaced_cron_job("nightly", "commerce")
    assert (found.spec.concurrency_policy, found.status.active) == ("Allow", None)
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": found.metadata.uid}
    metadata = {"name": "by-hand", "ownerReferences": [{**owner, "controller": True}]}
    batch.create_namespaced_job("commerce", {"metadata": metadata, "spec": cron_job()["spec"]["jobTemplate"]["spec"]})
    done = eventually(
        lambda: batch.read_namespaced_cron_job("nightly", "commerce"),
        lambda each: each.status.last_successful_time is not None,
    )
    assert done.status.last_successful_time >= done.metadata.creation_timestamp


def test_every_kind_deserialises(connection: client.ApiClient) -> None:
    """What the controllers write fits the client's models."""
    core, network = _core(connection), _network(connection)
    assert all(node.status.conditions for node in core.list_node().items)
    assert core.list_namespaced_event("commerce").items
    assert core.list_namespaced_service_account("commerce").items[0].metadata.name == "default"
    backend = {"service": {"name": "order-api", "port": {"number": 80}}}
    rule = {"host": "x.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    network.create_namespaced_ingress("commerce", {"metadata": {"name": "order-api"}, "spec": {"rules": [rule]}})
    policy = {"metadata": {"name": "order-api"}, "spec": {"podSelector": {}}}
    assert network.create_namespaced_network_policy("commerce", policy).spec.policy_types == ["Ingress"]
    assert client.VersionApi(connection).get_code().git_version == "v1.36.0+greenroom-simulated"
