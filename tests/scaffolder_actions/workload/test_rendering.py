"""What a Service document becomes in a cluster, judged by Kubernetes' own schemas and standards."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InputError
from foundation.service import Service, load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload import render_workload, workload_objects

PLATFORM = PlatformSettings()
Judge = Callable[[dict[str, Any]], list[str]]

_names = st.from_regex(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?", fullmatch=True)
_sizes = st.sampled_from(["xsmall", "small", "medium", "large", "xlarge"])


@st.composite
def _replicas(draw: st.DrawFn) -> dict[str, int]:
    least = draw(st.integers(1, 20))
    return {"min": least, "max": draw(st.integers(least, 100))}


def service_documents() -> st.SearchStrategy[dict[str, Any]]:
    """Valid Service documents of every shape that changes the workload."""
    spec = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["web", "worker"]),
            "image": st.sampled_from(["ghcr.io/acme/api", "localhost:5000/api", "api:1.0", f"api@sha256:{'a' * 64}"]),
            "port": st.integers(1024, 65535),
            "resources": st.fixed_dictionaries({}, optional={"cpu": _sizes, "memory": _sizes}),
            "deployment": st.fixed_dictionaries(
                {}, optional={"strategy": st.sampled_from(["rolling", "recreate"]), "replicas": _replicas()}
            ),
        },
    )
    metadata = st.fixed_dictionaries(
        {"name": _names, "team": _names.filter(lambda name: name != "default" and not name.startswith("kube-"))},
        optional={
            "system": _names,
            "labels": st.dictionaries(st.sampled_from(["tier", "acme.io/cost"]), st.sampled_from(["", "a", "no", "1"])),
        },
    )
    return st.builds(
        lambda metadata, spec: {
            "apiVersion": "platform.company.com/v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": spec,
        },
        metadata,
        spec,
    )


def service_of(document: dict[str, Any]) -> Service:
    return load_service(json.dumps(document), "service.yaml", PLATFORM)


def order_api(**spec: object) -> Service:
    return service_of(
        {
            "apiVersion": "platform.company.com/v1",
            "kind": "Service",
            "metadata": {"name": "order-api", "team": "commerce", "system": "checkout", "labels": {"tier": "gold"}},
            "spec": {"deployment": {"replicas": {"min": 2, "max": 10}}, **spec},
        }
    )


def rendered(service: Service, version: str = "1.4.2") -> dict[str, dict[str, Any]]:
    """The objects by their kinds, as their files say them."""
    files = render_workload(service, "staging", version, PLATFORM)
    objects = [yaml.safe_load(text) for text in files.values()]
    return {each["kind"]: each for each in objects}


@settings(max_examples=60, deadline=None)
@given(document=service_documents())
def test_any_valid_document_becomes_objects_that_every_release_accepts(
    schema_errors: Judge, restricted_violations: Judge, document: dict[str, Any]
) -> None:
    """Strictly valid from 1.31 to 1.37, "restricted" pods, selectors that match, and the same bytes again."""
    service = service_of(document)
    objects = rendered(service)
    for each in objects.values():
        assert schema_errors(each) == []
    template = objects["Deployment"]["spec"]["template"]
    assert restricted_violations(template["spec"]) == []
    labels = template["metadata"]["labels"].items()
    for kind in {"Deployment", "PodDisruptionBudget"} & objects.keys():
        assert objects[kind]["spec"]["selector"]["matchLabels"].items() <= labels
    assert ("replicas" in objects["Deployment"]["spec"]) != ("HorizontalPodAutoscaler" in objects)
    assert ("Service" in objects) == (service.type == "web")
    assert render_workload(service, "staging", "1.4.2", PLATFORM) == render_workload(
        service_of(document), "staging", "1.4.2", PLATFORM
    )


def test_the_sample_becomes_five_objects_of_its_team() -> None:
    """Account, address, pods, scaling and budget, named after the service in the namespace of its team."""
    files = render_workload(order_api(), "staging", "1.4.2", PLATFORM)
    assert list(files) == [
        "staging/serviceaccount.yaml",
        "staging/service.yaml",
        "staging/deployment.yaml",
        "staging/horizontalpodautoscaler.yaml",
        "staging/poddisruptionbudget.yaml",
    ]
    for each in rendered(order_api()).values():
        assert (each["metadata"]["name"], each["metadata"]["namespace"]) == ("order-api", "commerce")
        assert each["metadata"]["labels"] == {
            "tier": "gold",
            "app.kubernetes.io/name": "order-api",
            "app.kubernetes.io/part-of": "checkout",
            "app.kubernetes.io/managed-by": "greenroom",
            "backstage.io/kubernetes-id": "order-api",
        }
    assert [
        json.loads(json.dumps(each))["kind"] for each in workload_objects(order_api(), "staging", "1", PLATFORM)
    ] == [yaml.safe_load(text)["kind"] for text in files.values()]


def test_pods_carry_no_label_that_restarts_them_for_nothing() -> None:
    """Neither a version nor the team's own labels stand in the pod template."""
    first, second = rendered(order_api(), "1.4.2"), rendered(order_api(), "1.4.3")
    template = first["Deployment"]["spec"]["template"]["metadata"]
    assert template == second["Deployment"]["spec"]["template"]["metadata"]
    assert "tier" not in template["labels"]


def test_another_maximum_changes_the_autoscaler_and_nothing_else() -> None:
    """Scaling is one number in one object."""
    before = render_workload(order_api(), "staging", "1", PLATFORM)
    after = render_workload(order_api(deployment={"replicas": {"min": 2, "max": 20}}), "staging", "1", PLATFORM)
    assert [path for path in before if before[path] != after[path]] == ["staging/horizontalpodautoscaler.yaml"]


def test_equal_replicas_mean_a_fixed_number() -> None:
    """No autoscaler, and the number in the Deployment; the budget still lets a node be drained."""
    objects = rendered(order_api(deployment={"replicas": {"min": 1, "max": 1}}))
    assert "HorizontalPodAutoscaler" not in objects
    assert objects["Deployment"]["spec"]["replicas"] == 1
    assert objects["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1


def test_a_worker_without_a_port_is_neither_reached_nor_asked() -> None:
    """No Service, no ports, no probes."""
    objects = rendered(order_api(type="worker"))
    container = objects["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    assert "Service" not in objects
    assert not {"ports", "readinessProbe", "livenessProbe", "startupProbe"} & container.keys()


def test_probes_and_the_service_lead_to_the_port() -> None:
    """Everything names the port by the name that the container gives it."""
    objects = rendered(order_api(port=9000, probes={"path": "/ready"}))
    container = objects["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    assert container["ports"] == [{"name": "http", "containerPort": 9000, "protocol": "TCP"}]
    assert {"name": "PORT", "value": "9000"} in container["env"]
    assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "http"}
    assert objects["Service"]["spec"]["ports"][0]["targetPort"] == "http"


def test_sizes_become_requests_and_a_limit_of_memory_alone() -> None:
    """Memory cannot be taken back; processor time can."""
    objects = rendered(order_api(resources={"cpu": "large", "memory": "medium"}))
    assert objects["Deployment"]["spec"]["template"]["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "1", "memory": "512Mi"},
        "limits": {"memory": "512Mi"},
    }


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (None, "registry.localhost/commerce/order-api:1.4.2"),
        ("ghcr.io/acme/api", "ghcr.io/acme/api:1.4.2"),
        ("localhost:5000/api", "localhost:5000/api:1.4.2"),
        ("api:2.0", "api:2.0"),
        (f"api@sha256:{'a' * 64}", f"api@sha256:{'a' * 64}"),
    ],
)
def test_the_version_is_the_tag_of_an_image_without_one(image: str | None, expected: str) -> None:
    """A tag or digest in the document stands."""
    service = order_api(**({"image": image} if image else {}))
    assert rendered(service)["Deployment"]["spec"]["template"]["spec"]["containers"][0]["image"] == expected


@pytest.mark.parametrize(
    ("environment", "version", "expected"),
    [
        ("stagin", "1", 'order-api does not run in "stagin". Did you mean "staging"?'),
        ("staging", "latest", '"latest" is not a version that an image can have.'),
        ("staging", "1.0\n", "is not a version"),
        ("staging", "a b", "is not a version"),
        ("staging", "x" * 129, "is not a version"),
        ("staging", "", '"" is not a version'),
    ],
)
def test_refuses_unknown_environments_and_impossible_versions(environment: str, version: str, expected: str) -> None:
    """One sentence with a remedy, before anything is made."""
    with pytest.raises(InputError) as caught:
        render_workload(order_api(), environment, version, PLATFORM)
    assert expected in str(caught.value)
