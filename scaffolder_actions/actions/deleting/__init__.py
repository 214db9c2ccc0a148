"""Deleting a service: what it has is looked for by its name, saved where it holds data, and taken away.

`finding` looks; `order` is what is asked for; `running` has the steps, each of which can be done again without harm. No
document is needed: it may be gone, or say something else than what stands.
"""

from __future__ import annotations

from scaffolder_actions.actions.deleting.running import delete_service, plan_deletion

__all__ = ["delete_service", "plan_deletion"]
