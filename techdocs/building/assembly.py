"""Puts a site together: the repository's pages, those made for it, and one configuration for MkDocs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from foundation.jsontypes import Json, JsonObject
from techdocs import decisions
from techdocs.api_reference import api_pages
from techdocs.configuration import (
    Configuration,
    Item,
    Navigation,
    automatic_navigation,
    default_configuration,
    find_configuration,
    pages_of,
    parse_configuration,
    sanitise,
)
from techdocs.configuration.navigation import with_prefix
from techdocs.decisions import Decision
from techdocs.errors import NothingToBuildError, SourceError
from techdocs.prose import inert
from techdocs.sources.includes import resolve_includes
from techdocs.sources.project import Project
from techdocs.sources.staging import Bounds, Staging

_INDEXES: Final = ("index.md", "README.md")
_READMES: Final = ("README.md", "readme.md", "Readme.md")


@dataclass(frozen=True)
class Assembly:
    """MkDocs' settings (with `nav` where there is one), and what to say in the build log."""

    settings: JsonObject
    warnings: tuple[str, ...]


def assemble(project: Project, docs: Path, *, bounds: Bounds | None = None) -> Assembly:
    """Fill the empty folder `docs` with all the pages of the site.

    Raises NothingToBuildError where there is no documentation, ConfigurationError or SourceError where it
    cannot be used.
    """
    return _Assembler(project, Staging(project.root, docs, bounds or Bounds())).run()


class _Assembler:
    def __init__(self, project: Project, staging: Staging) -> None:
        self.project = project
        self.staging = staging
        self.warnings: list[str] = []
        # Sections that are made here, and where their pages are.
        self.sections: list[tuple[str, Item]] = []

    def run(self) -> Assembly:
        configuration, written = self._configuration()
        self.warnings += configuration.warnings
        folder = _join(self.project.folder, configuration.docs_folder)
        self._pages(folder, written=written)
        navigation = configuration.navigation
        if navigation is not None:
            navigation = resolve_includes(navigation, self.project.folder, self.staging)
        self._api()
        self._decisions(folder)
        if not self.staging.pages():
            raise NothingToBuildError(
                "There is no documentation here.",
                remedy=f"Write {folder}/index.md, and an mkdocs.yml if the order matters.",
            )
        self._index(configuration)
        settings: dict[str, Json] = dict(configuration.settings)
        navigation = self._navigation(navigation)
        if navigation is not None:
            settings["nav"] = navigation
        return Assembly(settings, tuple(self.warnings))

    def _configuration(self) -> tuple[Configuration, bool]:
        """The configuration, and whether the repository has one of its own."""
        file = find_configuration(self.project.base) if self.project.base.is_dir() else None
        if file is None:
            return default_configuration(self.project.site_name), False
        document = parse_configuration(file.read_bytes(), _join(self.project.folder, file.name))
        return sanitise(document, site_name=self.project.site_name), True

    def _pages(self, folder: str, *, written: bool) -> None:
        if (self.project.root / folder).is_dir():
            self.staging.copy(folder)
        elif written:
            raise SourceError(f'There is no folder "{folder}".', remedy="Make it, or name the right one as docs_dir.")

    def _api(self) -> None:
        if self.project.openapi is None:
            return
        file = self.project.root / self.project.openapi
        # The reader refuses what is larger; reading one byte more is enough to see that.
        with file.open("rb") as stream:
            pages = api_pages(stream.read(self.staging.bounds.file), self.project.openapi)
        folder = self._free("api", "api-reference")
        for name, text in pages.files.items():
            self.staging.write(f"{folder}/{name}", text)
        self.warnings += pages.warnings
        self.sections.append((folder, {"API": with_prefix(pages.navigation, folder)}))

    def _decisions(self, docs_folder: str) -> None:
        source = self.project.decisions
        if source is None:
            return
        if PurePosixPath(source).is_relative_to(docs_folder):
            folder = PurePosixPath(source).relative_to(docs_folder).as_posix()
        else:
            folder = self._free("decisions", "decision-records")
            self.staging.copy(source, below=folder)
        records = self._records(folder)
        if not records:
            return
        index = next((name for name in _INDEXES if self.staging.has(f"{folder}/{name}")), None)
        if index is None:
            index = decisions.OVERVIEW
            self.staging.write(f"{folder}/{index}", decisions.overview(records))
        self.sections.append((folder, decisions.section(folder, index, records)))

    def _records(self, folder: str) -> list[Decision]:
        place = self.staging.target / folder
        files = sorted(place.iterdir()) if place.is_dir() else []
        records = (
            decisions.read_decision(file.name, file.read_text(encoding="utf-8", errors="replace"))
            for file in files
            if file.is_file() and file.suffix == ".md"
        )
        return decisions.in_order([record for record in records if record])

    def _index(self, configuration: Configuration) -> None:
        """Backstage opens a site at its index; where none is written, the README is it, or a list of the sections."""
        if any(self.staging.has(name) for name in _INDEXES):
            return
        readme = next((file for name in _READMES if (file := self.project.base / name).is_file()), None)
        if readme is not None and readme.resolve().is_relative_to(self.staging.root):
            self.staging.write("index.md", readme.read_text(encoding="utf-8", errors="replace"))
            return
        lines = [f"# {inert(configuration.site_name)}", ""]
        for _, section in self.sections:
            title, pages = next(iter(section.items())) if isinstance(section, dict) else (section, section)
            first = pages if isinstance(pages, str) else pages_of(pages)[0]
            lines.append(f"- [{inert(title)}]({first})")
        self.staging.write("index.md", "\n".join([*lines, ""]))

    def _navigation(self, navigation: Navigation | None) -> Navigation | None:
        """The order of the pages, with the sections that were made here and that it does not place itself."""
        placed = pages_of(navigation or [])
        new = [
            (folder, section)
            for folder, section in self.sections
            if not any(page.startswith(f"{folder}/") for page in placed)
        ]
        if not new:
            return navigation
        if navigation is None:
            made = tuple(f"{folder}/" for folder, _ in new)
            pages = [page for page in self.staging.pages() if not page.startswith(made) and not _hidden(page)]
            navigation = automatic_navigation(pages)
        return [*navigation, *(section for _, section in new)]

    def _free(self, *names: str) -> str:
        """The first of the names that no page or folder has."""
        candidates = [*names, *(f"{names[-1]}-{number}" for number in range(2, 100))]
        return next(name for name in candidates if not self.staging.has(name) and not self.staging.has(f"{name}.md"))


def _hidden(page: str) -> bool:
    """Whether MkDocs leaves the page out unless told otherwise."""
    return page.startswith("templates/") or any(part.startswith(".") for part in PurePosixPath(page).parts)


def _join(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path
