"""A namespace in a simulated cluster, and objects of a service to put there."""

from __future__ import annotations

import pytest

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import JsonObject
from scaffolder_actions.rollouts.apply import ensure_namespace
from scaffolder_actions.rollouts.removing import NAME

LABELS = {NAME: "order-api", "app.kubernetes.io/managed-by": "greenroom"}


def config_map(name: str = "order-api", labels: dict[str, str] | None = None, **data: str) -> JsonObject:
    metadata: JsonObject = {"name": name, "namespace": "commerce", "labels": LABELS if labels is None else labels}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def deployment(name: str = "order-api") -> JsonObject:
    labels = {"app.kubernetes.io/name": name}
    container: JsonObject = {"name": "app", "image": "registry.localhost/commerce/order-api:1.0.0"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "commerce", "labels": LABELS},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


@pytest.fixture
def namespace(api: KubernetesApi) -> str:
    ensure_namespace(api, "commerce", dry_run=False)
    return "commerce"
