"""When each alert fires, what it then says, and when it must not: one table, which no alert can stay out of."""

from __future__ import annotations

from tests.scaffolder_actions.observability.cases.certificates import CERTIFICATES
from tests.scaffolder_actions.observability.cases.dependencies import CACHES, DATABASES, QUEUES
from tests.scaffolder_actions.observability.cases.jobs import JOBS
from tests.scaffolder_actions.observability.cases.model import Case, Series
from tests.scaffolder_actions.observability.cases.objectives import OBJECTIVES
from tests.scaffolder_actions.observability.cases.pods import PODS, SATURATION

__all__ = ["CASES", "Case", "Series"]

CASES: tuple[Case, ...] = (
    *OBJECTIVES,
    *PODS,
    *SATURATION,
    *JOBS,
    *CERTIFICATES,
    *DATABASES,
    *CACHES,
    *QUEUES,
)
