"""What goes with its owner, and namespaces with all that is in them."""

from __future__ import annotations

from collections.abc import Iterable

from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import Manifest, is_deleting, name_of, namespace_of, uid_of
from greenroom.local.cluster.operations import FOREGROUND, DeleteOptions, options_of
from greenroom.local.cluster.resources import NAMESPACES, SERVICE_ACCOUNTS, resource_of_kind
from greenroom.local.cluster.storage import Change


class GarbageCollector:
    """Deletes dependents of owners that are gone, or that wait for it (foreground deletion).

    Its keys are (uid of the owner, resource key): what is gone has no other name.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.type == "DELETED":
            owners = change.object["metadata"].get("ownerReferences") or []
            return [(uid_of(change.object), change.resource.key), *((owner["uid"], "") for owner in owners)]
        return [(uid_of(change.object), change.resource.key)] if is_deleting(change.object) else []

    def reconcile(self, key: Key) -> None:
        owner = self._context.store.by_uid(key[0])
        if owner is None:
            self._delete_dependents(key[0])
        elif is_deleting(owner) and FOREGROUND in (owner["metadata"].get("finalizers") or []):
            # What waits for its dependents waits for theirs as well.
            self._delete_dependents(key[0], DeleteOptions(propagation="Foreground"))
            if not self._context.store.dependents(key[0]):
                self._let_go(owner)

    def _delete_dependents(self, uid: str, options: DeleteOptions | None = None) -> None:
        for kind, dependent in self._context.store.dependents(uid):
            others = [each for each in dependent["metadata"]["ownerReferences"] if each["uid"] != uid]
            held = any(self._context.store.by_uid(each["uid"]) is not None for each in others)
            if not held and not is_deleting(dependent):
                place = (namespace_of(dependent), name_of(dependent))
                self._context.operations.delete(kind, *place, options or DeleteOptions())

    def _let_go(self, owner: Manifest) -> None:
        finalizers = [each for each in owner["metadata"]["finalizers"] if each != FOREGROUND]
        metadata = {**owner["metadata"], "finalizers": finalizers}
        kind = resource_of_kind(owner["apiVersion"], owner["kind"])
        if kind is not None:
            self._context.operations.rewrite(kind, owner, {**owner, "metadata": metadata}, MANAGER)


class NamespaceController:
    """Gives a new namespace its service account, empties one that is to go, and then lets it go."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is NAMESPACES:
            return [key_of(change.object)]
        namespace = namespace_of(change.object)
        space = self._context.store.get(NAMESPACES, "", namespace) if change.type == "DELETED" else None
        return [("", namespace)] if space and is_deleting(space) else []

    def reconcile(self, key: Key) -> None:
        space = self._context.store.get(NAMESPACES, *key)
        if space is None:
            return
        if not is_deleting(space):
            self._provide(key[1])
            return
        inside = [entry for entry in self._context.store.everything() if namespace_of(entry[1]) == key[1]]
        for kind, manifest in inside:
            still = self._context.store.get(kind, key[1], name_of(manifest))
            if still is not None and not is_deleting(still):
                self._context.operations.delete(kind, key[1], name_of(still), DeleteOptions())
        if not any(namespace_of(manifest) == key[1] for _, manifest in self._context.store.everything()):
            spec = {**space["spec"], "finalizers": []}
            self._context.operations.rewrite(NAMESPACES, space, {**space, "spec": spec}, MANAGER)

    def _provide(self, namespace: str) -> None:
        if self._context.store.get(SERVICE_ACCOUNTS, namespace, "default") is None:
            body = {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": {"name": "default"}}
            self._context.operations.create(SERVICE_ACCOUNTS, namespace, body, options_of(MANAGER))
