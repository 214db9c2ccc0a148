"""A Service document's workload: pure functions from a checked `Service` to all that is made of it."""

from __future__ import annotations

from scaffolder_actions.workload.compiling import Compiled, check_service, compile_environment
from scaffolder_actions.workload.identity import Workload, workload_of
from scaffolder_actions.workload.rendering import RenderedFile, render_environment, render_service

__all__ = [
    "Compiled",
    "RenderedFile",
    "Workload",
    "check_service",
    "compile_environment",
    "render_environment",
    "render_service",
    "workload_of",
]
