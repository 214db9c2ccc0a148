"""The documents in folders on this machine's disk."""

from __future__ import annotations

from pathlib import Path

from catalog_provider.sources.documents import DocumentReader, documents_of
from catalog_provider.sources.model import DocumentReading, Remembered, SourceReading
from catalog_provider.sources.origins import file_origin
from foundation.connections.git import FolderTree
from foundation.errors import Problem, ServiceUnavailableError


class FolderSource:
    """One folder that holds a service.yaml or a catalog-info.yaml."""

    kind = "folder"

    def __init__(self, folder: Path, reader: DocumentReader) -> None:
        self.name = f"folder {folder}"
        self._folder = folder
        self._reader = reader
        self._remembered: Remembered[None] = Remembered()

    def read(self) -> SourceReading:
        if not self._folder.is_dir():
            raise ServiceUnavailableError(
                f"{self._folder} is not a folder.", remedy="Create it, or mend catalog.folders in the settings."
            )
        tree = FolderTree(self._folder)
        documents = self._remembered.at(None, tree.revision, lambda: self._documents(tree))
        return SourceReading(documents, () if documents else (self._empty(),))

    def _documents(self, tree: FolderTree) -> tuple[DocumentReading, ...]:
        files = frozenset(tree.files())
        return tuple(
            self._reader.read(tree, files, path, file_origin(self._folder / path)) for path in documents_of(tree, files)
        )

    def _empty(self) -> Problem:
        message = "holds neither a service.yaml nor a catalog-info.yaml."
        return Problem(str(self._folder), 0, 0, message, "Add one, or mend catalog.folders in the settings.")
