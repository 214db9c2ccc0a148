"""What a service's repository holds beside its code: the catalog's file and the first pages of documentation."""

from __future__ import annotations

from scaffolder_actions.workload.repository.catalog import catalog_info
from scaffolder_actions.workload.repository.pages import documentation
from scaffolder_actions.workload.repository.releases import RELEASES, release_copy

__all__ = ["RELEASES", "catalog_info", "documentation", "release_copy"]
