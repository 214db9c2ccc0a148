"""PersistentVolumeClaims: bound at once, to nothing that could hold data."""

from __future__ import annotations

from collections.abc import Iterable

from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import evolve, uid_of
from greenroom.local.cluster.resources import CLAIMS
from greenroom.local.cluster.storage import Change


class VolumeController:
    """Binds every claim."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        return [key_of(change.object)] if change.resource is CLAIMS and change.type == "ADDED" else []

    def reconcile(self, key: Key) -> None:
        claim = self._context.store.get(CLAIMS, *key)
        if claim is None or claim["status"].get("phase") == "Bound":
            return
        requested = (claim["spec"].get("resources") or {}).get("requests") or {}
        status = {"phase": "Bound", "accessModes": claim["spec"].get("accessModes") or [], "capacity": requested}
        bound = evolve(claim, "spec.volumeName", f"simulated-{uid_of(claim)}")
        self._context.operations.rewrite(CLAIMS, claim, {**bound, "status": status}, MANAGER)
