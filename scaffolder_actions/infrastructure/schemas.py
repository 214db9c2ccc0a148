"""What AWS cannot change in a resource but by making another one, by the resource schemas that AWS publishes.

cfn-lint carries them. Its package is not imported for it: that takes seconds and some hundred MiB, and these are files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

# Has every type, where a region's list is missing.
FALLBACK = "us-east-1"
_START = "/properties/"


@cache
def fixed_properties(kind: str, region: str) -> frozenset[str]:
    """The properties of a type whose change is a replacement, such as `DBName`, or `Endpoint.Port` for one inside.

    Those are what a schema says can only be given when the resource is made, and what identifies it, unless AWS gives
    that itself. Empty for a type that has no schema.
    """
    schema = _schema(kind, region)
    given_by_aws = set(schema.get("readOnlyProperties", ()))
    fixed = {*schema.get("createOnlyProperties", ()), *schema.get("primaryIdentifier", ())} - given_by_aws
    return frozenset(each.removeprefix(_START).replace("/", ".") for each in fixed)


def _schema(kind: str, region: str) -> Mapping[str, Any]:
    digest = _types(region).get(kind)
    if digest is None:
        return {}
    text = (_folder() / "resources" / f"{digest}.json").read_text(encoding="utf-8")
    return cast("Mapping[str, Any]", json.loads(text))


@cache
def _types(region: str) -> Mapping[str, str]:
    """The file of each type, by a region's list."""
    lists = _folder() / "providers"
    file = lists / f"{region}.json"
    text = (file if file.is_file() else lists / f"{FALLBACK}.json").read_text(encoding="utf-8")
    return cast("Mapping[str, str]", json.loads(text))


@cache
def _folder() -> Path:
    found = find_spec("cfnlint")
    if found is None or found.origin is None:
        raise RuntimeError("cfn-lint, which Greenroom depends on, is not installed.")
    return Path(found.origin).parent / "data" / "schemas"
