"""One document of a repository or folder → its entities, or every error in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from posixpath import basename, join

from catalog_provider.entities.catalog_info import read_entities
from catalog_provider.entities.origin import Origin, Surroundings
from catalog_provider.entities.service import service_entities
from catalog_provider.errors import EntityDocumentError
from catalog_provider.sources.model import DocumentReading
from foundation.connections.git import Tree
from foundation.errors import GreenroomError, Problem
from foundation.service import DEFAULT_API, Service, load_service
from foundation.service.generated import is_generated
from foundation.settings import LinkTemplate, PlatformSettings
from foundation.yaml import YamlError, load_yaml

# The first of each that is there is read.
DOCUMENTS = (("service.yaml", "service.yml"), ("catalog-info.yaml", "catalog-info.yml"))
# Bytes. The catalog stores the text in a row of its database and sends it whole to each reader of the page;
# the longest public OpenAPI descriptions that people browse are about this long.
LARGEST_API = 1024 * 1024
# Bytes of a file that tell whether it was generated.
_FIRST_LINE = 100


class DocumentReader:
    """Reads documents as the platform's settings say."""

    def __init__(self, platform: PlatformSettings, *, namespace: str, links: Sequence[LinkTemplate]) -> None:
        self._platform = platform
        self._namespace = namespace
        self._links = tuple(links)

    def read(self, tree: Tree, files: Collection[str], path: str, origin: Origin) -> DocumentReading:
        """The document at `path`, which is one of `files`.

        What is wrong with the document is in the reading; an error of the Git host is raised.
        """
        try:
            content = tree.read(path)
            if content is None:
                raise EntityDocumentError(f"{origin.file} is not a file.", remedy="Put the document there.")
            if basename(path).startswith("catalog-info."):
                return DocumentReading(origin, tuple(read_entities(content, origin)))
            return self._service(tree, files, path, content, origin)
        except GreenroomError as error:
            if error.status >= 500:  # noqa: PLR2004 not the document is wrong, but its host
                raise
            return DocumentReading(origin, problems=_problems(error, origin))

    def _service(
        self, tree: Tree, files: Collection[str], path: str, content: bytes, origin: Origin
    ) -> DocumentReading:
        service = load_service(content, origin.file, self._platform)
        around = Surroundings(files, tree.read, path)
        api = _api(service, around, content, origin)
        made = service_entities(
            service, origin, around, api, self._platform, namespace=self._namespace, links=self._links
        )
        return DocumentReading(origin, made.declared, made.implied)


def documents_of(tree: Tree, files: Collection[str], folder: str = "") -> list[str]:
    """The paths of the documents that stand in a folder."""
    found: list[str] = []
    for alternatives in DOCUMENTS:
        paths = (join(folder, name) for name in alternatives)
        path = next((each for each in paths if each in files), None)
        if path and not _is_of_kubernetes(tree, path) and not (found and _is_generated(tree, path)):
            found.append(path)
    return found


def _is_generated(tree: Tree, path: str) -> bool:
    """Whether a `catalog-info.yaml` was made from the service document beside it, and says nothing else."""
    try:
        return is_generated((tree.read(path) or b"")[:_FIRST_LINE].decode(errors="replace"))
    except GreenroomError as error:
        if error.status >= 500:  # noqa: PLR2004 the host's trouble, not the file's
            raise
        return False


def _is_of_kubernetes(tree: Tree, path: str) -> bool:
    """Whether a `service.yaml` is a manifest of Kubernetes' own Service, which many repositories have."""
    if not basename(path).startswith("service."):
        return False
    try:
        value = load_yaml(tree.read(path) or b"", path).value
    except YamlError:
        return False
    except GreenroomError as error:
        if error.status >= 500:  # noqa: PLR2004 the host's trouble, not the file's
            raise
        return False
    return isinstance(value, Mapping) and value.get("apiVersion") == "v1"


def _api(service: Service, around: Surroundings, content: bytes, origin: Origin) -> str | None:
    """The text of the service's OpenAPI document; None where it names none and there is none."""
    path = service.api or DEFAULT_API
    definition = around.read(path)
    if definition is None:
        if service.api is None:
            return None
        raise _wrong_api(content, origin, f"there is no file {path}.", "Add it, or remove the field.")
    if not definition.strip():
        raise _wrong_api(content, origin, f"{path} is empty.", "Describe the API in it, or remove it.")
    if len(definition) > LARGEST_API:
        raise _wrong_api(content, origin, f"{path} is larger than 1 MiB.", "Split the API.")
    try:
        return definition.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong_api(content, origin, f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error


def _wrong_api(content: bytes, origin: Origin, message: str, remedy: str) -> EntityDocumentError:
    problem = load_yaml(content, origin.file).problem(("spec", "api"), f"api: {message}", remedy)
    return EntityDocumentError(f"The API of {origin.file} cannot be read.", problems=[problem])


def _problems(error: GreenroomError, origin: Origin) -> tuple[Problem, ...]:
    return error.problems or (Problem(origin.file, 0, 0, error.message, error.remedy or ""),)
