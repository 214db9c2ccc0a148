"""Documentation beside the service that it describes: builds TechDocs sites and publishes them.

A Backstage backend plugin, id `docs`. MkDocs is never imported here: it runs in a process of its own.
"""

from __future__ import annotations

from techdocs.building import BuildResult, build_site
from techdocs.publishing import make_metadata, open_storage, publish_site

__all__ = ["BuildResult", "build_site", "make_metadata", "open_storage", "publish_site"]
