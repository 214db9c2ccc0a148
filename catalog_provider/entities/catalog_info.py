"""Entities that people wrote in Backstage's own form, taken as they are."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping

from catalog_provider.entities.origin import Origin
from catalog_provider.errors import EntityDocumentError
from foundation.backstage.entities import EntityRef
from foundation.errors import Problem
from foundation.findings import schema_problems
from foundation.jsontypes import Json, JsonObject
from foundation.yaml import LARGEST, YamlError, load_yaml

# One file describes a repository or an organisation; beyond this it is generated, and belongs in several.
MOST_DOCUMENTS = 500
# YAML 1.2.2, 9.2: at the first column this is always a marker, also inside of block scalars.
_MARKER = re.compile(r"^---(?=\s|$)[ \t]*", re.MULTILINE)
_NAME: JsonObject = {
    "type": "string",
    "pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$",
    "x-is": "a name of letters, digits, '-', '_' and '.', at most 63, with a letter or digit at both ends",
    "examples": ["order-api"],
}
_NAMESPACE: JsonObject = {
    "type": "string",
    "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    "x-is": "a namespace of lower-case letters, digits and '-', at most 63",
    "examples": ["default"],
}
_TEXTS: JsonObject = {
    "type": "object",
    "x-is": "a mapping of texts",
    "additionalProperties": {"type": "string", "x-is": "text"},
}
# Backstage's entity envelope (`@backstage/catalog-model`: Entity.schema.json and its policies). What a kind
# asks of its `spec` is the catalog's to judge, since apps may add kinds.
ENVELOPE: JsonObject = {
    "type": "object",
    "x-is": "an entity with apiVersion, kind, metadata and spec",
    "required": ["apiVersion", "kind", "metadata"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {
            "type": "string",
            "minLength": 1,
            "x-is": "a version",
            "examples": ["backstage.io/v1alpha1"],
        },
        "kind": {
            "type": "string",
            "pattern": "^[a-zA-Z][a-z0-9A-Z]{0,62}$",
            "x-is": "a kind of entity",
            "examples": ["Component"],
        },
        "metadata": {
            "type": "object",
            "x-is": "a mapping",
            "required": ["name"],
            "properties": {
                "name": _NAME,
                "namespace": _NAMESPACE,
                "labels": _TEXTS,
                "annotations": _TEXTS,
                "tags": {"type": "array", "x-is": "a list of words", "items": {"type": "string", "x-is": "a word"}},
            },
        },
        "spec": {"type": "object", "x-is": "a mapping"},
    },
}


def read_entities(text: bytes, origin: Origin) -> list[JsonObject]:
    """The entities of a file, each with the annotations that say where it came from.

    Raises EntityDocumentError with every problem in any of its documents.
    """
    problems: list[Problem] = []
    entities: dict[str, JsonObject] = {}
    for line, part in split_documents(text, origin.file):
        try:
            document = load_yaml(part, origin.file)
        except YamlError as error:
            problems += [_moved(each, line) for each in error.problems]
            continue
        if document.value is None:
            continue
        found = list(schema_problems(document, ENVELOPE))
        problems += [_moved(each, line) for each in found]
        if found or not isinstance(document.value, Mapping):
            continue
        ref = str(EntityRef.of(document.value))
        if ref in entities:
            again = document.problem(("metadata", "name"), f"{ref} stands in this file twice.", "Keep one of them.")
            problems.append(_moved(again, line))
        entities[ref] = _with_origin(document.value, origin)
    if problems:
        raise EntityDocumentError(f"{origin.file} has {len(problems)} problems.", problems=problems)
    return list(entities.values())


def split_documents(text: bytes, file: str) -> Iterator[tuple[int, str]]:
    """Each YAML document of a file, and how many lines stand before it.

    Raises EntityDocumentError for a file that is too large, or no text.
    """
    if len(text) > LARGEST:
        problem = Problem(file, 0, 0, f"larger than {LARGEST // 1024} KiB.", "Split the file.")
        raise EntityDocumentError(f"{file} is too large.", problems=[problem])
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(file, 0, 0, "not UTF-8 text.", "Save the file as UTF-8.")
        raise EntityDocumentError(f"{file} is no text.", problems=[problem]) from error
    starts = [(0, 0), *((each.start(), each.end()) for each in _MARKER.finditer(decoded))]
    if len(starts) > MOST_DOCUMENTS:
        problem = Problem(file, 0, 0, f"more than {MOST_DOCUMENTS} documents.", "Split the file.")
        raise EntityDocumentError(f"{file} has too many documents.", problems=[problem])
    ends = [start for start, _ in starts[1:]] + [len(decoded)]
    line = 0
    for (start, content), end in zip(starts, ends, strict=True):
        yield line, decoded[content:end]
        line += decoded.count("\n", start, end)


def _moved(problem: Problem, lines: int) -> Problem:
    return dataclasses.replace(problem, line=problem.line + lines) if problem.line else problem


def _with_origin(value: JsonObject, origin: Origin) -> JsonObject:
    metadata = value["metadata"]
    assert isinstance(metadata, Mapping)  # noqa: S101 the envelope was checked
    given = metadata.get("annotations") or {}
    assert isinstance(given, Mapping)  # noqa: S101 the envelope was checked
    annotations: dict[str, Json] = {**origin.annotations(), **given, **origin.managed_by()}
    return {**value, "metadata": {**metadata, "annotations": annotations}}
