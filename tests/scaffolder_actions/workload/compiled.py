"""A service of these tests, and what it becomes."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from foundation.service import Service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload import compile_environment, render_service
from tests.judges.documents import PLATFORM, document_of, service_of

Data: TypeAlias = dict[str, Any]


def order_api(**spec: object) -> Service:
    """A web service between two and ten pods, and this spec."""
    return service_of(document_of(**{"deployment": {"replicas": {"min": 2, "max": 10}}, **spec}))


def job(**schedule: object) -> Service:
    """A job at a quarter past three."""
    return service_of(document_of(type="job", schedule={"cron": "15 3 * * *", **schedule}))


def objects_of(
    service: Service, environment: str = "staging", version: str = "1.4.2", platform: PlatformSettings = PLATFORM
) -> list[Data]:
    """The objects as a cluster is sent them, in their order."""
    objects = compile_environment(service, environment, version, platform).objects
    return [json.loads(json.dumps(each)) for each in objects]


def by_kind(service: Service, environment: str = "staging", platform: PlatformSettings = PLATFORM) -> dict[str, Data]:
    """The objects by their kinds."""
    return {each["kind"]: each for each in objects_of(service, environment, platform=platform)}


def pod_of(objects: dict[str, Data]) -> Data:
    """The template of the pods."""
    if "CronJob" in objects:
        return objects["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]  # type: ignore[no-any-return]
    return objects["Deployment"]["spec"]["template"]  # type: ignore[no-any-return]


def container_of(service: Service, environment: str = "staging", platform: PlatformSettings = PLATFORM) -> Data:
    """The container of the pods."""
    found: Data = pod_of(by_kind(service, environment, platform))["spec"]["containers"][0]
    return found


def files_of(service: Service, version: str = "1.4.2") -> dict[str, str]:
    """The whole tree by path, with each environment at `version`."""
    files = render_service(service, dict.fromkeys(service.environments, version), PLATFORM)
    return {path: each.text for path, each in files.items()}
