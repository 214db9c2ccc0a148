"""Judges of Kubernetes objects that know nothing of the code under test."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import kubernetes_validate
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SchemaJudge: TypeAlias = Callable[[dict[str, Any]], list[str]]
PodJudge: TypeAlias = Callable[[dict[str, Any]], list[str]]

# Every release that is supported or newer, by the schemas that its API server publishes.
KUBERNETES_VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")


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


def _schema_errors(resource: dict[str, Any]) -> list[str]:
    """What the API server of any of the releases would refuse, unknown fields included."""
    return [
        f"{version} {error.json_path}: {error.message}"
        for version in KUBERNETES_VERSIONS
        for error in _validator(version, resource["kind"], resource["apiVersion"]).iter_errors(resource)
    ]


def _restricted_violations(pod: dict[str, Any]) -> list[str]:
    """What the Pod Security Standards' "restricted" level refuses in a pod's spec (Linux, no windows options)."""
    found = [field for field in ("hostNetwork", "hostPID", "hostIPC") if pod.get(field)]
    allowed = {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
    found += [
        f"volume {volume['name']}" for volume in pod.get("volumes", []) if not (volume.keys() - {"name"}) <= allowed
    ]
    of_pod = pod.get("securityContext", {})
    for container in [*pod["containers"], *pod.get("initContainers", [])]:
        context = container.get("securityContext", {})
        both = {**of_pod, **context}
        checks = {
            "privileged": not context.get("privileged", False),
            "allowPrivilegeEscalation": context.get("allowPrivilegeEscalation") is False,
            "capabilities": context.get("capabilities", {}).get("drop") == ["ALL"]
            and set(context.get("capabilities", {}).get("add", [])) <= {"NET_BIND_SERVICE"},
            "runAsNonRoot": both.get("runAsNonRoot") is True,
            "runAsUser": both.get("runAsUser") != 0,
            "seccompProfile": both.get("seccompProfile", {}).get("type") in {"RuntimeDefault", "Localhost"},
            "hostPort": not any("hostPort" in port for port in container.get("ports", [])),
        }
        found += [f"{container['name']}: {name}" for name, fine in checks.items() if not fine]
    return found


@pytest.fixture(scope="session")
def schema_errors() -> SchemaJudge:
    return _schema_errors


@pytest.fixture(scope="session")
def restricted_violations() -> PodJudge:
    return _restricted_violations
