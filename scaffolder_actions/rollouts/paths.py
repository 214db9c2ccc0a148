"""Where the API server keeps objects."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from foundation.jsontypes import JsonObject


def plural_of(kind: str) -> str:
    """What the API calls several of a kind, by the rule that Kubernetes' own clients guess by.

    https://pkg.go.dev/k8s.io/apimachinery/pkg/api/meta#UnsafeGuessKindToResource
    """
    singular = kind.lower()
    if singular.endswith("s"):
        return f"{singular}es"
    return f"{singular[:-1]}ies" if singular.endswith("y") else f"{singular}s"


def collection(api_version: str, plural: str, namespace: str = "") -> str:
    """The path of all objects of a kind in a namespace; without one, in all of them."""
    group = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    within = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
    return f"{group}{within}/{plural}"


def path_of(item: JsonObject) -> str:
    """The path of an object."""
    metadata = metadata_of(item)
    namespace = str(metadata.get("namespace", ""))
    base = collection(str(item["apiVersion"]), plural_of(str(item["kind"])), namespace)
    return f"{base}/{quote(str(metadata['name']), safe='')}"


def metadata_of(item: JsonObject) -> JsonObject:
    """The object's metadata; empty where it has none."""
    return mapping_of(item, "metadata")


def mapping_of(item: JsonObject, name: str) -> JsonObject:
    """The mapping in a field; empty where there is none."""
    found = item.get(name)
    return found if isinstance(found, Mapping) else {}
