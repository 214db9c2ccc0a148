"""Judging Kubernetes objects by the schemas of their kinds."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import kubernetes_validate
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource

from tests.judges.installing import CRD_SCHEMAS, ensure_installed
from tests.judges.node import node_judges

# Every release that is supported or newer, by the schemas that its API server publishes.
KUBERNETES_VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")


def object_errors(resource: dict[str, Any]) -> list[str]:
    """What an API server would refuse in an object of any kind."""
    return crd_errors(resource) if _key(resource) in _crd_schemas() else schema_errors(resource)


def schema_errors(resource: dict[str, Any]) -> list[str]:
    """What the API server of any of the releases would refuse in a built-in kind, unknown fields included."""
    return [
        f"{version} {error.json_path}: {error.message}"
        for version in KUBERNETES_VERSIONS
        for error in _validator(version, resource["kind"], resource["apiVersion"]).iter_errors(resource)
    ]


def crd_errors(resource: dict[str, Any]) -> list[str]:
    """What a cluster with the kind's definition would refuse, unknown fields included.

    Raises KeyError for a kind that `kinds.mjs` does not name.
    """
    fields = [f"{error.json_path}: {error.message}" for error in _crd_validator(_key(resource)).iter_errors(resource)]
    return fields + node_judges().ask({"judge": "crd", "object": resource})


def _key(resource: dict[str, Any]) -> str:
    return f"{resource['apiVersion']} {resource['kind']}"


@cache
def _crd_schemas() -> dict[str, Any]:
    ensure_installed()
    found: dict[str, Any] = json.loads(CRD_SCHEMAS.read_text(encoding="utf-8"))
    return found


@cache
def _crd_validator(key: str) -> Draft7Validator:
    return Draft7Validator(_crd_schemas()[key])


@cache
def _definitions(version: str) -> Resource[Any]:
    name = f"kubernetes-json-schema/v{version}.0-local-strict/_definitions.json"
    return Resource.from_contents(kubernetes_validate.utils.schema_contents(name, version))


@cache
def _validator(version: str, kind: str, api_version: str) -> Draft202012Validator:
    # What kubernetes_validate.validate does, with the megabytes of definitions read once.
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    name = f"kubernetes-json-schema/v{version}.0-local-strict/{kind.lower()}-{group}.json"
    schema = kubernetes_validate.utils.schema_contents(name, version)
    registry: Registry[Any] = _definitions(version) @ (Resource.from_contents(schema) @ Registry())
    return Draft202012Validator(schema, registry=registry)
