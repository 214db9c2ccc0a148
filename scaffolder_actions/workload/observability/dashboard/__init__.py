"""The dashboard of a workload, as the ConfigMap from which Grafana's sidecar takes it."""

from __future__ import annotations

from typing import cast

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.identity import Workload

# What the sidecar of Grafana's chart looks for, and the annotation that its `folderAnnotation` is set to by custom.
LABEL, FOLDER = "grafana_dashboard", "grafana_folder"


def dashboard_object(workload: Workload) -> JsonObject:
    """The ConfigMap `{name}-dashboard`, in the folder of the team."""
    # Grafana's SDK takes a tenth of a second to import: nobody pays that who makes no dashboard.
    from scaffolder_actions.workload.observability.dashboard.text import dashboard_text

    metadata = workload.metadata()
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            **metadata,
            "name": f"{workload.name}-dashboard",
            "labels": {**cast("JsonObject", metadata["labels"]), LABEL: "1"},
            "annotations": {FOLDER: workload.service.team},
        },
        "data": {f"{workload.name}.json": dashboard_text(workload)},
    }
