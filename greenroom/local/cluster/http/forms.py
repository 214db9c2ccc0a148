"""In which form a client wants objects: as they are, as a table for people, or as metadata only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from greenroom.local.cluster import errors
from greenroom.local.cluster.columns import columns_of
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import Resource

FormName: TypeAlias = Literal["object", "table", "metadata"]
_FORMS: dict[str, FormName] = {
    "Table": "table",
    "PartialObjectMetadata": "metadata",
    "PartialObjectMetadataList": "metadata",
}
_OFFERED = ("application/json",)


@dataclass(frozen=True)
class Form:
    """The form, what a table's rows carry of their objects, and the time that ages are counted to."""

    name: FormName
    include: str
    now: Callable[[], datetime]

    def one(self, kind: Resource, manifest: Manifest, *, headed: bool = True) -> Manifest:
        """One object. `headed`: with column definitions (only the first row of a watch has them)."""
        if self.name == "metadata":
            return _metadata_only(manifest)
        if self.name == "table":
            return self._table(kind, [manifest], {"resourceVersion": _version(manifest)}, headed=headed)
        return manifest

    def many(self, kind: Resource, items: list[Manifest], metadata: Manifest) -> Manifest:
        """A list of objects."""
        if self.name == "table":
            return self._table(kind, items, metadata, headed=True)
        if self.name == "metadata":
            entries = [_metadata_only(item) for item in items]
            head = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1"}
            return {**head, "metadata": metadata, "items": entries}
        # Items of a list carry no type of their own, as from the real server.
        entries = [{key: item[key] for key in item if key not in {"kind", "apiVersion"}} for item in items]
        return {"kind": f"{kind.kind}List", "apiVersion": kind.api_version, "metadata": metadata, "items": entries}

    def _table(self, kind: Resource, items: list[Manifest], metadata: Manifest, *, headed: bool) -> Manifest:
        columns = columns_of(kind)
        now = self.now()
        rows = [
            {"cells": [column.cell(item, now) for column in columns], "object": self._row_object(item)}
            for item in items
        ]
        definitions = [column.definition() for column in columns] if headed else None
        head = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
        return {**head, "columnDefinitions": definitions, "rows": rows}

    def _row_object(self, item: Manifest) -> Manifest | None:
        if self.include == "None":
            return None
        return item if self.include == "Object" else _metadata_only(item)


def form_of(accept: str, include: str, now: Callable[[], datetime]) -> Form:
    """The form that an Accept header asks for first among those that are written here. Raises StatusError (406)."""
    for choice in accept.split(",") if accept else ["*/*"]:
        media_type, *parameters = (part.strip() for part in choice.split(";"))
        if media_type not in {"application/json", "application/*", "*/*", "application/yaml"}:
            continue
        asked = dict(part.partition("=")[::2] for part in parameters).get("as", "")
        if not asked:
            return Form("object", include, now)
        if asked in _FORMS:
            return Form(_FORMS[asked], include or "Metadata", now)
    raise errors.not_acceptable(_OFFERED)


def _version(manifest: Manifest) -> str:
    return str(manifest["metadata"].get("resourceVersion", ""))


def _metadata_only(manifest: Manifest) -> Manifest:
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return {**head, "metadata": manifest["metadata"]}
