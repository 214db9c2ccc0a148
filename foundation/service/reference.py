"""The Service document's reference page, made from its schema.

python -m foundation.service.reference > docs/reference/service-document.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

from foundation.service.anchors import section_of
from foundation.service.pointers import resolved
from foundation.service.release import DEFAULT_ENVIRONMENT, Engine, Release, releases
from foundation.service.rules import RESERVED_LABELS
from foundation.service.schema import service_schema

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

For completion and checks while you type, save `greenroom service schema` as `service.schema.json` and put
`# yaml-language-server: $schema=service.schema.json` into the first line of the document.
"""


def reference_page() -> str:
    """The page as Markdown."""
    schema = cast("Schema", service_schema())
    parts = [INTRODUCTION.format(api_version=schema["properties"]["apiVersion"]["const"])]
    parts.append("## Fields")
    sections: dict[str, list[str]] = {}
    for path, field, required in _fields(schema, schema):
        if path != "spec":
            section = section_of(tuple(path.partition("[")[0].split(".")))
            sections.setdefault(section, []).append(_row(path, field, required))
    for section, rows in sections.items():
        parts += [
            f"\n### {section}\n",
            "| field | what it is | default | example |",
            "| --- | --- | --- | --- |",
            *rows,
        ]
    reserved = ", ".join(f"`{label}`" for label in sorted(RESERVED_LABELS))
    parts.append(f"\nThe labels {reserved} are the platform's own.\n")
    return "\n".join([*parts, *_releases()]) + "\n"


def _fields(root: Schema, schema: Schema, path: str = "") -> Iterator[tuple[str, Schema, bool]]:
    """Each field with its path; mappings come before what is in them. What another field has is not said again."""
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        whole = resolved(root, field)
        yield f"{path}{name}", whole, name in required
        if str(field.get("$ref", "")).startswith("#/properties/"):
            continue
        yield from _fields(root, whole, f"{path}{name}.")
        yield from _fields(root, resolved(root, whole.get("items", {})), f"{path}{name}[].")
        more = whole.get("additionalProperties")
        if isinstance(more, dict):
            yield from _fields(root, resolved(root, more), f"{path}{name}.*.")


def _row(path: str, field: Schema, required: bool) -> str:
    text = str(field["description"]).strip()
    for words, holders in (("One of", [field, field.get("items", {})]), ("Sizes:", field.get("anyOf", []))):
        if choices := [choice for each in holders for choice in each.get("enum", [])]:
            text += f" {words} {', '.join(f'`{choice}`' for choice in choices)}."
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


def _releases() -> Iterator[str]:
    known = list(releases().values())
    newest = known[-1]
    yield "## Sizes and versions\n"
    yield (
        f"Of release {newest.name}, which is data in `foundation/service/releases`. A platform team overlays it with a\n"
        "folder of its own: [Releases of the platform](../how-to/release-the-platform.md).\n"
    )
    yield "| size | `cpu`: reserved | `memory`: reserved and limit |\n| --- | --- | --- |"
    for name, cpu in newest.cpu.items():
        yield f"| `{name}` | {cpu} | {newest.memory[name]} |"
    for kind, engine in newest.engines.items():
        yield from _engine(kind, newest, engine)
    yield "\n| environment | several zones | backups | copies of a cache | logs |\n| --- | --- | --- | --- | --- |"
    for name, each in newest.environments.items():
        zones = "yes" if each.several_zones else "no"
        shown = "every other" if name == DEFAULT_ENVIRONMENT else f"`{name}`"
        yield f"| {shown} | {zones} | {each.backup_days} days | {each.cache_replicas} | {each.log_days} days |"
    yield "\n| release | from | what is new |\n| --- | --- | --- |"
    for release in reversed(known):
        yield f"| `{release.name}` | {release.date} | {' '.join(release.notes)} |"


def _engine(kind: str, release: Release, engine: Engine) -> Iterator[str]:
    yield f"\n| `{kind}` size | instance | storage |\n| --- | --- | --- |"
    for name, size in engine.sizes.items():
        yield f"| `{name}` | {size.instance_class} | {f'{size.storage} GiB' if size.storage else 'in memory'} |"
    alive = [name for name, each in engine.versions.items() if each.ends >= release.date]
    yield f"\nVersions: {', '.join(f'`{name}`' for name in alive)}; `{engine.default}` where a document names none."


if __name__ == "__main__":
    sys.stdout.write(reference_page())
