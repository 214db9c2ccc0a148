"""Conditions of a status, whose time says since when they have been as they are."""

from __future__ import annotations

from collections.abc import Iterable

from greenroom.local.cluster.objects import Manifest


def condition(
    before: Iterable[Manifest],
    kind: str,
    reason: str,
    message: str,
    time: str,
    *,
    on: bool = True,
    generation: int | None = None,
) -> Manifest:
    """The condition `kind`, since `time` or as long as it has had that status in `before`.

    `generation`: of the object that was looked at, for kinds whose conditions name it.
    """
    status = "True" if on else "False"
    same = next((each for each in before if each.get("type") == kind and each.get("status") == status), None)
    observed = {} if generation is None else {"observedGeneration": generation}
    since = same.get("lastTransitionTime", time) if same else time
    return {
        "type": kind,
        "status": status,
        **observed,
        "lastTransitionTime": since,
        "reason": reason,
        "message": message,
    }


def conditions_of(manifest: Manifest) -> list[Manifest]:
    """The conditions in an object's status."""
    found: list[Manifest] = manifest.get("status", {}).get("conditions") or []
    return found
