"""How a change gets from a commit to production: the pipeline in GitHub Actions."""

from __future__ import annotations

from scaffolder_actions.workload.delivery.comments import with_comments
from scaffolder_actions.workload.delivery.workflows import workflows

__all__ = ["with_comments", "workflows"]
