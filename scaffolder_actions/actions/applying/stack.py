"""What the service has at AWS."""

from __future__ import annotations

from typing import Final

from foundation.jsontypes import JsonObject
from scaffolder_actions.actions.applying.deciding import Decision
from scaffolder_actions.actions.applying.order import Order
from scaffolder_actions.infrastructure.naming import tags_of
from scaffolder_actions.infrastructure.saving import Saved
from scaffolder_actions.infrastructure.states import ResourceState, StackState
from scaffolder_actions.rollouts import Child
from scaffolder_actions.rollouts.children import Status

# What a service that has nothing at AWS has there.
NOTHING: Final[JsonObject] = {"outputs": {}, "children": []}


def save_data(order: Order, decision: Decision) -> list[JsonObject]:
    """Keep what the resources hold that are to go; where each is kept."""
    saved = order.parts.stacks.save(
        order.stack_name, decision.mark, say=order.say, pause=order.context.pause, only=decision.at_stake
    )
    return [saved_as_json(each, order.environment) for each in saved]


def look_at_stack(order: Order) -> JsonObject:
    """The stack as it stands: its outputs, and its resources as children."""
    return _as_json(order.parts.stacks.state(order.stack_name))


def bring_stack(order: Order) -> JsonObject:
    """Make or change the stack; the same as of `look_at_stack` afterwards. Raises what `Stacks.apply` raises."""
    template = order.compiled.stack
    assert template is not None  # noqa: S101  this step is of services that have one
    tags = tags_of(order.compiled.workload)
    state = order.parts.stacks.apply(order.stack_name, template, tags, say=order.say, pause=order.context.pause)
    return _as_json(state)


def remove_stack(order: Order, decision: Decision) -> JsonObject:
    """Take the whole stack away, where the document needs nothing of AWS any more."""
    order.parts.stacks.delete(order.stack_name, decision.mark, say=order.say, pause=order.context.pause)
    return NOTHING


def saved_as_json(saved: Saved, environment: str) -> JsonObject:
    """What was saved, as answers carry it."""
    return {
        "environment": environment,
        "kind": saved.type,
        "name": saved.name,
        "place": saved.place,
        "entries": saved.items,
    }


def _as_json(state: StackState | None) -> JsonObject:
    if state is None:
        return NOTHING
    return {"outputs": dict(state.outputs), "children": [_child(each).as_json() for each in state.resources]}


def _child(resource: ResourceState) -> Child:
    if resource.status.endswith("_COMPLETE"):
        return Child("aws", "", resource.type, resource.name, "Healthy")
    status: Status = "Degraded" if resource.status.endswith("_FAILED") else "Progressing"
    return Child("aws", "", resource.type, resource.name, status, resource.reason or resource.status)
