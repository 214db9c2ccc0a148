"""ExternalSecrets: synced after a moment with placeholders, where their store is there and not broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from greenroom.local.cluster.clock import Timer
from greenroom.local.cluster.controllers.conditions import condition, conditions_of
from greenroom.local.cluster.controllers.loop import Context, Key, key_of
from greenroom.local.cluster.controllers.syncing import secret_of, target_of, version_of
from greenroom.local.cluster.objects import (
    Manifest,
    condition_of,
    controller_of,
    is_deleting,
    name_of,
    namespace_of,
    timestamp,
    uid_of,
)
from greenroom.local.cluster.operations import options_of
from greenroom.local.cluster.resources import CLUSTER_SECRET_STORES, EXTERNAL_SECRETS, SECRET_STORES, SECRETS
from greenroom.local.cluster.storage import Change

_MANAGER: Final = "externalsecrets.external-secrets.io"
_SOURCE: Final = "external-secrets"
# Seconds at pace 1 until a store has answered.
_SYNC: Final = 0.5
_NO_DATA: Final = "could not get secret data from provider"
_NO_UPDATE: Final = "could not update secret"


class ExternalSecretController:
    """Keeps the Secret of each ExternalSecret. `is_broken`: whether its store is to refuse it."""

    def __init__(self, context: Context, is_broken: Callable[[Manifest], bool]) -> None:
        self._context = context
        self._is_broken = is_broken
        self._waiting: dict[str, Timer] = {}

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is EXTERNAL_SECRETS:
            if change.type == "DELETED":
                self._cancel(uid_of(change.object))
            return [key_of(change.object)]
        if change.resource is SECRETS:
            name, own = (
                name_of(change.object),
                self._context.store.objects(EXTERNAL_SECRETS, namespace_of(change.object)),
            )
            return [key_of(each) for each in own if target_of(each) == name]
        if change.resource in {SECRET_STORES, CLUSTER_SECRET_STORES} and change.type != "MODIFIED":
            return [key_of(each) for each in self._context.store.objects(EXTERNAL_SECRETS)]
        return []

    def reconcile(self, key: Key) -> None:
        external = self._context.store.get(EXTERNAL_SECRETS, *key)
        if external is None or is_deleting(external):
            return
        fault = self._fault(external)
        if fault is not None:
            self._cancel(uid_of(external))
            self._fail(external, _NO_DATA, fault)
        elif self._is_synced(external):
            self._cancel(uid_of(external))
        elif uid_of(external) not in self._waiting:
            self._waiting[uid_of(external)] = self._context.after(_SYNC, lambda: self._sync(key, uid_of(external)))

    def _fault(self, external: Manifest) -> str | None:
        reference = external["spec"].get("secretStoreRef") or {}
        if not reference.get("name") and not external["spec"].get("data") and not external["spec"].get("dataFrom"):
            return None
        kind, name = reference.get("kind", "SecretStore"), reference.get("name", "")
        stores = CLUSTER_SECRET_STORES if kind == "ClusterSecretStore" else SECRET_STORES
        namespace = "" if kind == "ClusterSecretStore" else namespace_of(external)
        if self._context.store.get(stores, namespace, name) is None:
            return f'could not get {kind} "{name}", {kind}.external-secrets.io "{name}" not found'
        return f'{kind} "{name}" refused it (simulated by Greenroom)' if self._is_broken(external) else None

    def _is_synced(self, external: Manifest) -> bool:
        ready = condition_of(external, "Ready")
        if ready is None or ready["status"] != "True":
            return False
        secret = self._context.store.get(SECRETS, namespace_of(external), target_of(external))
        none_asked = external["spec"]["target"]["creationPolicy"] == "None"
        same = external["status"].get("syncedResourceVersion") == version_of(external)
        return same and (none_asked or (secret is not None and secret_of(external, secret) == secret))

    def _sync(self, key: Key, uid: str) -> None:
        self._waiting.pop(uid, None)
        external = self._context.store.get(EXTERNAL_SECRETS, *key)
        if external is None or is_deleting(external) or uid_of(external) != uid:
            return
        fault = self._put(external)
        if fault is not None:
            self._fail(external, _NO_UPDATE, fault)
            return
        time = timestamp(self._context.clock.now())
        status = {
            "binding": {"name": target_of(external)},
            "conditions": [condition(conditions_of(external), "Ready", "SecretSynced", "secret synced", time)],
            "refreshTime": time,
            "syncedResourceVersion": version_of(external),
        }
        self._context.operations.set_status(EXTERNAL_SECRETS, external, status, _MANAGER)

    def _put(self, external: Manifest) -> str | None:
        """Create or change the Secret; why it cannot be."""
        policy, name = external["spec"]["target"]["creationPolicy"], target_of(external)
        if policy == "None":
            return None
        secret = self._context.store.get(SECRETS, namespace_of(external), name)
        owner = controller_of(secret) if secret else None
        if owner is not None and owner["uid"] != uid_of(external):
            return "target is owned by another ExternalSecret"
        wanted = secret_of(external, secret)
        if secret is not None:
            self._context.operations.rewrite(SECRETS, secret, wanted, _MANAGER)
        elif policy == "Merge":
            return f'secret "{name}" does not exist, and CreationPolicy=Merge creates none'
        else:
            self._context.operations.create(SECRETS, namespace_of(external), wanted, options_of(_MANAGER))
            self._tell(external, "Created", f'secret "{name}" created')
        return None

    def _fail(self, external: Manifest, message: str, fault: str) -> None:
        time = timestamp(self._context.clock.now())
        failed = condition(conditions_of(external), "Ready", "SecretSyncedError", message, time, on=False)
        status = {**external["status"], "conditions": [failed]}
        if status != external["status"]:
            self._context.operations.set_status(EXTERNAL_SECRETS, external, status, _MANAGER)
            self._tell(external, "UpdateFailed", fault, "Warning")

    def _cancel(self, uid: str) -> None:
        timer = self._waiting.pop(uid, None)
        if timer is not None:
            timer.cancel()

    def _tell(self, external: Manifest, reason: str, message: str, kind: str = "Normal") -> None:
        self._context.recorder.record(external, reason, message, source=_SOURCE, kind=kind)
