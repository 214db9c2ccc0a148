"""The Service document's JSON Schema: `service.schema.yaml` with the platform's own words filled in."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, cast

import yaml

from foundation.jsontypes import JsonObject
from foundation.service.release import find_release, releases
from foundation.settings import PlatformSettings


def api_version(api_group: str) -> str:
    """What `apiVersion` says in documents of this platform, such as `platform.company.com/v1`."""
    return f"{api_group}/v1"


def service_schema(settings: PlatformSettings | None = None) -> JsonObject:
    """JSON Schema 2020-12 for editors and for checking; without settings, for the default API group and releases."""
    return cast("JsonObject", _schema(settings or PlatformSettings()))


@cache
def _schema(settings: PlatformSettings) -> dict[str, Any]:
    text = resources.files(__package__).joinpath("service.schema.yaml").read_text(encoding="utf-8")
    schema: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    newest = find_release(None, settings)
    schema["$id"] = f"https://{settings.api_group}/schemas/service/v1.json"
    version = api_version(settings.api_group)
    schema["properties"]["apiVersion"] |= {"const": version, "examples": [version]}
    spec = schema["properties"]["spec"]["properties"]
    spec["platform"] |= {"enum": list(releases(settings)), "examples": [newest.name]}
    # Which of them a document may use depends on its release; editors complete those of the newest.
    for name, sizes in (("cpu", newest.cpu), ("memory", newest.memory)):
        spec["resources"]["properties"][name]["anyOf"][0]["enum"] = list(sizes)
    known = [size for engine in newest.engines.values() for size in engine.sizes]
    schema["$defs"]["dependency"]["properties"]["size"]["enum"] = list(dict.fromkeys(known))
    return schema
