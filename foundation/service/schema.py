"""The Service document's JSON Schema: `service.schema.yaml` with the platform's own words filled in."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, cast

import yaml

from foundation.jsontypes import JsonObject
from foundation.service.sizes import sizes
from foundation.settings import PlatformSettings


def api_version(api_group: str) -> str:
    """What `apiVersion` says in documents of this platform, such as `platform.company.com/v1`."""
    return f"{api_group}/v1"


def service_schema(settings: PlatformSettings | None = None) -> JsonObject:
    """JSON Schema 2020-12 for editors and for checking; without settings, for the default API group."""
    return cast("JsonObject", _schema((settings or PlatformSettings()).api_group))


@cache
def _schema(api_group: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath("service.schema.yaml").read_text(encoding="utf-8")
    schema: dict[str, Any] = yaml.safe_load(text)
    known = sizes()
    schema["$id"] = f"https://{api_group}/schemas/service/v1.json"
    schema["properties"]["apiVersion"] |= {"const": api_version(api_group), "examples": [api_version(api_group)]}
    fields = schema["properties"]["spec"]["properties"]["resources"]["properties"]
    fields["cpu"]["enum"] = list(known.cpu)
    fields["memory"]["enum"] = list(known.memory)
    schema["$defs"]["dependency"]["properties"]["size"]["enum"] = list(known.dependency)
    return schema
