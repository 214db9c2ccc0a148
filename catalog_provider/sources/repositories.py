"""The documents in the root of every repository of the Git host."""

from __future__ import annotations

from typing import Literal

from catalog_provider.sources.documents import DOCUMENTS, DocumentReader, documents_of
from catalog_provider.sources.model import DocumentReading, Remembered, SourceReading
from catalog_provider.sources.origins import repository_origin
from foundation.connections.git import GitHost, Repository
from foundation.errors import GreenroomError, Problem, ServiceUnavailableError


class RepositoriesSource:
    """Looks at the newest commit of each repository, and into it when it is another one."""

    name = "repositories"
    kind = "git"

    def __init__(self, git: GitHost, reader: DocumentReader, host: Literal["local", "github"]) -> None:
        self._git = git
        self._reader = reader
        self._host: Literal["local", "github"] = host
        self._remembered: Remembered[str] = Remembered()
        self._answered = False
        self._listed = 0

    def read(self) -> SourceReading:
        """See Source. A single repository in trouble raises at the first look only.

        Then nothing of it is known, and leaving it out would take its entities away.
        """
        repositories = self._git.repositories()
        if self._listed and not repositories:
            raise ServiceUnavailableError(
                f"The Git host lists no repositories, after {self._listed} a moment ago.",
                remedy="Check its folder or organisation; restart the server if they are really gone.",
            )
        documents: list[DocumentReading] = []
        problems: list[Problem] = []
        for repository in repositories:
            try:
                documents += self._look_into(repository)
            except GreenroomError as error:
                if not self._answered:
                    raise
                documents += self._remembered.last(repository.name) or ()
                problems.append(Problem(repository.name, 0, 0, error.message, error.remedy or ""))
        self._remembered.keep_only({each.name for each in repositories})
        self._answered, self._listed = True, len(repositories)
        return SourceReading(tuple(documents), tuple(problems))

    def _look_into(self, repository: Repository) -> tuple[DocumentReading, ...]:
        revision = self._git.revision(repository)
        if revision is None and self._remembered.last(repository.name):
            raise ServiceUnavailableError("It had commits a moment ago and has none now.", remedy="Check its branches.")
        if revision is None:
            return ()
        return self._remembered.at(repository.name, revision, lambda: self._documents(repository, revision))

    def _documents(self, repository: Repository, revision: str) -> tuple[DocumentReading, ...]:
        try:
            tree = self._git.tree(repository, revision)
            files = frozenset(tree.files())
        except GreenroomError as error:
            if error.status >= 500:  # noqa: PLR2004 the host's trouble, not the repository's
                raise
            return self._refused(repository, error)
        return tuple(
            self._reader.read(tree, files, path, repository_origin(repository, path, self._host))
            for path in documents_of(tree, files)
        )

    def _refused(self, repository: Repository, error: GreenroomError) -> tuple[DocumentReading, ...]:
        """A repository that is wrong as a whole, such as one too large to list.

        What is wrong is said of each document that it may have, whose last good entities stand then; no other
        repository waits for it to be mended.
        """
        origins = (repository_origin(repository, names[0], self._host) for names in DOCUMENTS)
        return tuple(
            DocumentReading(origin, problems=(Problem(origin.file, 0, 0, error.message, error.remedy or ""),))
            for origin in origins
        )
