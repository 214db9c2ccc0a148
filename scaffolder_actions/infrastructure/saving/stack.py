"""Saving all that a stack holds, or some of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from scaffolder_actions.infrastructure.retained import retained_buckets
from scaffolder_actions.infrastructure.saving.messages import save_queue
from scaffolder_actions.infrastructure.saving.model import Saved, Saving
from scaffolder_actions.infrastructure.saving.objects import save_bucket
from scaffolder_actions.infrastructure.saving.snapshots import save_cache, save_database
from scaffolder_actions.infrastructure.states import ResourceState, StackState

_SAVE: Mapping[str, Callable[[Saving, ResourceState], Saved | None]] = {
    "AWS::RDS::DBInstance": save_database,
    "AWS::ElastiCache::ReplicationGroup": save_cache,
    "AWS::S3::Bucket": save_bucket,
    "AWS::SQS::Queue": save_queue,
}


def save_stack(saving: Saving, stack: StackState, only: Collection[str] | None = None) -> Sequence[Saved]:
    """What the resources of the stack hold, or those called `only`; with all of them also what older stacks left."""
    wanted = [each for each in stack.resources if each.type in _SAVE and each.id]
    if only is not None:
        wanted = [each for each in wanted if each.name in only]
    else:
        wanted += retained_buckets(saving.clients, stack)
    found: list[Saved] = []
    for each in wanted:
        saving.say(f"{each.name} ({each.type}) is being saved")
        if saved := _SAVE[each.type](saving, each):
            saving.say(f"Saved {saved}")
            found.append(saved)
    return found
