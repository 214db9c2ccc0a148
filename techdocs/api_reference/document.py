"""Reads an OpenAPI document and follows its references, both within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from foundation.jsontypes import Json
from foundation.yaml import DEEPEST, load_yaml
from techdocs.errors import SourceError

# Bytes. GitHub's own description of its API, one of the largest, is 12 MB; those of services are below 1 MiB.
LARGEST: Final = 4 * 1024 * 1024
# References to references: more hops than that are a circle.
MOST_HOPS: Final = 16
# Looks at schemas for all pages together. 500 schemas of 50 fields take about 100,000;
# references to references can make any number of them out of a few lines.
MOST_LOOKS: Final = 200_000
SCHEMAS: Final = "#/components/schemas/"


def load_document(content: bytes, file: str) -> Mapping[str, Json]:
    """The document as plain data; SourceError (or YamlError) when it is not an OpenAPI 3 document."""
    value = _parse(content, file)
    if not isinstance(value, Mapping):
        raise SourceError(f"{file} is not an OpenAPI document.", remedy='It begins with "openapi: 3.0.3".')
    if isinstance(value.get("swagger"), (str, float, int)):
        raise SourceError(
            f"{file} is a Swagger {value['swagger']} document.",
            remedy="Convert it to OpenAPI 3, for example with swagger2openapi.",
        )
    version = str(value.get("openapi", ""))
    if not version.startswith("3."):
        raise SourceError(f"{file} does not say that it is OpenAPI 3.", remedy='It begins with "openapi: 3.0.3".')
    return value


def _parse(content: bytes, file: str) -> Json:
    if len(content) > LARGEST:
        raise SourceError(f"{file} is larger than {LARGEST // 1024 // 1024} MiB.", remedy="Split the API.")
    if content.lstrip().startswith(b"{"):
        # JSON may be indented with tabs, which YAML does not take.
        try:
            document: Json = json.loads(content)
            _measure(document)
        except (ValueError, RecursionError):
            pass  # YAML in flow style, or wrong: the reader of YAML says where
        else:
            return document
    return load_yaml(content, file, largest=LARGEST).value


def _measure(value: Json) -> None:
    """ValueError for JSON that is deeper than the reader of YAML would take."""
    level: list[Json] = [value]
    for _ in range(DEEPEST + 1):
        if not level:
            return
        level = [
            child
            for parent in level
            for child in (
                parent.values() if isinstance(parent, Mapping) else parent if isinstance(parent, list) else ()
            )
            if isinstance(child, (Mapping, list))
        ]
    raise ValueError


class References:
    """Follows `$ref` within one document; notes in `warnings` what leads nowhere."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        self._looks = 0
        self.warnings: list[str] = []

    def resolve(self, value: Json) -> Mapping[str, Json]:
        """The mapping that `value` is or refers to; empty where there is none.

        SourceError after so many calls that the document can only be made to be expensive.
        """
        self._looks += 1
        if self._looks > MOST_LOOKS:
            raise SourceError("The schemas refer to one another too often to be shown.", remedy="Name fewer in each.")
        for _ in range(MOST_HOPS):
            if not isinstance(value, Mapping):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._target(reference)
        self.warn(f'the reference "{value.get("$ref") if isinstance(value, Mapping) else ""}" leads in a circle.')
        return {}

    def warn(self, message: str) -> None:
        """Note a finding once."""
        if message not in self.warnings:
            self.warnings.append(message)

    def _target(self, reference: str) -> Json:
        if not reference.startswith("#/"):
            self.warn(f'the reference "{reference[:120]}" leads to another file, which is not read.')
            return {}
        value: Json = self._document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, Mapping) or key not in value:
                self.warn(f'the reference "{reference[:120]}" leads nowhere.')
                return {}
            value = value[key]
        return value


def schema_name(value: Json) -> str | None:
    """The name of the schema that `value` refers to; None where it is no reference to a named schema."""
    reference = value.get("$ref") if isinstance(value, Mapping) else None
    if not isinstance(reference, str) or not reference.startswith(SCHEMAS):
        return None
    name = reference.removeprefix(SCHEMAS)
    return name if "/" not in name else None


def mapping(value: Json) -> Mapping[str, Json]:
    """`value` where it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Json) -> Iterator[Json]:
    """What a list holds; nothing of what is no list."""
    if isinstance(value, list):
        yield from value


def text(value: Json) -> str:
    """`value` as text; empty where it is a list, a mapping or nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""
