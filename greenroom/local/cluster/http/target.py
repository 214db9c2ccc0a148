"""What a request's path names."""

from __future__ import annotations

from dataclasses import dataclass

from greenroom.local.cluster.resources import NAMESPACES, Resource, find_resource, group_versions


@dataclass(frozen=True)
class Target:
    """A resource, and in it a namespace, an object and a subresource (each empty when not named)."""

    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""


def parse_target(path: str) -> Target | None:
    """The target of a path below a cluster (`/api/v1/…`, `/apis/<group>/<version>/…`); None when it names none."""
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:  # noqa: PLR2004 - api, version, resource
        return _parse_rest("", parts[1], parts[2:])
    if parts[0] == "apis" and len(parts) > 3:  # noqa: PLR2004 - apis, group, version, resource
        return _parse_rest(parts[1], parts[2], parts[3:])
    return None


def names_served_group(path: str) -> bool:
    """Whether the path lies in a group and version that is served."""
    parts = path.strip("/").split("/")
    served = set(group_versions())
    return tuple(["", *parts[1:2]] if parts[0] == "api" else parts[1:3]) in served


def _parse_rest(group: str, version: str, rest: list[str]) -> Target | None:
    namespace = ""
    in_namespace = rest[0] == "namespaces" and group + version != "" and len(rest) > 2  # noqa: PLR2004
    if in_namespace and not (group == "" and rest[2] in {*NAMESPACES.subresources, "finalize"}):
        namespace, rest = rest[1], rest[2:]
    resource = find_resource(group, version, rest[0])
    if resource is None or len(rest) > 3 or (namespace and not resource.namespaced):  # noqa: PLR2004
        return None
    name, subresource = [*rest[1:], "", ""][:2]
    if subresource and subresource not in {*resource.subresources, "finalize"}:
        return None
    return Target(resource, namespace, name, subresource)
