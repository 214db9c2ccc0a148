"""Which catalog entities a repository documents, from its service.yaml or catalog-info.yaml."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from foundation.backstage.entities import EntityRef
from foundation.errors import GreenroomError, InputError
from foundation.jsontypes import Json
from foundation.yaml import load_yaml
from techdocs.configuration.document import FILES as CONFIGURATIONS
from techdocs.configuration.values import inner_path

SERVICE_DOCUMENTS: Final = ("service.yaml", "service.yml")
CATALOG_DOCUMENTS: Final = ("catalog-info.yaml", "catalog-info.yml")
TECHDOCS_REFERENCE: Final = "backstage.io/techdocs-ref"
DECISIONS_LOCATION: Final = "backstage.io/adr-location"
# A catalog-info.yaml of a monorepo has a few dozen entities.
MOST_DOCUMENTS: Final = 200
_SEPARATOR = re.compile(rb"^---[ \t]*(?:#.*)?$", re.MULTILINE)

# A path in a repository → its content, None where there is no such file. `Tree.read` is one.
Read = Callable[[str], "bytes | None"]
# A folder, as in DocumentedEntity → whether it has an mkdocs.yml or Markdown below `docs/`.
HasPages = Callable[[str], bool]


def _always(_folder: str) -> bool:
    return True


def has_pages_among(files: Collection[str], folder: str) -> bool:
    """The rule of HasPages, for a repository of these files. The catalog links to documentation by the same."""
    base = f"{folder}/" if folder else ""
    if any(f"{base}{name}" in files for name in CONFIGURATIONS):
        return True
    return any(file.startswith(f"{base}docs/") and file.endswith(".md") for file in files)


@dataclass(frozen=True)
class DocumentedEntity:
    """An entity and the folder of its mkdocs.yml, `""` being the root of the repository.

    `openapi` and `decisions` are paths in the repository, where the entity names them.
    """

    reference: EntityRef
    title: str
    folder: str = ""
    openapi: str | None = None
    decisions: str | None = None


def documented_entities(
    read: Read, *, has_pages: HasPages = _always, namespace: str = "default"
) -> list[DocumentedEntity]:
    """The entities that the documents in the root of a repository say they document, at most one a reference.

    A service.yaml stands for the component of its name, if the folder it names has pages. In a catalog-info.yaml the entities count that
    carry a `backstage.io/techdocs-ref` of the form `dir:…`. A document that cannot be read has none:
    the catalog is the place that says what is wrong with it.
    """
    found: dict[str, DocumentedEntity] = {}
    services = (each for each in _of_service(read, namespace) if has_pages(each.folder))
    for entity in (*services, *_of_catalog(read)):
        found.setdefault(str(entity.reference), entity)
    return list(found.values())


def _of_service(read: Read, namespace: str) -> Iterator[DocumentedEntity]:
    for file in SERVICE_DOCUMENTS:
        document = _load(read(file) or b"", file)
        metadata = _mapping(document.get("metadata"))
        # A file of the same name may hold Kubernetes' own Service, whose version has no group.
        if document.get("kind") != "Service" or "/" not in str(document.get("apiVersion", "")):
            continue
        name = metadata.get("name")
        reference = _reference("component", namespace, name)
        if reference is None:
            continue
        title, spec = metadata.get("title"), _mapping(document.get("spec"))
        openapi, docs = spec.get("api"), spec.get("docs")
        yield DocumentedEntity(
            reference,
            title if isinstance(title, str) else str(name),
            folder=(inner_path(docs) or "") if isinstance(docs, str) else "",
            openapi=inner_path(openapi) if isinstance(openapi, str) else None,
        )
        return


def _of_catalog(read: Read) -> Iterator[DocumentedEntity]:
    for file in CATALOG_DOCUMENTS:
        content = read(file) or b""
        for part in _SEPARATOR.split(content)[: MOST_DOCUMENTS + 1]:
            entity = _documented(_load(part, file))
            if entity is not None:
                yield entity


def _documented(document: Mapping[str, Json]) -> DocumentedEntity | None:
    metadata = _mapping(document.get("metadata"))
    annotations = _mapping(metadata.get("annotations"))
    location = annotations.get(TECHDOCS_REFERENCE)
    if not isinstance(location, str) or not location.startswith("dir:"):
        return None
    folder = inner_path(location.removeprefix("dir:"))
    name, kind = metadata.get("name"), document.get("kind")
    reference = _reference(kind, metadata.get("namespace", "default"), name)
    if folder is None or reference is None:
        return None
    title, decisions = metadata.get("title"), annotations.get(DECISIONS_LOCATION)
    return DocumentedEntity(
        reference,
        title if isinstance(title, str) else str(name),
        folder,
        decisions=inner_path(decisions) if isinstance(decisions, str) and "://" not in decisions else None,
    )


def _reference(kind: Json, namespace: Json, name: Json) -> EntityRef | None:
    try:
        return EntityRef.parse(f"{kind}:{namespace}/{name}")
    except InputError:
        return None


def _load(text: bytes, file: str) -> Mapping[str, Json]:
    try:
        return _mapping(load_yaml(text, file).value)
    except GreenroomError:
        return {}


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
