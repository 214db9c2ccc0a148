"""The Service document: what an application team writes, and all that the platform starts from."""

from __future__ import annotations

from foundation.service.dashboards import dashboard_uid
from foundation.service.errors import ServiceDocumentError
from foundation.service.fleet import fleet_problems
from foundation.service.hosts import PRODUCTION, host_of
from foundation.service.model import (
    DEFAULT_API,
    Dependency,
    DependencyType,
    Deployment,
    Exposure,
    Latency,
    Link,
    Objectives,
    Observability,
    Patch,
    Place,
    Port,
    Probes,
    Replicas,
    Resources,
    Schedule,
    Service,
)
from foundation.service.reading import load_service
from foundation.service.release import (
    Engine,
    EngineSize,
    EngineVersion,
    EnvironmentDefaults,
    Release,
    ReleaseError,
    find_release,
    releases,
)
from foundation.service.schema import api_version, service_schema
from foundation.service.variables import dependency_variables

__all__ = [
    "DEFAULT_API",
    "PRODUCTION",
    "Dependency",
    "DependencyType",
    "Deployment",
    "Engine",
    "EngineSize",
    "EngineVersion",
    "EnvironmentDefaults",
    "Exposure",
    "Latency",
    "Link",
    "Objectives",
    "Observability",
    "Patch",
    "Place",
    "Port",
    "Probes",
    "Release",
    "ReleaseError",
    "Replicas",
    "Resources",
    "Schedule",
    "Service",
    "ServiceDocumentError",
    "api_version",
    "dashboard_uid",
    "dependency_variables",
    "find_release",
    "fleet_problems",
    "host_of",
    "load_service",
    "releases",
    "service_schema",
]
