"""What in a folder documentation can be made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from techdocs.sources.entities import DocumentedEntity, documented_entities

# Where decision records are kept: this platform's place, and those of the tools that make them.
DECISION_FOLDERS: Final = (
    "docs/decisions",
    "docs/adr",
    "docs/adrs",
    "docs/architecture/decisions",
    "doc/adr",
    "decisions",
    "adr",
)
# Where frameworks and people put their OpenAPI document.
API_DOCUMENTS: Final = tuple(
    f"{folder}{name}" for folder in ("", "docs/", "api/") for name in ("openapi.yaml", "openapi.yml", "openapi.json")
)


@dataclass(frozen=True)
class Project:
    """Documentation below `root`. `folder`, `openapi` and `decisions` are paths in it.

    `openapi` and `decisions` are None where there are none.
    """

    root: Path
    site_name: str
    folder: str = ""
    openapi: str | None = None
    decisions: str | None = None

    @property
    def base(self) -> Path:
        """The folder of mkdocs.yml."""
        return self.root / self.folder


def find_project(root: Path, *, site_name: str | None = None) -> Project:
    """The documentation of the entity that `root` describes, or of the folder as such."""

    def read(path: str) -> bytes | None:
        file = root / path
        return file.read_bytes() if _within(root, file) and file.is_file() else None

    entities = documented_entities(read)
    entity = entities[0] if entities else None
    return project_of(root, entity, site_name=site_name)


def project_of(root: Path, entity: DocumentedEntity | None, *, site_name: str | None = None) -> Project:
    """The documentation of `entity` in the repository that stands at `root`."""
    folder = entity.folder if entity else ""
    name = site_name or (entity.title if entity else root.resolve().name) or "Documentation"
    return Project(
        root,
        name,
        folder,
        _first(root, _candidates(entity.openapi if entity else None, folder, API_DOCUMENTS), Path.is_file),
        _first(root, _candidates(entity.decisions if entity else None, folder, DECISION_FOLDERS), Path.is_dir),
    )


def _candidates(named: str | None, folder: str, usual: Sequence[str]) -> Iterator[str]:
    """What the entity names, alone; else the usual places beside mkdocs.yml, then in the root."""
    if named:
        yield named
        return
    if folder:
        yield from (f"{folder}/{place}" for place in usual)
    yield from usual


def _first(root: Path, places: Iterator[str], is_there: Callable[[Path], bool]) -> str | None:
    return next((place for place in places if _within(root, root / place) and is_there(root / place)), None)


def _within(root: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())
