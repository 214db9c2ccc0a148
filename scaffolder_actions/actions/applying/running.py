"""The order of the steps: look, save, what pods live on, pods, wait, and only then take away what is not needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from foundation.errors import GreenroomError
from foundation.jsontypes import JsonObject
from scaffolder_actions.actions.applying.cluster import Cluster
from scaffolder_actions.actions.applying.connections import bring_connections, remove_connections
from scaffolder_actions.actions.applying.deciding import Decision, as_done, changes_of, decide
from scaffolder_actions.actions.applying.order import Order
from scaffolder_actions.actions.applying.stack import NOTHING, bring_stack, look_at_stack, remove_stack, save_data
from scaffolder_actions.actions.confirming import require_confirmed, require_possible
from scaffolder_actions.errors import NotConfirmedError
from scaffolder_actions.rollouts import wait_until_well
from scaffolder_actions.rollouts.children import table
from scaffolder_actions.rollouts.watching import Watched


def plan_environment(order: Order) -> JsonObject:
    """What applying would do, told and given. Raises what would end it at once, but for a missing confirmation."""
    service, environment = order.service, order.environment
    changes = changes_of(order)
    require_possible(service.name, environment, changes)
    for each in changes:
        done = as_done(each)
        would = "" if each.verb == "keep" else "would be "
        order.context.log(f"{each.place}: {each.kind} {each.name} {would}{done['change']}")
    try:
        require_confirmed(service.name, environment, changes, order.confirm)
    except NotConfirmedError as error:
        order.context.log(str(error), "warn")
    return _output(order, "Planned", [as_done(each) for each in changes], [], [])


def apply_to_environment(order: Order) -> JsonObject:
    """Bring the service into the environment until all of it is well.

    Raises RolloutError with the reason of the first part that is not, StackError, NotConfirmedError, and what
    `decide` raises.
    """
    context = order.context
    decision = Decision(**cast("Mapping[str, Any]", context.step("plan", lambda: decide(order))))
    has_stack, last = order.compiled.stack is not None, decision.only_takes_away
    # What only goes is still used by the pods of the version before: it goes when they have gone.
    saved = context.step("save data", lambda: save_data(order, decision)) if decision.at_stake and not last else []
    if has_stack:
        stack = context.step("stack", lambda: look_at_stack(order) if last else bring_stack(order))
    else:
        stack = NOTHING
    secrets = context.step("connections", lambda: bring_connections(order, cast("JsonObject", stack["outputs"])))
    version = None if secrets["version"] is None else str(secrets["version"])
    clusters = [Cluster(order, api, decision, version) for api in order.apis]
    done = [change for cluster in clusters for change in cluster.bring()]
    in_clusters = context.step("wait until it is well", lambda: _wait(order, clusters, [stack, secrets]))
    done += [change for cluster in clusters for change in cluster.prune()]
    if last:
        saved = context.step("save data", lambda: save_data(order, decision))
        what = partial(bring_stack, order) if has_stack else partial(remove_stack, order, decision)
        stack = context.step("take away at AWS", what)
    context.step("remove connections", lambda: remove_connections(order))
    children = [*_children(stack), *_children(secrets), *in_clusters]
    for line in table(children):
        context.log(line)
    context.log("Healthy")
    return _output(order, "Healthy", done, children, saved)


def _wait(order: Order, clusters: Sequence[Cluster], elsewhere: Sequence[JsonObject]) -> list[JsonObject]:
    """Everything in the clusters once all of it is well. Where it does not get so, each part is told of."""
    watched = [Watched(cluster.api, item) for cluster in clusters for item in cluster.objects]
    skipped = [each.as_json() for cluster in clusters for each in cluster.left_out()]
    try:
        wait_until_well(watched, deadline=order.deadline, waiting=order.waiting)
    except GreenroomError:
        children = [each for found in elsewhere for each in _children(found)]
        for line in table([*children, *(each.as_child().as_json() for each in watched), *skipped]):
            order.context.log(line, "warn")
        raise
    return [*(each.as_child().as_json() for each in watched), *skipped]


def _children(found: JsonObject) -> Sequence[JsonObject]:
    return cast("Sequence[JsonObject]", found["children"])


def _output(
    order: Order,
    status: str,
    done: Sequence[JsonObject],
    children: Sequence[JsonObject],
    saved: Sequence[JsonObject],
) -> JsonObject:
    return {
        "namespace": order.compiled.workload.namespace,
        "version": order.compiled.workload.image_version.lstrip(":@"),
        "status": status,
        "objects": list(done),
        "children": list(children),
        "saved": list(saved),
    }
