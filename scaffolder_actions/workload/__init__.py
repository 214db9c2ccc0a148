"""A Service document's workload: pure functions from a checked `Service` to Kubernetes objects."""

from __future__ import annotations

from scaffolder_actions.workload.rendering import render_workload, workload_objects

__all__ = ["render_workload", "workload_objects"]
