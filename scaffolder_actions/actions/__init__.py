"""What the platform can do, each action declared once: its words, its schemas, its plan and its run.

`catalogue` names them all. Short ones are offered over Backstage's actions registry, the others as durable runs.
"""

from __future__ import annotations

from scaffolder_actions.actions.model import Action, ActionContext, Example

__all__ = ["Action", "ActionContext", "Example"]
