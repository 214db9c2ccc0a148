"""Workloads put into a simulated cluster, over its API."""

from __future__ import annotations

import contextlib

from foundation.connections.kubernetes import ClusterConflictError, KubernetesApi, connect_cluster
from foundation.settings import ClusterSettings
from greenroom.local.cluster import SimulatedClusters

DEPLOYMENTS = "/apis/apps/v1/namespaces/commerce/deployments"


def settings_of(clusters: SimulatedClusters, *names: str) -> tuple[ClusterSettings, ...]:
    """Each simulated cluster as the environment of its name."""
    return tuple(
        ClusterSettings(name, environment=name, kubeconfig=clusters.kubeconfig, context=name, simulated=True)
        for name in names
    )


def connect(clusters: SimulatedClusters, name: str) -> KubernetesApi:
    """A simulated cluster's API."""
    (settings,) = settings_of(clusters, name)
    return connect_cluster(settings)


def deploy(
    api: KubernetesApi, service: str, *, replicas: int = 2, version: str = "1.0.0", namespace: str = "commerce"
) -> None:
    """Create the Deployment of a service."""
    with contextlib.suppress(ClusterConflictError):
        api.request("POST", "/api/v1/namespaces", body={"metadata": {"name": namespace}})
    labels = {"app.kubernetes.io/name": service, "backstage.io/kubernetes-id": service}
    image = f"registry.localhost/commerce/{service}:{version}"
    api.request(
        "POST",
        DEPLOYMENTS.replace("commerce", namespace),
        body={
            "metadata": {"name": service, "namespace": namespace, "labels": labels},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": {"app.kubernetes.io/name": service}},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {"containers": [{"name": "app", "image": image}]},
                },
            },
        },
    )
