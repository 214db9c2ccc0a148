"""Reads documents for actions: out of a workspace and no further, or out of a repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from foundation.connections.git import GitHost
from foundation.errors import InputError, NotFoundError
from foundation.jsontypes import JsonObject
from foundation.suggestions import remedy
from scaffolder_actions.errors import ActionInputError

# What a document is called in messages where it came as text, and looked for in a repository; the first that is there.
NAMES: Final = ("service.yaml", "service.yml")

# A relative path within a workspace, as the input of an action.
RELATIVE_PATH: Final[JsonObject] = {"type": "string", "minLength": 1, "maxLength": 1024}


def within(workspace: Path, path: str) -> Path:
    """`path` as a path in the workspace. Raises InputError when it leads outside."""
    if "\0" in path:
        raise InputError("A path has no NUL in it.", remedy="Give a path relative to the workspace.")
    target = (workspace / path).resolve()
    if not target.is_relative_to(workspace.resolve()):
        raise InputError(f'"{path[:120]}" leads outside of the workspace.', remedy="Give a path relative to it.")
    return target


def read_document(workspace: Path, path: str) -> bytes:
    """The content of a file of the workspace. Raises InputError, or NotFoundError where there is none."""
    file = within(workspace, path)
    if not file.is_file():
        found = ", ".join(sorted(each.name for each in workspace.iterdir())[:10]) or "nothing"
        raise NotFoundError(f'There is no file "{path[:120]}" in the workspace.', remedy=f"It holds {found}.")
    return file.read_bytes()


def given_document(given: JsonObject, git: GitHost, to: str) -> str | bytes:
    """The `document` of an action's input, else that of its `repository`; `to` is what it is wanted for, such as plan.

    Raises ActionInputError where neither is given, and what `read_from_repository` raises.
    """
    if "document" in given:
        return str(given["document"])
    if "repository" in given:
        return read_from_repository(git, str(given["repository"]))
    raise ActionInputError(f"There is nothing to {to}.", remedy="Give a document, or a repository that has one.")


def read_from_repository(git: GitHost, name: str) -> bytes:
    """The Service document at the head of the repository's default branch.

    Raises NotFoundError where there is no such repository, or no document in its root.
    """
    repository = git.find(name)
    if repository is None:
        known = [each.name for each in git.repositories()]
        hint = remedy(name, known) if known else "The Git host has none."
        raise NotFoundError(f'There is no repository "{name[:120]}".', remedy=hint)
    revision = git.revision(repository)
    tree = git.tree(repository, revision) if revision else None
    for path in NAMES if tree else ():
        content = tree.read(path) if tree else None
        if content is not None:
            return content
    raise NotFoundError(f"The repository {repository.name} has no {NAMES[0]} in its root.", remedy="Add one.")
