"""The rules for volumes (Argo CD: gitops-engine/pkg/health/health_pvc.go)."""

from __future__ import annotations

from foundation.health.conditions import CONDITION, terminating, words_of
from foundation.health.masks import Mask, kept
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mapping_at, mappings_at, moment_at, text_at
from foundation.jsontypes import JsonObject

# Whom the cluster has asked for a volume (kubernetes/pkg/controller/volume/persistentvolume/pv_controller.go).
_PROVISIONERS = ("volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner")
CLAIM_READS: Mask = {
    "metadata": {"annotations": kept(*_PROVISIONERS)},
    "spec": kept("storageClassName", "volumeName", resources=kept(requests=kept("storage"))),
    "status": kept("phase", capacity=kept("storage"), conditions=CONDITION),
}
VOLUME_READS: Mask = {"spec": kept("storageClassName"), "status": kept("phase", "reason", "message")}


def judge_claim(item: JsonObject) -> Verdict:
    """A PersistentVolumeClaim: bound, waiting, or without the volume that it had."""
    early = terminating(item)
    if early:
        return early
    phase = text_at(item, "status", "phase")
    if phase == "Bound":
        return _resizing(item) or Verdict(Status.HEALTHY, f"Bound{_size(item)}")
    if phase == "Lost":
        return Verdict(Status.DEGRADED, "The volume that it was bound to is gone, with its data", "Lost")
    if phase in {"Pending", ""}:
        return _pending(item)
    return Verdict(Status.UNKNOWN, f'Its phase is "{phase}", which says nothing', "Phase")


def _pending(item: JsonObject) -> Verdict:
    storage = text_at(item, "spec", "storageClassName")
    of_class = f" of storage class {storage}" if storage else ""
    since = moment_at(item, "metadata", "creationTimestamp")
    annotations = mapping_at(item, "metadata", "annotations")
    if any(text_at(annotations, each) for each in _PROVISIONERS):
        return Verdict(Status.PROGRESSING, f"A volume{of_class} is being made", "Provisioning", since)
    # Many classes make a volume where the first pod is placed; such a claim waits, and nothing is wrong with it.
    said = f"Waits for its first pod, or for a volume{of_class} that fits"
    return Verdict(Status.PROGRESSING, said, "Pending", since)


def judge_volume(item: JsonObject) -> Verdict:
    """A PersistentVolume (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#phase)."""
    early = terminating(item)
    if early:
        return early
    phase = text_at(item, "status", "phase")
    if phase in {"Bound", "Available", "Released"}:
        return Verdict(Status.HEALTHY, f"Volume is {phase.lower()}")
    if phase == "Failed":
        detail = text_at(item, "status", "message") or text_at(item, "status", "reason")
        return Verdict(Status.DEGRADED, f"It could not be reclaimed{f': {detail}' if detail else ''}", "Failed")
    return Verdict(Status.PROGRESSING, "Volume is being made", phase or "Pending")


def _resizing(item: JsonObject) -> Verdict | None:
    for condition in mappings_at(item, "status", "conditions"):
        kind = text_at(condition, "type")
        if condition.get("status") != "True":
            continue
        if kind in {"ControllerResizeError", "NodeResizeError"}:
            return Verdict(Status.DEGRADED, f"It cannot grow: {words_of(condition)}", kind)
        if kind in {"Resizing", "FileSystemResizePending"}:
            return Verdict(Status.PROGRESSING, f"It grows: {words_of(condition)}", kind)
    return None


def _size(item: JsonObject) -> str:
    size = text_at(item, "status", "capacity", "storage")
    return f", {size}" if size else ""
