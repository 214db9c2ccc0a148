"""Writes a folder into a bare repository as its first commit, with Git's plumbing and no checkout."""

from __future__ import annotations

import tempfile
from pathlib import Path

from foundation.connections.git.command import git
from foundation.errors import ConflictError, InputError

EMPTY = "0" * 40


def create(directory: Path, description: str) -> None:
    """Make the bare repository; nothing happens when it stands already."""
    git(["init", "--quiet", "--bare", "--initial-branch=main", str(directory)])
    (directory / "description").write_text(description.strip() + "\n", encoding="utf-8")


def commit_folder(
    directory: Path, folder: Path, *, branch: str, head: str | None, message: str, author: str
) -> tuple[str, bool]:
    """The commit that holds `folder`, and whether it had to be made.

    Raises ConflictError when `head` holds other content, or moved meanwhile.
    """
    tree = _write_tree(directory, folder)
    if head is not None:
        standing = git(["rev-parse", f"{head}^{{tree}}"], repository=directory).decode().strip()
        if standing != tree:
            raise ConflictError(
                f"The repository {_name(directory)} exists and holds something else.", remedy="Choose another name."
            )
        return head, False
    commit = git(["commit-tree", tree, "-m", message], repository=directory, environment=_identity(author))
    revision = commit.decode().strip()
    # The old value makes this fail instead of overwriting what somebody pushed in between.
    git(["update-ref", f"refs/heads/{branch}", revision, EMPTY], repository=directory)
    return revision, True


def _write_tree(directory: Path, folder: Path) -> str:
    with tempfile.TemporaryDirectory(prefix="greenroom-index-") as scratch:
        environment = {"GIT_INDEX_FILE": f"{scratch}/index"}
        git(["--work-tree", str(folder), "add", "--all", "--force", "."], repository=directory, environment=environment)
        tree = git(["write-tree"], repository=directory, environment=environment).decode().strip()
    if not git(["ls-tree", tree], repository=directory):
        raise InputError("There is nothing to publish: the folder is empty.")
    return tree


def _identity(author: str) -> dict[str, str]:
    # `user:default/ada` and `CI <ci@example.org>` are both names of authors; Git wants two parts of each.
    name, _, address = author.partition("<")
    name = name.strip() or "Greenroom"
    email = address.rstrip("> ") or f"{name.rpartition('/')[2] or 'greenroom'}@users.noreply.greenroom"
    return {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_COMMITTER_NAME": "Greenroom",
        "GIT_COMMITTER_EMAIL": "greenroom@users.noreply.greenroom",
    }


def _name(directory: Path) -> str:
    return f"{directory.parent.name}/{directory.name.removesuffix('.git')}"
