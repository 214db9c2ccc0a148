"""Which service an object belongs to."""

from __future__ import annotations

from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject

# Backstage's own label decides; the recommended label of Kubernetes serves where that is missing.
SERVICE_LABELS = ("backstage.io/kubernetes-id", "app.kubernetes.io/name")

# The object, and the pods that it makes, a schedule's by way of a Job.
LABELLED = (
    ("metadata",),
    ("spec", "template", "metadata"),
    ("spec", "jobTemplate", "spec", "template", "metadata"),
)


def service_of(item: JsonObject) -> str | None:
    """The name of the entity that `item` is labelled with, on itself or on its pod template."""
    for label in SERVICE_LABELS:
        for path in LABELLED:
            name = text_at(item, *path, "labels", label)
            if name:
                return name
    return None
