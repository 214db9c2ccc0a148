"""The real `kubectl` works with a simulated cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml

from greenroom.local.cluster import SimulatedClusters
from greenroom.local.cluster.objects import Manifest
from tests.greenroom.cluster.http_client import eventually
from tests.greenroom.cluster.kubectl import Kubectl, needs_kubectl
from tests.greenroom.cluster.simulation import NAMESPACE, deployment, is_rolled_out

pytestmark = needs_kubectl


@pytest.fixture
def order_api(kubectl: Kubectl) -> Iterator[str]:
    """A deployment, applied and rolled out."""
    kubectl("apply", "--filename", kubectl.file(deployment()))
    kubectl("rollout", "status", "deployment/order-api", "--timeout=60s")
    yield "deployment/order-api"
    kubectl("delete", "deployment", "order-api", "--ignore-not-found", "--now")


def test_what_the_server_is_and_has(kubectl: Kubectl) -> None:
    """It says that it is simulated, and lists its resources."""
    assert "Server Version: v1.36.0+greenroom-simulated" in kubectl("version")
    assert "deployments" in kubectl("api-resources", "--output", "name")
    assert "simulated-node-1" in kubectl("get", "nodes")
    assert kubectl.read("namespace", NAMESPACE)["metadata"]["annotations"] == {"greenroom.local/simulated": "true"}


def test_apply_validates_creates_and_changes(kubectl: Kubectl, order_api: str) -> None:
    """Without any flag; unchanged stays unchanged, and a wrong object is refused with every cause."""
    assert "unchanged" in kubectl("apply", "--filename", kubectl.file(deployment()))
    changed = deployment(image="registry.example/order-api:1.1.0")
    assert "image: registry.example/order-api:1.1.0" in _diff(kubectl, changed)
    assert "configured" in kubectl("apply", "--filename", kubectl.file(changed))
    wrong = deployment("wrong", selector={"matchLabels": {"other": "label"}})
    assert "`selector` does not match template `labels`" in kubectl.fail("apply", "--filename", kubectl.file(wrong))
    assert kubectl.read(order_api)["metadata"]["generation"] == 2


def _diff(kubectl: Kubectl, manifest: Manifest) -> str:
    process = kubectl.start("diff", "--filename", kubectl.file(manifest))
    output, error = process.communicate(timeout=60)
    # kubectl diff ends with 1 when there are differences.
    assert process.returncode == 1, error
    return output


def test_apply_on_the_server_with_field_managers(kubectl: Kubectl, order_api: str) -> None:
    """It takes over from client-side apply, conflicts, forces, and runs dry."""
    assert "serverside-applied" in kubectl("apply", "--server-side", "--filename", kubectl.file(deployment()))
    kubectl("scale", order_api, "--replicas", "4")
    refused = kubectl.fail("apply", "--server-side", "--filename", kubectl.file(deployment()))
    assert 'conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas' in refused
    five = kubectl.file(deployment(replicas=5))
    dry = kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--filename", five)
    assert "(server dry run)" in dry
    assert kubectl.read(order_api)["spec"]["replicas"] == 4
    kubectl("apply", "--server-side", "--force-conflicts", "--filename", five)
    assert kubectl.read(order_api)["spec"]["replicas"] == 5


def test_rollouts_are_followed_undone_and_restarted(kubectl: Kubectl, order_api: str) -> None:
    """status, history, undo, restart, pause and resume."""
    kubectl("set", "image", order_api, "app=registry.example/order-api:2.0.0")
    assert "successfully rolled out" in kubectl("rollout", "status", order_api, "--timeout=60s")
    assert len(kubectl("rollout", "history", order_api).splitlines()) == 5
    kubectl("rollout", "undo", order_api)
    kubectl("rollout", "status", order_api, "--timeout=60s")
    image = kubectl.read(order_api)["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image == "registry.example/order-api:1.0.0"
    kubectl("rollout", "restart", order_api)
    assert "successfully rolled out" in kubectl("rollout", "status", order_api, "--timeout=60s")
    kubectl("rollout", "pause", order_api)
    kubectl("rollout", "resume", order_api)


def test_a_failed_rollout_is_told(kubectl: Kubectl, clusters: SimulatedClusters, order_api: str) -> None:
    """`rollout status` ends with the deadline's error."""
    clusters.break_("staging", "order-api", "stuck")
    eventually(
        lambda: "exceeded its progress deadline" in kubectl.fail("rollout", "status", order_api, "--timeout=20s")
    )
    clusters.heal("staging", "order-api")


def test_every_patch_type_and_edit(kubectl: Kubectl, order_api: str) -> None:
    """Strategic merge keeps other items, merge replaces, JSON patch is exact, edit sends what changed."""
    env = {"spec": {"template": {"spec": {"containers": [{"name": "app", "env": [{"name": "A", "value": "1"}]}]}}}}
    kubectl("patch", order_api, "--patch", json.dumps(env))
    kubectl("patch", order_api, "--type", "merge", "--patch", '{"spec": {"replicas": 2}}')
    operations = [{"op": "add", "path": "/metadata/annotations/note", "value": "patched"}]
    kubectl("patch", order_api, "--type", "json", "--patch", json.dumps(operations))
    kubectl("edit", order_api, EDITOR="sed -i s/order-api:1.0.0/order-api:3.0.0/")
    kubectl("label", order_api, "team=commerce")
    found = kubectl.read(order_api)
    container = found["spec"]["template"]["spec"]["containers"][0]
    assert (container["env"], container["image"]) == ([{"name": "A", "value": "1"}], "registry.example/order-api:3.0.0")
    assert (found["spec"]["replicas"], found["metadata"]["annotations"]["note"]) == (2, "patched")
    assert found["metadata"]["labels"]["team"] == "commerce"


def test_people_read_tables_yaml_and_descriptions(kubectl: Kubectl, order_api: str) -> None:
    """Get in its forms, and describe with the events."""
    assert kubectl("get", "deployments").splitlines()[1].split()[:4] == ["order-api", "3/3", "3", "3"]
    assert "IMAGES" in kubectl("get", order_api, "--output", "wide")
    assert yaml.safe_load(kubectl("get", order_api, "--output", "yaml"))["kind"] == "Deployment"
    assert "Scaled up replica set" in kubectl("describe", order_api)
    assert "Successfully assigned" in kubectl("describe", "pods")
    assert "simulated-node" in kubectl("get", "pods", "--output", "wide")
    assert "pod/order-api" in kubectl("get", "all")
    assert "ScalingReplicaSet" in kubectl("get", "events")


def test_what_belongs_to_a_service_is_described(kubectl: Kubectl, order_api: str) -> None:
    """Service, autoscaler, budget, ingress and claims, with what the controllers say of them."""
    labels = {"app.kubernetes.io/name": "order-api"}
    name = {"name": "order-api"}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", **name}
    manifests: list[Manifest] = [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": name,
            "spec": {"selector": labels, "ports": [{"port": 80}]},
        },
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": name,
            "spec": {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 10},
        },
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": name,
            "spec": {"minAvailable": 1, "selector": {"matchLabels": labels}},
        },
    ]
    kubectl("apply", "--server-side", "--filename", kubectl.file(*manifests))
    eventually(lambda: "Allowed disruptions:  2" in kubectl("describe", "poddisruptionbudget"))
    assert "10.96." in kubectl("get", "service")
    assert "Endpoints:" in kubectl("describe", "service", "order-api")
    assert "ReadyForNewScale" in kubectl("describe", "horizontalpodautoscaler")
    kubectl("delete", "--filename", kubectl.file(*manifests))


def test_watching_pods_come_and_go(kubectl: Kubectl, order_api: str) -> None:
    """`get --watch` shows what happens."""
    watching = kubectl.start("get", "pods", "--watch", "--output-watch-events")
    try:
        assert watching.stdout is not None
        for _ in range(4):
            watching.stdout.readline()
        kubectl("scale", order_api, "--replicas", "1")
        assert any("DELETED" in watching.stdout.readline() for _ in range(40))
    finally:
        watching.kill()
        watching.communicate()


def test_deleting_waits_until_all_is_gone(kubectl: Kubectl) -> None:
    """In the background by default, and in the foreground when asked."""
    kubectl("apply", "--filename", kubectl.file(deployment("short-lived")))
    kubectl("wait", "deployment/short-lived", "--for=condition=Available", "--timeout=60s")
    assert "deleted" in kubectl("delete", "deployment", "short-lived", "--cascade=foreground", "--timeout=60s")
    assert "not found" in kubectl.fail("get", "deployment", "short-lived")
    remaining = kubectl.read("pods", "--selector", "app.kubernetes.io/name=short-lived")["items"]
    assert not remaining


def test_commands_that_create(kubectl: Kubectl) -> None:
    """They send protobuf, where the others send JSON."""
    kubectl("create", "configmap", "colours", "--from-literal=a=red")
    kubectl("create", "secret", "generic", "key", "--from-literal=token=abc")
    kubectl("create", "serviceaccount", "robot")
    kubectl("create", "deployment", "web", "--image=web:1", "--replicas=2", "--port=8080")
    kubectl("create", "job", "once", "--image=job:1")
    assert kubectl.read("configmap", "colours")["data"] == {"a": "red"}
    assert kubectl.read("secret", "key")["data"] == {"token": "YWJj"}
    eventually(lambda: kubectl.read("deployment", "web"), is_rolled_out)
    kubectl("wait", "job/once", "--for=condition=Complete", "--timeout=60s")
    kubectl("delete", "deployment/web", "job/once")


def test_a_namespace_is_emptied(kubectl: Kubectl) -> None:
    """Deleting it takes what is in it along."""
    kubectl("create", "namespace", "passing")
    kubectl("create", "configmap", "inside", "--namespace", "passing")
    kubectl("delete", "namespace", "passing", "--timeout=60s")
    assert "not found" in kubectl.fail("get", "namespace", "passing")


def test_an_unreachable_cluster_is_an_error(kubectl: Kubectl, clusters: SimulatedClusters) -> None:
    """Kubectl gets no answer, and the other context still does."""
    clusters.disconnect("staging", "hang")
    assert "Unable to connect" in kubectl.fail("get", "pods", "--request-timeout=1s")
    assert "default" in kubectl("get", "namespaces", "--context", "production")
    clusters.reconnect("staging")
    assert kubectl("get", "namespaces")
