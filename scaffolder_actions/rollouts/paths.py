"""Where the API server keeps objects of the kinds that a workload is made of."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from foundation.jsontypes import JsonObject

# What the API calls several of a kind.
_PLURALS = {
    "Deployment": "deployments",
    "HorizontalPodAutoscaler": "horizontalpodautoscalers",
    "PodDisruptionBudget": "poddisruptionbudgets",
    "Service": "services",
    "ServiceAccount": "serviceaccounts",
}


def collection(api_version: str, plural: str, namespace: str) -> str:
    """The path of all objects of a kind in a namespace."""
    group = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    return f"{group}/namespaces/{quote(namespace, safe='')}/{plural}"


def path_of(item: JsonObject) -> str:
    """The path of an object of a workload."""
    metadata = metadata_of(item)
    base = collection(str(item["apiVersion"]), _PLURALS[str(item["kind"])], str(metadata["namespace"]))
    return f"{base}/{quote(str(metadata['name']), safe='')}"


def metadata_of(item: JsonObject) -> JsonObject:
    """The object's metadata; empty where it has none."""
    return mapping_of(item, "metadata")


def mapping_of(item: JsonObject, name: str) -> JsonObject:
    """The mapping in a field; empty where there is none."""
    found = item.get(name)
    return found if isinstance(found, Mapping) else {}
