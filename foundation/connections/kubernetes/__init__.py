"""Kubernetes API servers, spoken to in plain JSON: no model classes, one kind of error for each kind of trouble.

`api` asks and streams; `configuration` finds server and credentials through the official client;
`lines` cuts a stream into lines; `errors` says what can go wrong.
"""

from __future__ import annotations

from foundation.connections.kubernetes.api import KubernetesApi, Response
from foundation.connections.kubernetes.configuration import load_connection
from foundation.connections.kubernetes.errors import (
    ClusterConflictError,
    ClusterError,
    ClusterExpiredError,
    ClusterInvalidError,
    ClusterNotFoundError,
    ClusterRefusedError,
    ClusterUnreachableError,
)
from foundation.connections.kubernetes.stream import LineStream
from foundation.settings import ClusterSettings

__all__ = [
    "ClusterConflictError",
    "ClusterError",
    "ClusterExpiredError",
    "ClusterInvalidError",
    "ClusterNotFoundError",
    "ClusterRefusedError",
    "ClusterUnreachableError",
    "KubernetesApi",
    "LineStream",
    "Response",
    "connect_cluster",
]


def connect_cluster(cluster: ClusterSettings) -> KubernetesApi:
    """The API of `cluster`: a kubeconfig and context, or the account of the pod that this runs in.

    Nothing is read or contacted yet, so one cluster with a wrong kubeconfig hurts no other: its
    first request raises ClusterUnreachableError, and a later one succeeds once the file is mended.
    """
    return KubernetesApi(cluster.name, lambda: load_connection(cluster))
