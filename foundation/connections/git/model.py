"""What a Git host and one revision of a repository offer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from foundation.errors import ConflictError, InputError, PayloadTooLargeError

# A file that the platform reads out of a repository is text that people write; larger ones are assets.
LARGEST_FILE = 5 * 1024 * 1024
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Repository:
    """A repository, `name` being `owner/name`."""

    name: str
    clone_url: str
    web_url: str
    default_branch: str = "main"


@dataclass(frozen=True)
class Published:
    """Where a folder ended up. `created` is false when the same content stood there already."""

    repository: Repository
    commit: str
    created: bool


@dataclass(frozen=True)
class Proposal:
    """A change that waits for the repository's owners, on a branch of its own.

    `url` is where they look at it: the pull request, or the branch's page where the host has no pull requests.
    """

    repository: Repository
    branch: str
    commit: str
    url: str


class Tree(Protocol):
    """The files of one revision. Paths are relative, with `/` between the parts."""

    @property
    def revision(self) -> str:
        """What tells this state of the files from every other."""

    def files(self, prefix: str = "") -> Sequence[str]:
        """The paths of all files below the folder `prefix`, sorted."""

    def read(self, path: str) -> bytes | None:
        """A file's content, None where there is none; PayloadTooLargeError over 5 MiB."""

    def export(self, folder: Path, prefix: str = "") -> None:
        """Write the files below `prefix` into the existing `folder`."""


class GitHost(Protocol):
    """Repositories, read by revision and written as a whole.

    Every method raises ServiceUnavailableError, with the host's name and the reason, when the host
    does not answer.
    """

    def repositories(self) -> Sequence[Repository]:
        """All repositories, sorted by name."""

    def find(self, url_or_name: str) -> Repository | None:
        """The repository with this clone address, page or name; None when this host has no such.

        InputError, which does not quote it, for an address with credentials in it.
        """

    def revision(self, repository: Repository) -> str | None:
        """The newest commit of the default branch; None while there is none."""

    def tree(self, repository: Repository, revision: str) -> Tree:
        """The files of a commit."""

    def publish(self, name: str, folder: Path, *, description: str, message: str, author: str) -> Published:
        """Make the repository `name` with the content of `folder` as its first commit.

        Repeating it changes nothing. ConflictError when the repository holds something else.
        """

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
        """Propose new contents of files (None removes one) to the default branch, on `branch`.

        Repeating it changes nothing; other contents replace what the branch proposed before. ConflictError where the
        repository is empty.
        """


def check_name(name: str) -> tuple[str, str]:
    """Owner and name of a repository; InputError when Git hosts would refuse them."""
    parts = name.split("/")
    if len(parts) == 2 and all(_PART.fullmatch(part) and not part.endswith(".git") for part in parts):  # noqa: PLR2004 owner and name
        return parts[0], parts[1]
    raise InputError(f'"{name[:120]}" is not a repository.', remedy='Name it "owner/name".')


def check_address(address: str) -> None:
    """InputError for an address that carries credentials, which is quoted nowhere: it would be kept and logged."""
    if "://" in address and "@" in address.partition("://")[2].partition("/")[0]:
        raise InputError(
            "The address of the repository holds a name or a password.",
            remedy="Leave out what stands before the @: the platform has credentials of its own. Change the password.",
        )


def empty(repository: Repository) -> ConflictError:
    """The error for a change to a repository that has no commit yet."""
    return ConflictError(f"The repository {repository.name} is empty.", remedy="Push a first commit.")


def check_size(path: str, size: int) -> None:
    """PayloadTooLargeError when a file is too large to be read as a document."""
    if size > LARGEST_FILE:
        raise PayloadTooLargeError(f"{path} has {size:,} bytes; the platform reads files up to 5 MiB.")
