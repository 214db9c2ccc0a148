"""Workload → CloudFormation template."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.identity import Workload


def stack_template(workload: Workload) -> JsonObject | None:
    """The template of the workload's stack; None where it needs nothing of AWS."""
    return None
