"""The version that runs, where no file says which it is to be."""

from __future__ import annotations

import pytest

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import JsonObject
from scaffolder_actions.plans.versions import version_in_cluster
from scaffolder_actions.rollouts.apply import apply, ensure_namespace

IMAGE = "registry.localhost:5000/commerce/order-api"
DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("used", "version"),
    [
        (f"{IMAGE}:1.4.2", "1.4.2"),
        (f"{IMAGE}@{DIGEST}", DIGEST),
        (f"{IMAGE}:1.4.2@{DIGEST}", f"1.4.2@{DIGEST}"),
        (IMAGE, None),
        (f"{IMAGE}-worker:1.4.2", None),
    ],
)
def test_the_version_that_runs(api: KubernetesApi, used: str, version: str | None) -> None:
    """As far as the image is the service's own; a container beside it has versions of its own."""
    ensure_namespace(api, "commerce", dry_run=False)
    metadata: JsonObject = {"name": "order-api", "namespace": "commerce"}
    labels: JsonObject = {"app": "order-api"}
    containers: list[JsonObject] = [{"name": "proxy", "image": "proxy:3"}, {"name": "app", "image": used}]
    deployment: JsonObject = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
    }
    apply(api, deployment, warn=lambda _: None)
    assert version_in_cluster(api, "order-api", "commerce", IMAGE) == version


def test_nothing_runs(api: KubernetesApi) -> None:
    """A cluster that has never seen the service says so."""
    assert version_in_cluster(api, "order-api", "commerce", IMAGE) is None
