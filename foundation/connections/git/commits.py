"""Writes commits into a bare repository, with Git's plumbing and no checkout."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from foundation.connections.git.command import GitCommandError, git
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


def commit_files(
    directory: Path, files: Mapping[str, bytes | None], *, branch: str, base: str, message: str, author: str
) -> str:
    """The commit on `branch` that puts `files` on top of the commit `base`; None removes one.

    The same commit again when the branch holds it already. What the branch held otherwise is replaced.
    """
    tree = _changed_tree(directory, files, base)
    standing = _commit_with(directory, branch, tree, base)
    if standing:
        return standing
    made = git(["commit-tree", tree, "-p", base, "-m", message], repository=directory, environment=_identity(author))
    commit = made.decode().strip()
    git(["update-ref", f"refs/heads/{branch}", commit], repository=directory)
    return commit


def _changed_tree(directory: Path, files: Mapping[str, bytes | None], base: str) -> str:
    with tempfile.TemporaryDirectory(prefix="greenroom-index-") as scratch:
        environment = {"GIT_INDEX_FILE": f"{scratch}/index"}
        git(["read-tree", base], repository=directory, environment=environment)
        for path, content in files.items():
            if content is None:
                remove = ["--work-tree", scratch, "update-index", "--force-remove", "--", path]
                git(remove, repository=directory, environment=environment)
                continue
            blob = Path(scratch) / "blob"
            blob.write_bytes(content)
            name = git(["hash-object", "-w", "--no-filters", "--", str(blob)], repository=directory).decode().strip()
            entry = f"100644,{name},{path}"
            git(["update-index", "--add", "--cacheinfo", entry], repository=directory, environment=environment)
        return git(["write-tree"], repository=directory, environment=environment).decode().strip()


def _commit_with(directory: Path, branch: str, tree: str, base: str) -> str | None:
    """The head of `branch`, when it is just this tree on top of `base`."""
    try:
        said = git(["show", "-s", "--format=%H %T %P", f"refs/heads/{branch}"], repository=directory)
    except GitCommandError:
        return None
    commit, *rest = said.decode().split()
    return commit if rest == [tree, base] else None


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
