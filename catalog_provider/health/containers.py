"""The containers of a pod, as they are shown."""

from __future__ import annotations

from catalog_provider.health.model import ContainerHealth
from foundation.json_fields import mapping_at, mappings_at, number_at, text_at
from foundation.jsontypes import JsonObject


def containers_of(pod: JsonObject) -> tuple[ContainerHealth, ...]:
    """The containers of `pod` as they are shown, init containers first."""
    return tuple(
        _shown(status)
        for field in ("initContainerStatuses", "containerStatuses")
        for status in mappings_at(pod, "status", field)
    )


def _shown(status: JsonObject) -> ContainerHealth:
    states = mapping_at(status, "state")
    state = next((name for name in ("running", "waiting", "terminated") if name in states), "unknown")
    return ContainerHealth(
        name=text_at(status, "name"),
        ready=status.get("ready") is True,
        restarts=number_at(status, "restartCount"),
        state=state,
        reason=text_at(states, state, "reason") or None,
    )
