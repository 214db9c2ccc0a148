"""Where repositories live, behind one interface: bare repositories on this machine, or GitHub.

`model` says what a host and a tree offer; `local` and `github` are the two hosts; `commits` writes a
folder into a repository; `trees` reads one revision of it; `folder` reads a plain folder the same way.
"""

from __future__ import annotations

from foundation.connections.git.folder import FolderTree
from foundation.connections.git.github import GitHub
from foundation.connections.git.local import LocalRepositories
from foundation.connections.git.model import GitHost, Proposal, Published, Repository, Tree
from foundation.settings import GitSettings

__all__ = [
    "FolderTree",
    "GitHost",
    "GitHub",
    "LocalRepositories",
    "Proposal",
    "Published",
    "Repository",
    "Tree",
    "connect_git",
]


def connect_git(settings: GitSettings) -> GitHost:
    """The Git host that the settings name."""
    if settings.host == "github":
        return GitHub(settings)
    return LocalRepositories(settings.directory, settings.url)
