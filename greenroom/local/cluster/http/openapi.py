"""OpenAPI, as far as clients read it before they write: which kinds take dry runs, field managers, validation.

Schemas are left open: what is wrong with an object is said by the server when it is sent, so that no
second description of Kubernetes has to be kept true.
"""

from __future__ import annotations

from typing import Final

from greenroom.local.cluster.http.discovery import GIT_VERSION
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.patches import APPLY_PATCH, JSON_PATCH, MERGE_PATCH
from greenroom.local.cluster.resources import Resource, group_versions, resources_in

_PARAMETERS: Final = ("dryRun", "fieldManager", "fieldValidation", "force")


def index() -> Manifest:
    """`/openapi/v3`: where each group and version is described."""
    paths = {
        _path(group, version): {"serverRelativeURL": f"/openapi/v3/{_path(group, version)}?hash=simulated"}
        for group, version in group_versions()
    }
    return {"paths": paths}


def document(path: str) -> Manifest | None:
    """`/openapi/v3/<path>`, or None."""
    for group, version in group_versions():
        if _path(group, version) == path:
            return _document(group, version)
    return None


def _path(group: str, version: str) -> str:
    return f"apis/{group}/{version}" if group else f"api/{version}"


def _document(group: str, version: str) -> Manifest:
    kinds = resources_in(group, version)
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes (simulated by Greenroom)", "version": GIT_VERSION},
        "paths": {_object_path(kind): _operations(kind) for kind in kinds},
        "components": {"schemas": {_schema_name(kind): _schema(kind) for kind in kinds}},
    }


def _object_path(kind: Resource) -> str:
    space = "namespaces/{namespace}/" if kind.namespaced else ""
    return f"/{_path(kind.group, kind.version)}/{space}{kind.plural}/{{name}}"


def _schema_name(kind: Resource) -> str:
    return f"io.k8s.api.{kind.group.partition('.')[0] or 'core'}.{kind.version}.{kind.kind}"


def _identity(kind: Resource) -> Manifest:
    return {"group": kind.group, "version": kind.version, "kind": kind.kind}


def _schema(kind: Resource) -> Manifest:
    description = f"{kind.kind}, as Kubernetes describes it; the simulated server checks it when it is written."
    return {
        "description": description,
        "type": "object",
        "x-kubernetes-preserve-unknown-fields": True,
        "x-kubernetes-group-version-kind": [_identity(kind)],
    }


def _operations(kind: Resource) -> Manifest:
    reference = {"schema": {"$ref": f"#/components/schemas/{_schema_name(kind)}"}}
    answer = {"200": {"description": "OK", "content": {"application/json": reference}}}
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in _PARAMETERS]
    # Strategic merge is understood but not offered here: kubectl then computes such patches
    # from its built-in types, which know more than these open schemas.
    patches = {media_type: {"schema": {"type": "object"}} for media_type in (APPLY_PATCH, JSON_PATCH, MERGE_PATCH)}
    return {
        "get": {"x-kubernetes-action": "get", "x-kubernetes-group-version-kind": _identity(kind), "responses": answer},
        "patch": {
            "x-kubernetes-action": "patch",
            "x-kubernetes-group-version-kind": _identity(kind),
            "parameters": parameters,
            "requestBody": {"content": patches},
            "responses": answer,
        },
    }
