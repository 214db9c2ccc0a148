"""What the server says that it serves, in the plain and in the aggregated form."""

from __future__ import annotations

from typing import Final

from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import RESOURCES, Resource, group_versions, resources_in

# The version of the recordings that the answers follow. It says what it is wherever a client shows it.
GIT_VERSION: Final = "v1.36.0+greenroom-simulated"
AGGREGATED_TYPE: Final = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

_VERBS: Final = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
_SUBRESOURCE_VERBS: Final = ["get", "patch", "update"]
_SCALE: Final = {"group": "autoscaling", "version": "v1", "kind": "Scale"}


def version() -> Manifest:
    """`/version`."""
    return {
        "major": "1",
        "minor": "36",
        "gitVersion": GIT_VERSION,
        "gitCommit": "simulated",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "none",
        "platform": "simulated/any",
    }


def wants_aggregated(accept: str) -> bool:
    """Whether the client understands the aggregated form, in the version that is written here."""
    return any(
        "as=APIGroupDiscoveryList" in choice and "v=v2;" in choice.replace(" ", "") + ";"
        for choice in accept.split(",")
    )


def aggregated(*, core: bool) -> Manifest:
    """All resources of the core group, or of the named groups."""
    groups = [group for group in dict.fromkeys(each.group for each in RESOURCES) if (group == "") is core]
    items = [{"metadata": {"name": group} if group else {}, "versions": _versions(group)} for group in groups]
    head = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}}
    return {**head, "items": items}


def _versions(group: str) -> list[Manifest]:
    return [
        {
            "version": version,
            "resources": [_aggregated_resource(each) for each in resources_in(group, version)],
            "freshness": "Current",
        }
        for each_group, version in group_versions()
        if each_group == group
    ]


def _aggregated_resource(kind: Resource) -> Manifest:
    own = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    entry: Manifest = {
        "resource": kind.plural,
        "responseKind": own,
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.kind.lower(),
        "verbs": _VERBS,
    }
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    if kind.categories:
        entry["categories"] = list(kind.categories)
    if kind.subresources:
        entry["subresources"] = [
            {"subresource": name, "responseKind": _SCALE if name == "scale" else own, "verbs": _SUBRESOURCE_VERBS}
            for name in kind.subresources
        ]
    return entry


def core_versions() -> Manifest:
    """`/api` in the plain form."""
    addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def group_list() -> Manifest:
    """`/apis` in the plain form."""
    names = dict.fromkeys(each.group for each in RESOURCES if each.group)
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(name) for name in names]}


def group(name: str) -> Manifest | None:
    """`/apis/<group>`, or None."""
    if not any(each.group == name for each in RESOURCES) or not name:
        return None
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name)}


def _group(name: str) -> Manifest:
    versions = [
        {"groupVersion": f"{name}/{version}", "version": version} for each, version in group_versions() if each == name
    ]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def resource_list(group: str, version: str) -> Manifest | None:
    """`/apis/<group>/<version>` or `/api/v1`, or None."""
    kinds = resources_in(group, version)
    if not kinds:
        return None
    entries = [entry for kind in kinds for entry in _plain_entries(kind)]
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": kinds[0].api_version,
        "resources": entries,
    }


def _plain_entries(kind: Resource) -> list[Manifest]:
    base: Manifest = {
        "name": kind.plural,
        "singularName": kind.kind.lower(),
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": _VERBS,
    }
    if kind.short_names:
        base["shortNames"] = list(kind.short_names)
    if kind.categories:
        base["categories"] = list(kind.categories)
    return [base, *(_plain_subresource(kind, name) for name in kind.subresources)]


def _plain_subresource(kind: Resource, name: str) -> Manifest:
    entry: Manifest = {"name": f"{kind.plural}/{name}", "singularName": "", "namespaced": kind.namespaced}
    if name == "scale":
        entry |= {"group": "autoscaling", "version": "v1"}
    return {**entry, "kind": "Scale" if name == "scale" else kind.kind, "verbs": _SUBRESOURCE_VERBS}
