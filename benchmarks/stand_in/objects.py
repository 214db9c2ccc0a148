"""Objects as large clusters hold them, with all that servers and controllers write into them.

Each is made from one text with marks in it, which costs a hundredth of serialising it anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

BORN: Final = "2026-11-20T08:00:00Z"
# What a change of an object replaces; see `changes`.
RUNNING, PAUSED = b'"paused": false', b'"paused": true'
NAMESPACES: Final = 200


@dataclass(frozen=True)
class Fleet:
    """How many objects of each kind; owners are dealt round, and each Deployment has one ReplicaSet in use."""

    deployments: int
    replica_sets: int
    pods: int


# One cluster as its operator counted it (skyhook-io/radar#1303: 19,924 Deployments, 43,033 ReplicaSets), with three
# pods for each Deployment.
LARGE: Final = Fleet(20_000, 43_000, 60_000)


@dataclass(frozen=True)
class Made:
    """One object; `content` has VERSION where its version goes."""

    plural: str
    namespace: str
    name: str
    service: str
    content: bytes


VERSION: Final = b"@version@"


def service_name(index: int) -> str:
    """What the objects of one service are labelled with."""
    return f"service-{index}"


def namespace_of(index: int) -> str:
    """Where they are."""
    return f"team-{index % NAMESPACES}"


def fleet(size: Fleet) -> Iterator[Made]:
    """Everything in the cluster."""
    for index in range(size.deployments):
        yield make("deployments", index, 0, uid=f"d-{index}")
    for number in range(size.replica_sets):
        index = number % size.deployments
        turn = number // size.deployments
        # The first of each Deployment is the one in use; the others are scaled to nothing, as history leaves them.
        yield make("replicasets", index, turn, uid=f"r-{index}-{turn}", owner=f"d-{index}", replicas=0 if turn else 3)
    for number in range(size.pods):
        index = number % size.deployments
        yield make("pods", index, number // size.deployments, uid=f"p-{number}", owner=f"r-{index}-0")


def make(plural: str, index: int, turn: int, *, uid: str, owner: str = "", replicas: int = 3) -> Made:
    """One object of the service `index`; `turn` tells it from the others of its kind."""
    service, namespace = service_name(index), namespace_of(index)
    owner_name = service if plural == "replicasets" else f"{service}-{_hash(index, 0)}"
    name = {
        "deployments": service,
        "replicasets": f"{service}-{_hash(index, turn)}",
        "pods": f"{owner_name}-{turn:05x}",
    }[plural]
    text = _TEXTS[plural]
    for mark, value in {
        "@name@": name,
        "@namespace@": namespace,
        "@service@": service,
        "@uid@": f"{uid}-4c1f-8d3a-0242ac120002",
        "@owner@": owner_name,
        "@owner-uid@": f"{owner}-4c1f-8d3a-0242ac120002",
        "@hash@": _hash(index, turn if plural == "replicasets" else 0),
        '"@replicas@"': str(replicas),
        "@node@": f"node-{index % 997}.eu-central-1.compute.internal",
        "@ip@": f"10.{index % 200}.{turn % 250}.{index // 200 % 250}",
    }.items():
        text = text.replace(mark, value)
    return Made(plural, namespace, name, service, text.encode())


def _hash(index: int, turn: int) -> str:
    return f"{(index * 2654435761 + turn * 40503) % 0xFFFFFFFF:x}"


def _metadata(labels: Mapping[str, str], owner_kind: str = "") -> dict[str, object]:
    owner = {
        "apiVersion": "apps/v1",
        "kind": owner_kind,
        "name": "@owner@",
        "uid": "@owner-uid@",
        "controller": True,
        "blockOwnerDeletion": True,
    }
    return {
        "name": "@name@",
        "namespace": "@namespace@",
        "uid": "@uid@",
        "resourceVersion": VERSION.decode(),
        "generation": 3,
        "creationTimestamp": BORN,
        "labels": dict(labels),
        **({"ownerReferences": [owner]} if owner_kind else {}),
    }


LABELS: Final = {
    "app.kubernetes.io/name": "@service@",
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "argocd",
    "app.kubernetes.io/version": "1.42.0",
    "backstage.io/kubernetes-id": "@service@",
}
ANNOTATIONS: Final = {
    "argocd.argoproj.io/tracking-id": "@service@:apps/Deployment:@namespace@/@service@",
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "9090",
    "checksum/config": "5d41402abc4b2a76b9719d911017c592ae2b1ef8c3c35f4cf8d5f2c1d4bd9f6e",
}


def _container(name: str, image: str) -> dict[str, object]:
    probe = {"httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10, "timeoutSeconds": 1}
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
        "env": [
            {"name": "SERVICE", "value": "@service@"},
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://collector.observability:4317"},
            {"name": "POD_IP", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}},
            {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "@service@-database", "key": "password"}}},
        ],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        "livenessProbe": probe,
        "readinessProbe": probe,
        "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 a path in a pod
            {"name": "access", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True},
        ],
    }


CONTAINERS: Final = (
    ("app", "registry.example.com/shop/@service@:1.42.0"),
    ("proxy", "registry.example.com/mesh/proxy:2.11.3"),
)


def _pod_spec() -> dict[str, object]:
    return {
        "containers": [_container(*each) for each in CONTAINERS],
        "volumes": [
            {"name": "tmp", "emptyDir": {}},
            {
                "name": "access",
                "projected": {"sources": [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}]},
            },
        ],
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": "@service@",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "schedulerName": "default-scheduler",
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "@service@"}},
            }
        ],
    }


def _fields(*paths: str) -> dict[str, object]:
    """The tree of a field manager's entries (fieldsV1)."""
    tree: dict[str, object] = {}
    for path in paths:
        place = tree
        for part in path.split(" "):
            place = place.setdefault(part, {})  # type: ignore[assignment]  # each level is such a tree
    return tree


def _managed(manager: str, subresource: str, *paths: str) -> dict[str, object]:
    return {
        "manager": manager,
        "operation": "Update",
        "apiVersion": "v1",
        "time": BORN,
        "fieldsType": "FieldsV1",
        "fieldsV1": _fields(*paths),
        **({"subresource": subresource} if subresource else {}),
    }


_MANAGED_CONTAINERS: Final = tuple(
    f'f:spec f:containers k:{{"name":"{name}"}} {path}'
    for name, _ in CONTAINERS
    for path in (
        ".",
        "f:name",
        "f:image",
        "f:imagePullPolicy",
        'f:env k:{"name":"SERVICE"} f:value',
        'f:env k:{"name":"LOG_LEVEL"} f:value',
        "f:livenessProbe f:httpGet f:path",
        "f:readinessProbe f:httpGet f:path",
        "f:resources f:limits f:memory",
        "f:resources f:requests f:cpu",
        "f:securityContext f:readOnlyRootFilesystem",
        'f:volumeMounts k:{"mountPath":"/tmp"} f:name',
    )
)
_MANAGED_STATUS: Final = (
    'f:status f:conditions k:{"type":"Ready"} f:status',
    'f:status f:conditions k:{"type":"ContainersReady"} f:status',
    'f:status f:conditions k:{"type":"Initialized"} f:status',
    "f:status f:containerStatuses",
    "f:status f:podIP",
    "f:status f:startTime",
)


def _pod() -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **_metadata({**LABELS, "pod-template-hash": "@hash@"}, "ReplicaSet"),
            "generateName": "@owner@-",
            "annotations": ANNOTATIONS,
            "managedFields": [
                _managed("kube-controller-manager", "", *_MANAGED_CONTAINERS),
                _managed("kubelet", "status", *_MANAGED_STATUS),
            ],
        },
        "spec": {**_pod_spec(), "nodeName": "@node@", "priority": 0, "enableServiceLinks": True},
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": BORN}
                for kind in ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
            ],
            "hostIP": "@ip@",
            "podIP": "@ip@",
            "podIPs": [{"ip": "@ip@"}],
            "startTime": BORN,
            "qosClass": "Burstable",
            "containerStatuses": [
                {
                    "name": name,
                    "state": {"running": {"startedAt": BORN}},
                    "lastState": {},
                    "ready": True,
                    "started": True,
                    "restartCount": 0,
                    "image": image,
                    "imageID": f"{image}@sha256:9b2ae6a1c5e7f1b5a7f6e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a098",
                    "containerID": "containerd://@uid@b5a7f6e4d3c2b1a09f8e7d6c5b4a3928",
                }
                for name, image in CONTAINERS
            ],
        },
    }


def _deployment() -> dict[str, object]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            **_metadata(LABELS),
            "annotations": {**ANNOTATIONS, "deployment.kubernetes.io/revision": "3"},
            "managedFields": [
                _managed("argocd-controller", "", *_MANAGED_CONTAINERS),
                _managed("kube-controller-manager", "status", "f:status f:readyReplicas", "f:status f:replicas"),
            ],
        },
        "spec": {
            "replicas": "@replicas@",
            "paused": False,
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
            "selector": {"matchLabels": {"app.kubernetes.io/name": "@service@"}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
            "template": {"metadata": {"labels": LABELS, "annotations": ANNOTATIONS}, "spec": _pod_spec()},
        },
        "status": {
            "observedGeneration": 3,
            **dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), "@replicas@"),
            "conditions": [
                _condition("Available", "MinimumReplicasAvailable"),
                _condition("Progressing", "NewReplicaSetAvailable"),
            ],
        },
    }


def _replica_set() -> dict[str, object]:
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            **_metadata({**LABELS, "pod-template-hash": "@hash@"}, "Deployment"),
            "annotations": {**ANNOTATIONS, "deployment.kubernetes.io/desired-replicas": "3"},
            "managedFields": [_managed("kube-controller-manager", "", *_MANAGED_CONTAINERS)],
        },
        "spec": {
            "replicas": "@replicas@",
            "selector": {"matchLabels": {"app.kubernetes.io/name": "@service@", "pod-template-hash": "@hash@"}},
            "template": {"metadata": {"labels": LABELS, "annotations": ANNOTATIONS}, "spec": _pod_spec()},
        },
        "status": {
            "observedGeneration": 3,
            **dict.fromkeys(("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"), "@replicas@"),
        },
    }


def _condition(kind: str, reason: str) -> dict[str, object]:
    times = {"lastUpdateTime": BORN, "lastTransitionTime": BORN}
    return {"type": kind, "status": "True", "reason": reason, "message": f"{reason} of @name@.", **times}


# With the separators that API servers do not write, so that the marks of `changes` stand out; 3% larger for it.
_TEXTS: Final[Mapping[str, str]] = {
    "pods": json.dumps(_pod()),
    "deployments": json.dumps(_deployment()),
    "replicasets": json.dumps(_replica_set()),
}
