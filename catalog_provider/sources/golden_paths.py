"""The golden paths in a folder, each as a Template."""

from __future__ import annotations

from pathlib import Path

from catalog_provider.entities.template import golden_path_template
from catalog_provider.sources.model import DocumentReading, Remembered, SourceReading
from catalog_provider.sources.origins import file_origin
from foundation.connections.git import FolderTree
from foundation.errors import InputError, ServiceUnavailableError
from foundation.golden_path import golden_path_folders, load_golden_path
from foundation.golden_path.reading import DESCRIPTION


class GoldenPathsSource:
    """Every folder below `folder` that holds a `golden-path.yaml`."""

    name = "golden paths"
    kind = "golden-paths"

    def __init__(self, folder: Path, *, namespace: str) -> None:
        self._folder = folder
        self._namespace = namespace
        self._remembered: Remembered[Path] = Remembered()

    def read(self) -> SourceReading:
        if not self._folder.is_dir():
            raise ServiceUnavailableError(
                f"{self._folder} is not a folder.", remedy="Create it, or mend catalog.golden_paths in the settings."
            )
        folders = golden_path_folders(self._folder)
        documents = [each for folder in folders for each in self._look_into(folder)]
        self._remembered.keep_only(set(folders))
        return SourceReading(tuple(documents))

    def _look_into(self, folder: Path) -> tuple[DocumentReading, ...]:
        return self._remembered.at(folder, FolderTree(folder).revision, lambda: (self._template(folder),))

    def _template(self, folder: Path) -> DocumentReading:
        origin = file_origin(folder / DESCRIPTION)
        try:
            golden_path = load_golden_path(folder)
        except InputError as error:
            return DocumentReading(origin, problems=error.problems)
        return DocumentReading(origin, (golden_path_template(golden_path, origin, namespace=self._namespace),))
