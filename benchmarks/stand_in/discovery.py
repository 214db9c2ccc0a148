"""What the stand-in says of its kinds, in the aggregated form and in the older one that asks for each group."""

from __future__ import annotations

import json
from collections.abc import Iterable

from benchmarks.stand_in.kinds import KINDS, Kind

VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
AGGREGATED = "as=APIGroupDiscoveryList"
AGGREGATED_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def documents() -> dict[tuple[str, bool], bytes]:
    """(Path, whether in the aggregated form) → the answer."""
    core, groups = [each for each in KINDS if not each.group], [each for each in KINDS if each.group]
    versions = {(each.group, each.version) for each in groups}
    found = {
        ("/api", True): _aggregated(core),
        ("/apis", True): _aggregated(groups),
        ("/api", False): {"kind": "APIVersions", "versions": ["v1"]},
        ("/apis", False): {
            "kind": "APIGroupList",
            "apiVersion": "v1",
            "groups": [_group(*each) for each in sorted(versions)],
        },
        ("/api/v1", False): _resources("v1", core),
    }
    for group, version in versions:
        kinds = [each for each in groups if (each.group, each.version) == (group, version)]
        found[f"/apis/{group}/{version}", False] = _resources(f"{group}/{version}", kinds)
    return {key: json.dumps(document).encode() for key, document in found.items()}


def _aggregated(kinds: Iterable[Kind]) -> dict[str, object]:
    items: dict[tuple[str, str], list[object]] = {}
    for kind in kinds:
        resource = {
            "resource": kind.plural,
            "responseKind": {"group": kind.group, "version": kind.version, "kind": kind.name},
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "singularResource": kind.name.lower(),
            "verbs": VERBS,
        }
        items.setdefault((kind.group, kind.version), []).append(resource)
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": [
            {
                "metadata": {"name": group} if group else {},
                "versions": [{"version": version, "resources": resources, "freshness": "Current"}],
            }
            for (group, version), resources in items.items()
        ],
    }


def _group(group: str, version: str) -> dict[str, object]:
    told = {"groupVersion": f"{group}/{version}", "version": version}
    return {"name": group, "versions": [told], "preferredVersion": told}


def _resources(group_version: str, kinds: Iterable[Kind]) -> dict[str, object]:
    resources = [
        {
            "name": kind.plural,
            "singularName": kind.name.lower(),
            "namespaced": kind.namespaced,
            "kind": kind.name,
            "verbs": VERBS,
        }
        for kind in kinds
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": resources}
