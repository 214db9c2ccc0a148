"""What a service's repository holds beside its code: the catalog's file and the first pages of documentation."""

from __future__ import annotations

from scaffolder_actions.workload.repository.catalog import catalog_info
from scaffolder_actions.workload.repository.pages import documentation

__all__ = ["catalog_info", "documentation"]
