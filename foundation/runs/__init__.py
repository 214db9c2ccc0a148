"""Durable runs: work that outlives the process which does it.

A *run* is one call of a *body* with a payload. The body is plain Python that wraps each side effect in
`context.step`; a step that has finished is never done again, and after the death of its process a run goes
on at the step that was interrupted. DBOS executes; what callers see of a run (its state, its log, its
outputs) is kept in two tables beside DBOS's own, in the same database.
"""

from __future__ import annotations

from foundation.runs.engine import RunEngine
from foundation.runs.errors import RunCancelledError, RunInterrupted
from foundation.runs.model import Run, RunBody, RunContext, RunEvent, RunFailure, RunStatus

__all__ = [
    "Run",
    "RunBody",
    "RunCancelledError",
    "RunContext",
    "RunEngine",
    "RunEvent",
    "RunFailure",
    "RunInterrupted",
    "RunStatus",
]
