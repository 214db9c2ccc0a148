"""Brings a service's objects onto a cluster, waits until they work there, and takes them away.

`apply` puts objects there; `kinds` says which a service is made of; `judging` and `reasons` are rules on
what a cluster shows; `watching` waits until all is well; `removing` takes away; `children` is what is told of it.
"""

from __future__ import annotations

from scaffolder_actions.rollouts.apply import Applied, apply, ensure_namespace
from scaffolder_actions.rollouts.children import Child
from scaffolder_actions.rollouts.removing import objects_of, remove
from scaffolder_actions.rollouts.watching import wait_until_well

__all__ = ["Applied", "Child", "apply", "ensure_namespace", "objects_of", "remove", "wait_until_well"]
