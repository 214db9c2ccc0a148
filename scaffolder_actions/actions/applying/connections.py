"""What pods need to know of what was made for them, from AWS into the secret store.

Values pass through memory alone: what is given, logged and kept are names and versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from foundation.errors import NotAllowedError, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from scaffolder_actions.actions.applying.order import Order
from scaffolder_actions.credentials import MOUNT
from scaffolder_actions.infrastructure.connections import connections_of
from scaffolder_actions.rollouts import Child
from scaffolder_actions.workload.connections import connections_path, secrets_path


def bring_connections(order: Order, outputs: JsonObject) -> JsonObject:
    """Write the connections of what the stack has; the version of all that the service's Secret will hold.

    `version` is None where there is no secret store, and changes only with a value. `children` has the entry.
    """
    entries, workload = order.parts.entries, order.compiled.workload
    if not entries.is_configured or not (order.service.managed or order.service.secrets):
        return {"version": None, "children": []}
    path = connections_path(workload)
    children: list[JsonObject] = []
    version = 0
    if order.service.managed:
        values = connections_of(workload, cast("Mapping[str, str]", outputs), order.parts.stacks.read_secret)
        version = entries.write(path, values)
        order.context.log(f"{MOUNT}/{path} has {', '.join(sorted(values))} (version {version})")
        children.append(Child("vault", "", "Connections", f"{MOUNT}/{path}", "Healthy", f"version {version}").as_json())
    return {"version": f"{version}.{_version_of_secrets(order)}", "children": children}


def remove_connections(order: Order) -> bool:
    """Take the entry away where nothing is left that it leads to; whether there was one."""
    if order.service.managed or not order.parts.entries.is_configured:
        return False
    path = connections_path(order.compiled.workload)
    try:
        removed = order.parts.entries.remove(path)
    except (NotAllowedError, ServiceUnavailableError) as error:
        # The service does not need it; whoever applies next tries again.
        order.context.log(f"What {MOUNT}/{path} may still hold stays there: {error.message}", "warn")
        return False
    if removed:
        order.context.log(f"{MOUNT}/{path} is removed; `vault kv undelete` brings it back")
    return removed


def _version_of_secrets(order: Order) -> int:
    if not order.service.secrets:
        return 0
    try:
        return order.parts.entries.version(secrets_path(order.compiled.workload))
    except NotAllowedError:
        # The platform need not see what is the team's.
        return 0
