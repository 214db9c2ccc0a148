"""Bare repositories in a folder of this machine, `<owner>/<name>.git`."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from foundation.connections.git.commits import commit_files, commit_folder, create
from foundation.connections.git.model import Proposal, Published, Repository, check_address, check_name, empty
from foundation.connections.git.trees import CommitTree


class LocalRepositories:
    """The repositories below `directory`, which are served for cloning at `url`."""

    def __init__(self, directory: Path, url: str) -> None:
        self.directory = directory
        self.url = url.rstrip("/")
        # Two publications of one name must not interleave; they are rare and short.
        self._publishing = threading.Lock()

    def repositories(self) -> Sequence[Repository]:
        folders = sorted(self.directory.glob("*/*.git")) if self.directory.is_dir() else []
        return [self._repository(f"{path.parent.name}/{path.name.removesuffix('.git')}") for path in folders]

    def find(self, url_or_name: str) -> Repository | None:
        check_address(url_or_name)
        name = url_or_name.removeprefix(f"{self.url}/").rstrip("/").removesuffix(".git")
        if "://" in name:
            return None
        check_name(name)
        return self._repository(name) if self._folder(name).is_dir() else None

    def revision(self, repository: Repository) -> str | None:
        """Read from the files that Git keeps, since a process for each look at each repository costs too much."""
        folder, reference = self._folder(repository.name), f"refs/heads/{repository.default_branch}"
        try:
            return (folder / reference).read_text(encoding="ascii").strip() or None
        except (OSError, ValueError):
            return _packed(folder, reference)

    def tree(self, repository: Repository, revision: str) -> CommitTree:
        return CommitTree(self._folder(repository.name), revision)

    def publish(self, name: str, folder: Path, *, description: str, message: str, author: str) -> Published:
        check_name(name)
        directory, repository = self._folder(name), self._repository(name)
        with self._publishing:
            directory.parent.mkdir(parents=True, exist_ok=True)
            if not directory.exists():
                create(directory, description)
            commit, created = commit_folder(
                directory, folder, branch="main", head=self.revision(repository), message=message, author=author
            )
        return Published(repository, commit, created)

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
        base = self.revision(repository)
        if base is None:
            raise empty(repository)
        with self._publishing:
            commit = commit_files(
                self._folder(repository.name),
                files,
                branch=branch,
                base=base,
                message=f"{title}\n\n{body}",
                author=author,
            )
        return Proposal(repository, branch, commit, repository.web_url)

    def _folder(self, name: str) -> Path:
        return self.directory / f"{name}.git"

    def _repository(self, name: str) -> Repository:
        return Repository(name, clone_url=f"{self.url}/{name}.git", web_url=f"{self.url}/{name}")


def _packed(folder: Path, reference: str) -> str | None:
    try:
        lines = (folder / "packed-refs").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.split(" ")[0] for line in lines if line.endswith(f" {reference}")), None)
