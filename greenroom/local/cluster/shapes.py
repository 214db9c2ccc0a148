"""The types of the fields that this server reads; all other fields are the client's own.

A value of another type is what a real server cannot decode: one 400, before anything is filled in or
checked. After it, everything behind may rely on these shapes. Null is not set, so it fits everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from greenroom.local.cluster.errors import StatusError, bad_request
from greenroom.local.cluster.objects import Manifest

# `map`: texts by name; `quantities`: texts or numbers by name; `amount`: a number or a text such as 25%.
Shape: TypeAlias = "Literal['text', 'number', 'flag', 'map', 'quantities', 'amount'] | Structure | Items"

_LARGEST: Final = 2**31 - 1  # int32, as most numbers of the API


@dataclass(frozen=True)
class Structure:
    """Named fields. Those in `required` must be there for the others to make sense."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Items:
    """A list of values of one shape."""

    of: Shape


_SELECTOR: Final = Structure(
    {
        "matchLabels": "map",
        "matchExpressions": Items(
            Structure({"key": "text", "operator": "text", "values": Items("text")}, ("key", "operator"))
        ),
    }
)
_OWNER: Final = Structure(
    {"apiVersion": "text", "kind": "text", "name": "text", "uid": "text", "controller": "flag"},
    ("apiVersion", "kind", "name", "uid"),
)
_METADATA: Final = Structure(
    {
        "name": "text",
        "generateName": "text",
        "namespace": "text",
        "uid": "text",
        "resourceVersion": "text",
        "labels": "map",
        "annotations": "map",
        "ownerReferences": Items(_OWNER),
        "finalizers": Items("text"),
        "managedFields": Items(Structure()),
    }
)
_PROBE: Final = Structure({"httpGet": Structure()})
_NAMED: Final = Structure({"name": "text"})
_NEEDED: Final = Structure({"name": "text", "key": "text", "optional": "flag"})
_SOURCE: Final = Structure({"fieldRef": Structure(), "secretKeyRef": _NEEDED, "configMapKeyRef": _NEEDED})
_CONTAINER: Final = Structure(
    {
        "name": "text",
        "image": "text",
        "ports": Items(Structure({"containerPort": "number", "protocol": "text", "name": "text"})),
        "env": Items(Structure({"name": "text", "value": "text", "valueFrom": _SOURCE}, ("name",))),
        "envFrom": Items(Structure({"secretRef": _NEEDED, "configMapRef": _NEEDED})),
        "volumeMounts": Items(Structure({"name": "text", "mountPath": "text"})),
        "resources": Structure({"requests": "quantities", "limits": "quantities"}),
        "livenessProbe": _PROBE,
        "readinessProbe": _PROBE,
        "startupProbe": _PROBE,
    }
)
_VOLUME: Final = Structure(
    {
        "name": "text",
        "secret": Structure({"secretName": "text", "optional": "flag"}),
        "configMap": _NEEDED,
        **dict.fromkeys(("projected", "downwardAPI"), Structure()),
    },
    ("name",),
)
_POD: Final = Structure(
    {
        "containers": Items(_CONTAINER),
        "initContainers": Items(_CONTAINER),
        "volumes": Items(_VOLUME),
        "tolerations": Items(Structure()),
        "imagePullSecrets": Items(_NAMED),
        "nodeName": "text",
        "restartPolicy": "text",
        "terminationGracePeriodSeconds": "number",
        "securityContext": Structure(),
    }
)
_TEMPLATE: Final = Structure({"metadata": _METADATA, "spec": _POD})
_WORKLOAD: Final[Mapping[str, Shape]] = {
    "replicas": "number",
    "selector": _SELECTOR,
    "template": _TEMPLATE,
    "minReadySeconds": "number",
    "revisionHistoryLimit": "number",
}
_ROLLING: Final = Structure({"maxSurge": "amount", "maxUnavailable": "amount", "partition": "number"})
_STRATEGY: Final = Structure({"type": "text", "rollingUpdate": _ROLLING})
_CLAIM: Final = Structure(
    {"resources": Structure({"requests": "quantities"}), "accessModes": Items("text"), "volumeName": "text"}
)
_JOB: Final = Structure(
    {
        "parallelism": "number",
        "completions": "number",
        "backoffLimit": "number",
        "activeDeadlineSeconds": "number",
        "ttlSecondsAfterFinished": "number",
        "suspend": "flag",
        "selector": _SELECTOR,
        "template": _TEMPLATE,
    }
)
_CRON_JOB: Final = Structure(
    {
        "schedule": "text",
        "timeZone": "text",
        "concurrencyPolicy": "text",
        "startingDeadlineSeconds": "number",
        "suspend": "flag",
        "successfulJobsHistoryLimit": "number",
        "failedJobsHistoryLimit": "number",
        "jobTemplate": Structure({"metadata": _METADATA, "spec": _JOB}),
    }
)
_SERVICE_PORT: Final = Structure(
    {"name": "text", "port": "number", "protocol": "text", "targetPort": "amount", "nodePort": "number"}
)

_SPECS: Final[Mapping[str, Structure]] = {
    "Deployment": Structure(
        {**_WORKLOAD, "strategy": _STRATEGY, "paused": "flag", "progressDeadlineSeconds": "number"}
    ),
    "ReplicaSet": Structure(_WORKLOAD),
    "StatefulSet": Structure(
        {
            **_WORKLOAD,
            "serviceName": "text",
            "podManagementPolicy": "text",
            "updateStrategy": _STRATEGY,
            "volumeClaimTemplates": Items(
                Structure({"metadata": Structure(_METADATA.fields, ("name",)), "spec": _CLAIM}, ("metadata",))
            ),
        }
    ),
    "DaemonSet": Structure({**_WORKLOAD, "updateStrategy": _STRATEGY}),
    "Pod": _POD,
    "Job": _JOB,
    "CronJob": _CRON_JOB,
    "Service": Structure(
        {
            "selector": "map",
            "type": "text",
            "clusterIP": "text",
            "clusterIPs": Items("text"),
            "ports": Items(_SERVICE_PORT),
        }
    ),
    "HorizontalPodAutoscaler": Structure(
        {
            "scaleTargetRef": Structure({"kind": "text", "name": "text", "apiVersion": "text"}),
            "minReplicas": "number",
            "maxReplicas": "number",
            "metrics": Items(
                Structure(
                    {
                        "type": "text",
                        "resource": Structure(
                            {"name": "text", "target": Structure({"averageUtilization": "number"})}, ("name",)
                        ),
                    }
                )
            ),
        }
    ),
    "PodDisruptionBudget": Structure({"minAvailable": "amount", "maxUnavailable": "amount", "selector": _SELECTOR}),
    "PersistentVolumeClaim": _CLAIM,
    "NetworkPolicy": Structure({"podSelector": _SELECTOR, "policyTypes": Items("text")}),
    "Ingress": Structure({"ingressClassName": "text", "rules": Items(Structure({"host": "text"}))}),
    "Namespace": Structure({"finalizers": Items("text")}),
}
_INVOLVED: Final = Structure(dict.fromkeys(("kind", "namespace", "name", "uid", "apiVersion"), "text"))
_WHOLE: Final[Mapping[str, Mapping[str, Shape]]] = {
    "Secret": {"data": "map", "stringData": "map", "type": "text"},
    "ConfigMap": {"data": "map", "binaryData": "map"},
    "ServiceAccount": {"secrets": Items(Structure())},
    "Event": {
        "involvedObject": _INVOLVED,
        "reason": "text",
        "message": "text",
        "count": "number",
        "lastTimestamp": "text",
    },
    "Endpoints": {"subsets": Items(Structure({"addresses": Items(Structure()), "ports": Items(Structure())}))},
}


def check_shape(manifest: Manifest) -> None:
    """Refuse (400) an object with a field of another type than the server reads."""
    kind = manifest["kind"]
    shape = Structure(
        {
            "metadata": _METADATA,
            "spec": _SPECS.get(kind, Structure()),
            "status": Structure({"conditions": Items(Structure({"type": "text"}, ("type",)))}),
            **_WHOLE.get(kind, {}),
        }
    )
    _check(manifest, shape, kind, "")


def _check(value: Any, shape: Shape, kind: str, path: str) -> None:
    if value is None:
        return
    if isinstance(shape, Structure):
        _check_structure(value, shape, kind, path)
    elif isinstance(shape, Items):
        if not isinstance(value, list):
            raise _unreadable(value, kind, path, "array")
        for item in value:
            if item is None:
                raise _unreadable(value, kind, path, "array without null")
            _check(item, shape.of, kind, path)
    elif not _fits(value, shape):
        raise _unreadable(value, kind, path, {"text": "string", "number": "int32", "flag": "bool"}.get(shape, shape))


def _check_structure(value: Any, shape: Structure, kind: str, path: str) -> None:
    if not isinstance(value, dict):
        raise _unreadable(value, kind, path, "object")
    for name in shape.required:
        if not value.get(name):
            raise bad_request(f"{kind}.{path.removeprefix('.')}.{name}: Required value")
    for name, inner in shape.fields.items():
        _check(value.get(name), inner, kind, f"{path}.{name}")


def _fits(value: Any, shape: str) -> bool:
    number = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
    match shape:
        case "text":
            return isinstance(value, str)
        case "number":
            return number
        case "flag":
            return isinstance(value, bool)
        case "amount":
            return number or isinstance(value, str)
        case "map":
            return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
        case _:
            return isinstance(value, dict) and all(isinstance(item, str | int | float) for item in value.values())


def _unreadable(value: Any, kind: str, path: str, wanted: str) -> StatusError:
    """In the words of Go's JSON decoder."""
    found = {dict: "object", list: "array", str: "string", bool: "bool"}.get(type(value), "number")
    field_name = f"{kind}{path}" if path else kind
    message = f"json: cannot unmarshal {found} into Go struct field {field_name} of type {wanted}"
    return bad_request(f'{kind} in version "v1" cannot be handled as a {kind}: {message}')
