"""Workloads put into a simulated cluster, over its API."""

from __future__ import annotations

import requests

from foundation.settings import ClusterSettings
from greenroom.local.cluster import SimulatedClusters


def settings_of(clusters: SimulatedClusters, *names: str) -> tuple[ClusterSettings, ...]:
    """Each simulated cluster as the environment of its name."""
    return tuple(
        ClusterSettings(name, environment=name, kubeconfig=clusters.kubeconfig, context=name, simulated=True)
        for name in names
    )


def deploy(
    clusters: SimulatedClusters, cluster: str, service: str, *, replicas: int = 2, version: str = "1.0.0"
) -> None:
    """Create the Deployment of a service in the namespace `commerce`."""
    headers = {"Authorization": f"Bearer {clusters.token}"}
    server = clusters.server(cluster)
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "commerce"}}
    made = requests.post(f"{server}/api/v1/namespaces", json=namespace, headers=headers, timeout=10)
    assert made.status_code in {201, 409}, made.text
    labels = {"app.kubernetes.io/name": service, "backstage.io/kubernetes-id": service}
    manifest = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": service, "namespace": "commerce", "labels": labels},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app.kubernetes.io/name": service}},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "app", "image": f"registry.localhost/commerce/{service}:{version}"}]},
            },
        },
    }
    address = f"{server}/apis/apps/v1/namespaces/commerce/deployments"
    made = requests.post(address, json=manifest, headers=headers, timeout=10)
    assert made.status_code == 201, made.text


def scale(clusters: SimulatedClusters, cluster: str, service: str, replicas: int) -> None:
    """Ask for another number of pods."""
    made = requests.patch(
        f"{clusters.server(cluster)}/apis/apps/v1/namespaces/commerce/deployments/{service}",
        json={"spec": {"replicas": replicas}},
        headers={
            "Authorization": f"Bearer {clusters.token}",
            "Content-Type": "application/merge-patch+json",
        },
        timeout=10,
    )
    assert made.status_code == 200, made.text
