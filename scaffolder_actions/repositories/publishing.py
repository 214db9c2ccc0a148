"""A folder becomes a repository of a team."""

from __future__ import annotations

from pathlib import Path

from foundation.backstage.entities import EntityRef
from foundation.connections.git import GitHost, Published


def repository_name(owner: str, name: str) -> str:
    """`owner/name` of the repository; the owner is a team's name or its entity reference, `group:default/commerce`.

    Raises InputError for an owner that is neither.
    """
    return f"{EntityRef.parse(owner, default_kind='group').name}/{name}"


def publish_folder(
    git: GitHost, folder: Path, *, owner: str, name: str, description: str, requested_by: str
) -> Published:
    """Make the repository with the folder as its first commit. To repeat it changes nothing.

    Raises ConflictError when the repository holds something else, ServiceUnavailableError when the host is away.
    """
    message = f"Add {name}\n\nPublished by Greenroom for {requested_by}."
    return git.publish(
        repository_name(owner, name), folder, description=description, message=message, author=requested_by
    )
