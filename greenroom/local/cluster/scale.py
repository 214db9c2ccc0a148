"""The `scale` subresource: another view of a workload's `spec.replicas`."""

from __future__ import annotations

from greenroom.local.cluster.errors import Cause, invalid
from greenroom.local.cluster.objects import Manifest, evolve
from greenroom.local.cluster.selectors import selector_text

_IDENTITY = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


def scale_of(manifest: Manifest) -> Manifest:
    """The workload as an autoscaling/v1 Scale."""
    status = {
        "replicas": manifest.get("status", {}).get("replicas", 0),
        "selector": selector_text(manifest["spec"].get("selector")),
    }
    metadata = {field: manifest["metadata"][field] for field in _IDENTITY if field in manifest["metadata"]}
    replicas = manifest["spec"].get("replicas", 0)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": metadata,
        "spec": {"replicas": replicas} if replicas else {},
        "status": status,
    }


def with_scale(manifest: Manifest, scale: Manifest) -> Manifest:
    """The workload with the replicas (and the resource version, as a precondition) of a Scale."""
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if not isinstance(replicas, int) or isinstance(replicas, bool) or replicas < 0:
        why = f"Invalid value: {replicas!r}: must be greater than or equal to 0"
        name = str(manifest["metadata"].get("name", ""))
        raise invalid("Scale", "autoscaling", name, [Cause("FieldValueInvalid", why, "spec.replicas")])
    version = (scale.get("metadata") or {}).get("resourceVersion")
    scaled = evolve(manifest, "spec.replicas", replicas)
    return evolve(scaled, "metadata.resourceVersion", version) if version else scaled
