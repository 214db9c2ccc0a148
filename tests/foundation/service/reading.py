"""Reads documents for tests, and says what is wrong with them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from foundation.service import Service, ServiceDocumentError, load_service
from foundation.settings import PlatformSettings

SMALLEST = "{apiVersion: platform.company.com/v1, kind: Service, metadata: {name: a, team: t}}"


def read(text: str | bytes, settings: PlatformSettings | None = None) -> Service:
    return load_service(text, "service.yaml", settings or PlatformSettings())


def with_spec(**spec: object) -> str:
    return json.dumps(yaml.safe_load(SMALLEST) | {"spec": spec})


def problems_of(text: str | bytes, settings: PlatformSettings | None = None) -> list[str]:
    with pytest.raises(ServiceDocumentError) as caught:
        read(text, settings)
    return [str(problem).removeprefix("service.yaml:") for problem in caught.value.problems]


def service(**spec: Any) -> Service:
    return read(with_spec(**spec))
