"""Where documentation is looked for: repositories of the Git host, and folders of this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, Protocol, TypeAlias

from foundation.connections.git import FolderTree, GitHost, Repository
from foundation.errors import GreenroomError, NotFoundError
from techdocs.configuration import find_configuration, pages_of, parse_configuration, sanitise
from techdocs.configuration.navigation import INCLUDE, INCLUDE_ALL
from techdocs.configuration.sanitising import DEFAULT_DOCS_FOLDER
from techdocs.sources import DocumentedEntity, Project, documented_entities, has_pages_among, project_of
from techdocs.sources.entities import CATALOG_DOCUMENTS, SERVICE_DOCUMENTS

PlaceKind: TypeAlias = Literal["repository", "folder"]
_BESIDE: Final = ("mkdocs.yml", "mkdocs.yaml", "README.md", *SERVICE_DOCUMENTS, *CATALOG_DOCUMENTS)


class Place(Protocol):
    """Something that documentation is built from, as it was at a revision."""

    @property
    def kind(self) -> PlaceKind: ...

    @property
    def location(self) -> str:
        """The name of the repository, or the path of the folder."""

    def revision(self) -> str | None:
        """The present state; None while there is none."""

    def entities(self, revision: str, *, namespace: str) -> list[DocumentedEntity]:
        """Whose pages the documents in the root say are here."""

    def files(self, revision: str) -> AbstractContextManager[Path]:
        """A folder that holds the files, while this lasts."""


@dataclass(frozen=True)
class RepositoryPlace:
    """The default branch of a repository."""

    git: GitHost
    repository: Repository
    kind: Literal["repository"] = "repository"

    @property
    def location(self) -> str:
        return self.repository.name

    def revision(self) -> str | None:
        return self.git.revision(self.repository)

    def entities(self, revision: str, *, namespace: str) -> list[DocumentedEntity]:
        tree = self.git.tree(self.repository, revision)
        files = frozenset(tree.files())
        return documented_entities(
            lambda path: tree.read(path) if path in files else None,
            has_pages=lambda folder: has_pages_among(files, folder),
            namespace=namespace,
        )

    @contextmanager
    def files(self, revision: str) -> Iterator[Path]:
        with TemporaryDirectory(prefix="greenroom-source-") as folder:
            self.git.tree(self.repository, revision).export(Path(folder))
            yield Path(folder)


@dataclass(frozen=True)
class FolderPlace:
    """A folder as it stands. Its revision is that of the files that documentation is made of."""

    folder: Path
    kind: Literal["folder"] = "folder"

    @property
    def location(self) -> str:
        return str(self.folder)

    def revision(self) -> str | None:
        if not self.folder.is_dir():
            return None
        digest = hashlib.sha256()
        for path in sorted(set(self._inputs())):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # removed since it was listed, so the next look sees another state
            digest.update(f"{path.relative_to(self.folder)}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
        return digest.hexdigest()[:40]

    def entities(self, revision: str, *, namespace: str) -> list[DocumentedEntity]:
        del revision
        return documented_entities(self._read, has_pages=self._has_pages, namespace=namespace)

    def files(self, revision: str) -> AbstractContextManager[Path]:
        del revision
        return nullcontext(self.folder)

    def _read(self, path: str) -> bytes | None:
        file = self.folder / path
        return file.read_bytes() if file.is_file() else None

    def _has_pages(self, folder: str) -> bool:
        pages = FolderTree(self.folder / folder / DEFAULT_DOCS_FOLDER).files()
        return find_configuration(self.folder / folder) is not None or any(page.endswith(".md") for page in pages)

    def _inputs(self) -> Iterator[Path]:
        """What a build reads; text that pages include from elsewhere is not looked for."""
        for entity in documented_entities(self._read):
            project = project_of(self.folder, entity)
            files = [*(project.base / name for name in _BESIDE), *(self.folder / name for name in _BESIDE)]
            files += [self.folder / project.openapi] if project.openapi else []
            yield from (file for file in files if file.is_file())
            folders = [project.base / folder for folder in _page_folders(project)]
            folders += [self.folder / project.decisions] if project.decisions else []
            for folder in folders:
                yield from (folder / path for path in FolderTree(folder).files())


def _page_folders(project: Project) -> Sequence[str]:
    """Where the pages are, relative to mkdocs.yml; all of the folder where other sites are included."""
    file = find_configuration(project.base)
    if file is None:
        return [DEFAULT_DOCS_FOLDER]
    try:
        configuration = sanitise(parse_configuration(file.read_bytes(), file.name), site_name="")
    except GreenroomError:
        return [DEFAULT_DOCS_FOLDER]
    pages = pages_of(configuration.navigation or [])
    included = any(page.startswith((INCLUDE, INCLUDE_ALL)) for page in pages)
    return [""] if included else [configuration.docs_folder]


class Places:
    """All places: the folders of the settings first, then the repositories by name."""

    def __init__(self, git: GitHost | None, folders: Sequence[Path]) -> None:
        self._git = git
        self._folders = tuple(folders)

    def all(self) -> list[Place]:
        """Raises ServiceUnavailableError when the Git host does not answer."""
        places: list[Place] = [FolderPlace(folder) for folder in self._folders]
        if self._git is not None:
            places += [RepositoryPlace(self._git, repository) for repository in self._git.repositories()]
        return places

    def find(self, kind: str, location: str) -> Place:
        """The place that a run was submitted for; a repository by its name, page or clone address.

        Raises NotFoundError when it is gone.
        """
        if kind == "folder" and Path(location) in self._folders:
            return FolderPlace(Path(location))
        if kind == "repository" and self._git is not None:
            repository = self._git.find(location)
            if repository is not None:
                return RepositoryPlace(self._git, repository)
        raise NotFoundError(f"There is no {kind} {location[:200]}.", remedy="Check the address.")
