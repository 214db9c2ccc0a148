"""The Service document's reference page, made from its schema.

python -m foundation.service.reference > docs/reference/service-document.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

from foundation.service.rules import RESERVED_LABELS
from foundation.service.schema import service_schema
from foundation.service.sizes import Sizes, sizes

Schema: TypeAlias = Mapping[str, Any]  # JSON Schema nests without end, which is not worth a type here

INTRODUCTION = """\
# The Service document

One YAML file, `service.yaml`, says what a service is and what it needs; the platform makes the rest. Only its name
and team must be given. This page is made from the schema that documents are checked against, which
`greenroom service schema` prints for editors.

```yaml
apiVersion: {api_version}
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  dependencies:
    - type: postgresql
```

The file is read as YAML 1.2: `no` and `on` are words. Anchors, tags and keys that stand twice are refused. Every error
is named at once, with its line and column.
"""


def reference_page() -> str:
    """The page as Markdown."""
    schema = cast("Schema", service_schema())
    parts = [INTRODUCTION.format(api_version=schema["properties"]["apiVersion"]["const"])]
    parts += ["## Fields\n", "| field | what it is | default | example |", "| --- | --- | --- | --- |"]
    parts += [_row(path, field, required) for path, field, required in _fields(schema, schema)]
    reserved = ", ".join(f"`{label}`" for label in sorted(RESERVED_LABELS))
    parts.append(f"\nThe labels {reserved} are the platform's own.\n")
    return "\n".join([*parts, *_sizes(sizes())]) + "\n"


def _fields(root: Schema, schema: Schema, path: str = "") -> Iterator[tuple[str, Schema, bool]]:
    """Each field with its path; mappings come before what is in them."""
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        whole = {**_resolved(root, field), **field}
        yield f"{path}{name}", whole, name in required
        yield from _fields(root, whole, f"{path}{name}.")
        yield from _fields(root, _resolved(root, whole.get("items", {})), f"{path}{name}[].")


def _resolved(root: Schema, schema: Schema) -> Schema:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Schema = root["$defs"][name] if name else schema
    return found


def _row(path: str, field: Schema, required: bool) -> str:
    choices = field.get("enum") or field.get("items", {}).get("enum")
    text = str(field["description"]).strip()
    if choices:
        text += f" One of {', '.join(f'`{choice}`' for choice in choices)}."
    example = _code(field["examples"][0]) if "examples" in field else ""
    return f"| `{path}` | {text} | {_default(field, required)} | {example} |".replace("|  |", "| |")


def _default(field: Schema, required: bool) -> str:
    if required:
        return "must be given"
    if "x-default" in field:
        return str(field["x-default"])
    return _code(field["default"]) if field.get("default") not in (None, [], {}) else ""


def _code(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text}`"


def _sizes(known: Sizes) -> Iterator[str]:
    yield f"## Sizes\n\nVersion {known.version} of the table, which is data in `foundation/service/sizes.yaml`.\n"
    yield "| size | `cpu`: reserved | `memory`: reserved and limit |\n| --- | --- | --- |"
    for name, cpu in known.cpu.items():
        yield f"| `{name}` | {cpu.request} | {known.memory[name].limit} |"


if __name__ == "__main__":
    sys.stdout.write(reference_page())
