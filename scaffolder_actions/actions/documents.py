"""Reads a workspace's files for actions, no further than the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from foundation.errors import InputError, NotFoundError
from foundation.jsontypes import JsonObject

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
