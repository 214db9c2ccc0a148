"""Applying a service to an environment: its steps, of which each can be done again without harm.

`deciding` looks at what would change, and refuses; `order` is what is asked for; `stack`, `connections` and `cluster`
bring it about; `running` puts them in their order.

What a step gives is kept in the state database: so none gives a secret, and what later steps decide by is given by an
earlier one.
"""

from __future__ import annotations

from scaffolder_actions.actions.applying.running import apply_to_environment, plan_environment

__all__ = ["apply_to_environment", "plan_environment"]
