"""From a repository or a folder to what a site is made of.

`entities` says whom a repository documents, `project` what it has to show, `staging` copies it to
where it is built.
"""

from __future__ import annotations

from techdocs.sources.entities import DocumentedEntity, documented_entities, has_pages_among
from techdocs.sources.project import Project, find_project, project_of
from techdocs.sources.staging import Bounds, Staging

__all__ = [
    "Bounds",
    "DocumentedEntity",
    "Project",
    "Staging",
    "documented_entities",
    "find_project",
    "has_pages_among",
    "project_of",
]
