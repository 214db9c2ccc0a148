"""How a document in a repository or on disk is named and linked to."""

from __future__ import annotations

from pathlib import Path
from posixpath import dirname
from typing import Literal

from catalog_provider.entities.origin import Origin
from foundation.connections.git import Repository


def repository_origin(repository: Repository, path: str, host: Literal["local", "github"]) -> Origin:
    """The origin of `path` in a repository; pages have the addresses of that kind of host."""
    web, branch = repository.web_url.rstrip("/"), repository.default_branch
    folder = f"{dirname(path)}/" if dirname(path) else ""
    view = f"{web}/blob/{path}" if host == "local" else f"{web}/blob/{branch}/{path}"
    return Origin(
        file=f"{repository.name}/{path}",
        location=f"url:{view}",
        source=f"url:{web}/{folder}" if host == "local" else f"url:{web}/tree/{branch}/{folder}",
        view_url=view,
        edit_url=None if host == "local" else f"{web}/edit/{branch}/{path}",
        repository_url=web,
    )


def file_origin(file: Path) -> Origin:
    """The origin of a file on this machine's disk; it has no page."""
    return Origin(
        file=f"{file.parent.name}/{file.name}",
        location=f"file:{file}",
        source=f"file:{file.parent}/",
    )
