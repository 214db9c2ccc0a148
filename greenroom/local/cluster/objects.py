"""Kubernetes objects as they travel: plain JSON dictionaries.

A stored object is never changed in place: watchers, snapshots and the history hold it too. Who wants
another one copies what differs (`evolve`) and keeps the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

# The values are JSON. `Any` spares a cast at each step into fields that only the kind defines;
# what comes from clients is checked in validation.py before anything reads it.
Manifest: TypeAlias = dict[str, Any]

TIMESTAMP_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def timestamp(moment: datetime) -> str:
    """The moment as Kubernetes writes it: RFC 3339, UTC, whole seconds."""
    return moment.astimezone(UTC).strftime(TIMESTAMP_FORMAT)


def moment_of(text: str) -> datetime:
    """The moment that a Kubernetes timestamp names."""
    return datetime.fromisoformat(text)


def duplicate(value: Any) -> Any:
    """A deep copy of JSON data (several times quicker than copy.deepcopy)."""
    if isinstance(value, dict):
        return {key: duplicate(item) for key, item in value.items()}
    if isinstance(value, list):
        return [duplicate(item) for item in value]
    return value


def without_nulls(value: Any) -> Any:
    """A deep copy without the fields that are null: to Kubernetes, null is not set."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def share(old: Any, new: Any) -> Any:
    """`new`, with every part that equals `old` replaced by old's own: the history then costs only what changed."""
    if old is new:
        return old
    if isinstance(old, dict) and isinstance(new, dict):
        merged = {key: share(old[key], item) if key in old else item for key, item in new.items()}
        same = len(old) == len(merged) and all(old.get(key) is item for key, item in merged.items())
        return old if same else merged
    return old if type(old) is type(new) and old == new else new


def evolve(manifest: Manifest, path: str, value: Any) -> Manifest:
    """The object with the field at the dotted `path` set (None removes it), sharing all else with the original."""
    head, _, rest = path.partition(".")
    changed = dict(manifest)
    if rest:
        changed[head] = evolve(manifest.get(head) or {}, rest, value)
    elif value is None:
        changed.pop(head, None)
    else:
        changed[head] = value
    return changed


def with_metadata(manifest: Manifest, **changes: Any) -> Manifest:
    """The object with fields of its metadata set; None removes one."""
    for field, value in changes.items():
        manifest = evolve(manifest, f"metadata.{field}", value)
    return manifest


def with_annotations(manifest: Manifest, changes: Mapping[str, str | None]) -> Manifest:
    """The object with annotations set; None removes one, and the map goes with its last entry."""
    annotations = dict(manifest["metadata"].get("annotations") or {})
    for key, value in changes.items():
        if value is None:
            annotations.pop(key, None)
        else:
            annotations[key] = value
    return with_metadata(manifest, annotations=annotations or None)


def name_of(manifest: Manifest) -> str:
    """`metadata.name`, or nothing."""
    return str(manifest["metadata"].get("name", ""))


def namespace_of(manifest: Manifest) -> str:
    """`metadata.namespace`; empty for what belongs to the cluster."""
    return str(manifest["metadata"].get("namespace", ""))


def uid_of(manifest: Manifest) -> str:
    """`metadata.uid`."""
    return str(manifest["metadata"]["uid"])


def labels_of(manifest: Manifest) -> dict[str, str]:
    """`metadata.labels`, empty when there are none."""
    return manifest["metadata"].get("labels") or {}


def annotations_of(manifest: Manifest) -> dict[str, str]:
    """`metadata.annotations`, empty when there are none."""
    return manifest["metadata"].get("annotations") or {}


def is_deleting(manifest: Manifest) -> bool:
    """Whether deletion was asked for and waits for something."""
    return "deletionTimestamp" in manifest["metadata"]


def owner_reference(owner: Manifest) -> Manifest:
    """The reference by which an object names `owner` as its controller."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": name_of(owner),
        "uid": uid_of(owner),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def controller_of(manifest: Manifest) -> Manifest | None:
    """The owner reference that is marked as the controller."""
    references = manifest["metadata"].get("ownerReferences") or []
    return next((reference for reference in references if reference.get("controller")), None)


def condition_of(manifest: Manifest, kind: str) -> Manifest | None:
    """The condition of that type in the object's status."""
    conditions = manifest.get("status", {}).get("conditions") or []
    return next((condition for condition in conditions if condition["type"] == kind), None)
