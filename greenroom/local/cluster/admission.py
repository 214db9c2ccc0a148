"""What the API server and its admission plugins add to a new object beyond plain defaults."""

from __future__ import annotations

import hashlib
import random
import uuid
from typing import Any

from greenroom.local.cluster.objects import Manifest, duplicate, uid_of, without_nulls
from greenroom.local.cluster.resources import Resource

# Kubernetes' own alphabet for generated names (k8s.io/apimachinery/pkg/util/rand): no vowels, so no words.
SAFE_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_SUFFIX_LENGTH = 5
# As the real server cuts it, so that the name fits a label's value (63 characters).
_LONGEST_PREFIX = 63 - _SUFFIX_LENGTH


def _pending(kind: str) -> Manifest:
    """A condition of a kind that no controller has taken up yet, as the definitions of the Gateway API default it."""
    return {
        "type": kind,
        "status": "Unknown",
        "reason": "Pending",
        "message": "Waiting for controller",
        "lastTransitionTime": "1970-01-01T00:00:00Z",
    }


_CREATED_STATUS: dict[str, Manifest] = {
    "Pod": {"phase": "Pending", "qosClass": "BestEffort"},
    "Service": {"loadBalancer": {}},
    "Ingress": {"loadBalancer": {}},
    "PersistentVolumeClaim": {"phase": "Pending"},
    "Namespace": {"phase": "Active"},
    "ReplicaSet": {"replicas": 0},
    "StatefulSet": {"replicas": 0, "availableReplicas": 0},
    "DaemonSet": {
        "currentNumberScheduled": 0,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": 0,
        "numberReady": 0,
    },
    "HorizontalPodAutoscaler": {"desiredReplicas": 0, "currentMetrics": None},
    "GatewayClass": {"conditions": [_pending("Accepted")]},
    "Gateway": {"conditions": [_pending("Accepted"), _pending("Programmed")]},
    "ListenerSet": {"conditions": [_pending("Accepted"), _pending("Programmed")]},
}


def safe_encode(digest: bytes, length: int) -> str:
    """Bytes as characters that are safe in names."""
    return "".join(SAFE_ALPHABET[byte % len(SAFE_ALPHABET)] for byte in digest[:length])


def generated_name(prefix: str) -> str:
    """A name as `metadata.generateName` asks for it."""
    return prefix[:_LONGEST_PREFIX] + "".join(random.choices(SAFE_ALPHABET, k=_SUFFIX_LENGTH))  # noqa: S311 - a name is no secret


def new_object(kind: Resource, body: Manifest, time: str) -> Manifest:
    """A copy of what a client sent, with identity, type and the status that its kind begins with."""
    manifest: Manifest = {"kind": kind.kind, "apiVersion": kind.api_version}
    copied = without_nulls({key: value for key, value in body.items() if key not in manifest})
    metadata = copied.get("metadata") or {}
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = generated_name(str(metadata["generateName"]))
    for field in ("resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"):
        metadata.pop(field, None)
    metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": time}
    if kind.generation:
        metadata["generation"] = 1
    manifest |= {"metadata": metadata} | {key: value for key, value in copied.items() if key != "metadata"}
    if kind.has_status:
        manifest["status"] = duplicate(_CREATED_STATUS.get(kind.kind, {}))
    return manifest


def allocate(manifest: Manifest) -> None:
    """Addresses of a new service, in place. They follow from its uid, so nothing has to be remembered."""
    if manifest["kind"] != "Service" or not isinstance(manifest.get("spec"), dict):
        return
    spec: dict[str, Any] = manifest["spec"]
    if spec.get("type") == "ExternalName":
        return
    digest = hashlib.sha256(uid_of(manifest).encode()).digest()
    spec.setdefault("clusterIP", f"10.96.{digest[0]}.{digest[1] or 1}")
    spec.setdefault("clusterIPs", [spec["clusterIP"]])
    if spec.get("type") in {"NodePort", "LoadBalancer"}:
        for place, port in enumerate(spec.get("ports") or []):
            # Kubernetes hands out node ports from 30000 to 32767.
            port.setdefault("nodePort", 30000 + (int.from_bytes(digest[2:4], "big") + place) % 2768)
