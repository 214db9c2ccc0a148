"""What a Service document becomes as a whole: which objects, in which order and in which files."""

from __future__ import annotations

import pytest
import yaml

from foundation.errors import InputError
from scaffolder_actions.workload import compile_environment
from tests.judges.documents import PLATFORM
from tests.scaffolder_actions.workload.compiled import container_of, files_of, job, objects_of, order_api

# Of another room, which may add to them.
OBSERVED = {"ServiceMonitor", "PodMonitor", "PrometheusRule", "ConfigMap"}


def kinds_of(**spec: object) -> list[str]:
    return [each["kind"] for each in objects_of(order_api(**spec)) if each["kind"] not in OBSERVED]


def test_a_web_service_is_made_in_the_order_in_which_each_object_stands_on_those_before() -> None:
    """Account and walls first, then pods, how they are reached and scaled, and the way in from outside last."""
    assert kinds_of(dependencies=[{"type": "postgresql"}]) == [
        "ServiceAccount",
        "NetworkPolicy",
        "ExternalSecret",
        "Deployment",
        "Service",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "Certificate",
        "ListenerSet",
        "HTTPRoute",
    ]


def test_a_worker_is_neither_reached_nor_led_to() -> None:
    """No Service and no way in from outside."""
    expected = ["ServiceAccount", "NetworkPolicy", "Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"]
    assert kinds_of(type="worker") == expected


def test_a_job_is_a_cron_job_alone() -> None:
    """Nothing scales it, and no budget holds a node for a pod that ends."""
    kinds = [each["kind"] for each in objects_of(job()) if each["kind"] not in OBSERVED]
    assert kinds == ["ServiceAccount", "NetworkPolicy", "CronJob"]


def test_every_object_is_the_services_in_the_namespace_of_its_team() -> None:
    """Named after the service, and found by the labels of the platform and of the team."""
    for each in objects_of(order_api(dependencies=[{"type": "redis"}])):
        assert each["metadata"]["namespace"] == "commerce"
        assert each["metadata"]["name"].startswith("order-api")
        assert (
            each["metadata"]["labels"].items()
            >= {
                "tier": "gold",
                "app.kubernetes.io/name": "order-api",
                "app.kubernetes.io/part-of": "checkout",
                "app.kubernetes.io/managed-by": "greenroom",
                "backstage.io/kubernetes-id": "order-api",
            }.items()
        ), each["kind"]


def test_each_object_is_a_file_of_the_environment_that_the_kustomization_names() -> None:
    """`deploy/<environment>/kubernetes/<kind>.yaml`, and nothing there that is not applied."""
    files = files_of(order_api())
    for environment in ("staging", "production"):
        folder = f"deploy/{environment}/kubernetes/"
        inside = {path.removeprefix(folder) for path in files if path.startswith(folder)}
        resources = yaml.safe_load(files[f"{folder}kustomization.yaml"])["resources"]
        assert inside == {*resources, "kustomization.yaml"}
        made = [yaml.safe_load(files[folder + each])["kind"] for each in resources]
        assert made == [each["kind"] for each in objects_of(order_api(), environment)]


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
    assert container_of(order_api(**({"image": image} if image else {})))["image"] == expected


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
        compile_environment(order_api(), environment, version, PLATFORM)
    assert expected in str(caught.value)
