"""Builds a site: `assembly` puts its pages together, `process` runs MkDocs in `worker`, `site` does both."""

from __future__ import annotations

from techdocs.building.process import Limits
from techdocs.building.site import BuildResult, build_project, build_site

__all__ = ["BuildResult", "Limits", "build_project", "build_site"]
