"""Documents that somebody registered by the address of a repository."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from catalog_provider.errors import EntityDocumentError
from catalog_provider.sources.documents import DocumentReader
from catalog_provider.sources.memory import CatalogMemory, Registration
from catalog_provider.sources.model import DocumentReading, Remembered, SourceReading
from catalog_provider.sources.origins import repository_origin
from foundation.backstage.entities import EntityRef
from foundation.connections.git import GitHost, Repository
from foundation.errors import GreenroomError, NotFoundError, Problem


class RegistrationsSource:
    """The registered documents at the newest commit of their repositories."""

    name = "registrations"
    kind = "registrations"

    def __init__(
        self, git: GitHost, reader: DocumentReader, memory: CatalogMemory, host: Literal["local", "github"]
    ) -> None:
        self._git = git
        self._reader = reader
        self._memory = memory
        self._host: Literal["local", "github"] = host
        self._remembered: Remembered[Registration] = Remembered()
        self._answered = False

    def read(self) -> SourceReading:
        """See Source. A single document that cannot be looked at raises at the first look only."""
        documents: list[DocumentReading] = []
        problems: list[Problem] = []
        registered = self._memory.registrations()
        for registration in registered:
            try:
                documents += self._look_at(registration)
            except NotFoundError as error:
                problems.append(Problem(registration.repository, 0, 0, error.message, error.remedy or ""))
            except GreenroomError as error:
                if not self._answered:
                    raise
                documents += self._remembered.last(registration) or ()
                problems.append(Problem(registration.repository, 0, 0, error.message, error.remedy or ""))
        self._remembered.keep_only(set(registered))
        self._answered = True
        return SourceReading(tuple(documents), tuple(problems), self._memory.withdrawals())

    def check(self, repository_url: str, path: str) -> tuple[Registration, DocumentReading]:
        """The document that would be registered.

        Raises NotFoundError where there is none, InputError with every problem of a wrong one.
        """
        repository = self._find(repository_url)
        registration = Registration(repository.name, path)
        (document,) = self._read(repository, path)
        if document.problems:
            raise EntityDocumentError(f"{document.origin.file} cannot be registered.", problems=document.problems)
        return registration, document

    def leading_to(self, locations: Collection[str]) -> list[Registration]:
        """The registrations of the documents at these locations."""
        return [
            each
            for each in self._memory.registrations()
            if any(document.origin.location in locations for document in self._remembered.last(each) or ())
        ]

    def _look_at(self, registration: Registration) -> tuple[DocumentReading, ...]:
        repository = self._find(registration.repository)
        revision = self._git.revision(repository) or ""
        return self._remembered.at(registration, revision, lambda: self._read(repository, registration.path))

    def _find(self, url_or_name: str) -> Repository:
        repository = self._git.find(url_or_name)
        if repository is None:
            raise NotFoundError(
                f'The Git host has no repository "{url_or_name[:200]}".',
                remedy="Publish it first, or mend the address.",
            )
        return repository

    def _read(self, repository: Repository, path: str) -> tuple[DocumentReading, ...]:
        revision = self._git.revision(repository)
        tree = self._git.tree(repository, revision) if revision else None
        files = frozenset(tree.files()) if tree else frozenset()
        if tree is None or path not in files:
            raise NotFoundError(
                f"{repository.name} has no file {path}.",
                remedy="Commit it to the default branch, or name another path.",
            )
        return (self._reader.read(tree, files, path, repository_origin(repository, path, self._host)),)


def entity_refs(document: DocumentReading) -> list[str]:
    """The references of what a document declares, the Component of a service first."""
    return [str(EntityRef.of(entity)) for entity in document.declared]
