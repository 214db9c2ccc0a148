"""Brings a service's objects onto a cluster, and waits until they work there.

`apply` puts objects there; `status` and `reasons` are rules on what a cluster shows; `watching` waits.
"""

from __future__ import annotations

from scaffolder_actions.rollouts.apply import Applied, apply, ensure_namespace
from scaffolder_actions.rollouts.watching import wait_for_rollout

__all__ = ["Applied", "apply", "ensure_namespace", "wait_for_rollout"]
