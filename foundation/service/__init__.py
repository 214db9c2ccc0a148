"""The Service document: what an application team writes, and all that the platform starts from."""

from __future__ import annotations

from foundation.service.errors import ServiceDocumentError
from foundation.service.model import (
    DEFAULT_API,
    Dependency,
    DependencyType,
    Deployment,
    Link,
    Observability,
    Probes,
    Replicas,
    Resources,
    Service,
)
from foundation.service.reading import load_service
from foundation.service.schema import api_version, service_schema
from foundation.service.sizes import CpuSize, MemorySize, Sizes, sizes

__all__ = [
    "DEFAULT_API",
    "CpuSize",
    "Dependency",
    "DependencyType",
    "Deployment",
    "Link",
    "MemorySize",
    "Observability",
    "Probes",
    "Replicas",
    "Resources",
    "Service",
    "ServiceDocumentError",
    "Sizes",
    "api_version",
    "load_service",
    "service_schema",
    "sizes",
]
