"""The organisation file: Groups, Users, Systems and Domains in Backstage's own form (`org.yaml`)."""

from __future__ import annotations

from pathlib import Path

from catalog_provider.entities.catalog_info import read_entities
from catalog_provider.sources.model import DocumentReading, Remembered, SourceReading
from catalog_provider.sources.origins import file_origin
from foundation.errors import InputError, ServiceUnavailableError


class OrganisationSource:
    """One file, read again when its size or time is another."""

    name = "organisation"
    kind = "organisation"

    def __init__(self, file: Path) -> None:
        self._file = file
        self._remembered: Remembered[None] = Remembered()

    def read(self) -> SourceReading:
        try:
            status = self._file.stat()
            revision = f"{status.st_size}-{status.st_mtime_ns}"
            return SourceReading(self._remembered.at(None, revision, self._document))
        except OSError as error:
            raise ServiceUnavailableError(
                f"{self._file} cannot be read: {error.strerror}.",
                remedy="Create it, or mend catalog.organisation in the settings.",
            ) from error

    def _document(self) -> tuple[DocumentReading, ...]:
        origin = file_origin(self._file)
        try:
            entities = read_entities(self._file.read_bytes(), origin)
        except InputError as error:
            return (DocumentReading(origin, problems=error.problems),)
        return (DocumentReading(origin, tuple(entities)),)
