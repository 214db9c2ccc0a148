"""Documents as sources read them, and a Git host that a test breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from catalog_provider.entities.origin import Origin
from catalog_provider.sources.documents import DocumentReader
from catalog_provider.sources.model import DocumentReading, SourceReading
from foundation.connections.git import Proposal, Published, Repository, Tree
from foundation.errors import Problem, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.settings import PlatformSettings

SERVICE = "apiVersion: platform.company.com/v1\nkind: Service\nmetadata: { name: order-api, team: commerce }\n"


def component(name: str, owner: str = "commerce") -> JsonObject:
    """A Component."""
    return {"apiVersion": "v1", "kind": "Component", "metadata": {"name": name}, "spec": {"owner": owner}}


def system(name: str, owner: str = "commerce") -> JsonObject:
    """A System."""
    return {"apiVersion": "v1", "kind": "System", "metadata": {"name": name}, "spec": {"owner": owner}}


def document(file: str, *declared: JsonObject, implied: Sequence[JsonObject] = ()) -> DocumentReading:
    """A document that can be used."""
    return DocumentReading(Origin(file, f"url:{file}", "url:folder/"), declared, tuple(implied))


def wrong(file: str) -> DocumentReading:
    """A document that cannot."""
    return DocumentReading(Origin(file, f"url:{file}", "url:folder/"), problems=(Problem(file, 3, 1, "is wrong."),))


def reading(*documents: DocumentReading) -> SourceReading:
    """What a source gives."""
    return SourceReading(documents)


def reader() -> DocumentReader:
    """A reader with the platform's defaults."""
    return DocumentReader(PlatformSettings(), namespace="default", links=())


class BreakableGit:
    """Repositories in memory; those named in `broken` do not answer, and with `down` none does."""

    def __init__(self) -> None:
        self.contents: dict[str, dict[str, str]] = {}
        self.revisions: dict[str, str | None] = {}
        self.broken: set[str] = set()
        self.down = False
        self.trees_read = 0

    def put(self, name: str, revision: str | None, **files: str) -> None:
        """Make these the files of the newest commit; `service_yaml` is service.yaml."""
        self.contents[name] = {path.replace("_", "."): text for path, text in files.items()}
        self.revisions[name] = revision

    def repositories(self) -> Sequence[Repository]:
        if self.down:
            raise ServiceUnavailableError("The Git host does not answer.")
        return [self._repository(name) for name in sorted(self.contents)]

    def find(self, url_or_name: str) -> Repository | None:
        return self._repository(url_or_name) if url_or_name in self.contents else None

    def revision(self, repository: Repository) -> str | None:
        if repository.name in self.broken:
            raise ServiceUnavailableError(f"{repository.name} does not answer.")
        return self.revisions[repository.name]

    def tree(self, repository: Repository, revision: str) -> Tree:
        self.trees_read += 1
        return _Tree(revision, self.contents[repository.name])

    def publish(self, name: str, folder: Path, *, description: str, message: str, author: str) -> Published:
        raise NotImplementedError

    def propose(
        self,
        repository: Repository,
        files: Mapping[str, bytes | None],
        *,
        branch: str,
        title: str,
        body: str,
        author: str,
    ) -> Proposal:
        raise NotImplementedError

    def _repository(self, name: str) -> Repository:
        return Repository(name, f"https://git.example/{name}.git", f"https://git.example/{name}")


class _Tree:
    def __init__(self, revision: str, contents: dict[str, str]) -> None:
        self._revision = revision
        self._contents = contents

    @property
    def revision(self) -> str:
        return self._revision

    def files(self, prefix: str = "") -> Sequence[str]:
        return sorted(path for path in self._contents if path.startswith(prefix))

    def read(self, path: str) -> bytes | None:
        return self._contents[path].encode() if path in self._contents else None

    def export(self, folder: Path, prefix: str = "") -> None:
        raise NotImplementedError
