"""From a folder to a finished site."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from techdocs.building.assembly import assemble
from techdocs.building.process import Check, Level, Limits, Log, run_worker
from techdocs.errors import BuildFailedError
from techdocs.publishing.metadata import METADATA, site_files
from techdocs.sources.project import Project, find_project
from techdocs.sources.staging import Bounds

INDEX = "index.html"


@dataclass(frozen=True)
class BuildResult:
    """A site: its name and description, how many pages it has, its files (sorted, relative), and what was left out."""

    site_name: str
    site_description: str
    pages: int
    files: tuple[str, ...]
    warnings: tuple[str, ...] = field(default=())


def _unheard(_message: str, _level: Level) -> None:
    """A log that nobody reads."""


def _never() -> None:
    """Never ends a build."""


def build_site(
    folder: Path, into: Path, *, site_name: str | None = None, log: Log = _unheard, limits: Limits | None = None
) -> BuildResult:
    """Build the documentation that stands in `folder` (with or without an mkdocs.yml) into the folder `into`.

    Nothing is written to `folder`. Raises NothingToBuildError, ConfigurationError, SourceError or
    BuildFailedError, each saying what to do.
    """
    return build_project(find_project(folder, site_name=site_name), into, log=log, limits=limits)


def build_project(
    project: Project,
    into: Path,
    *,
    log: Log = _unheard,
    check: Check = _never,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
) -> BuildResult:
    """The same for a project that is known. `into` is made, and emptied where it exists.

    `check` is called twice a second; what it raises ends the build.
    """
    with tempfile.TemporaryDirectory(prefix="greenroom-docs-") as scratch:
        docs = Path(scratch).resolve() / "docs"
        docs.mkdir()
        assembly = assemble(project, docs, bounds=bounds)
        warnings = list(assembly.warnings)
        for warning in warnings:
            log(warning, "warn")

        def listen(message: str, level: Level) -> None:
            if level != "info":
                warnings.append(message)
            log(message, level)

        into.mkdir(parents=True, exist_ok=True)
        pages = run_worker(
            assembly.settings,
            docs=docs,
            site=into.resolve(),
            snippets=project.base,
            log=listen,
            limits=limits,
            check=check,
        )
    if not (into / INDEX).is_file():
        raise BuildFailedError(
            "The site has no first page.", remedy="Write index.md in the folder of the documentation."
        )
    # techdocs-core writes a metadata file without times and files; publishing writes the whole one.
    (into / METADATA).unlink(missing_ok=True)
    name, description = assembly.settings["site_name"], assembly.settings.get("site_description")
    return BuildResult(str(name), str(description or ""), pages, tuple(site_files(into)), tuple(warnings))
