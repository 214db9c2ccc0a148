"""What clients and controllers do to objects: create, update, patch, apply, delete.

Everything that the API server guarantees about a write is here: optimistic concurrency, generations,
field owners, defaults, validation, dry run, finalizers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from greenroom.local.cluster import errors
from greenroom.local.cluster.admission import allocate, new_object
from greenroom.local.cluster.apply import apply_manifest
from greenroom.local.cluster.custom.definitions import fit, undefined_fields
from greenroom.local.cluster.defaults import with_defaults
from greenroom.local.cluster.managers import APPLY, UPDATE, Manager, record_update, same_but_times
from greenroom.local.cluster.objects import (
    Manifest,
    duplicate,
    is_deleting,
    name_of,
    namespace_of,
    timestamp,
    uid_of,
    without_nulls,
)
from greenroom.local.cluster.patches import apply_patch
from greenroom.local.cluster.resources import NAMESPACES, PODS, Resource
from greenroom.local.cluster.scale import scale_of, with_scale
from greenroom.local.cluster.shapes import check_shape
from greenroom.local.cluster.storage import Store
from greenroom.local.cluster.validation import validate

FOREGROUND: Final = "foregroundDeletion"


@dataclass(frozen=True)
class WriteOptions:
    """How a write is to be done. `manager`: who writes. `force`: take fields from other managers."""

    manager: str = "unknown"
    dry_run: bool = False
    force: bool = False
    subresource: str = ""


@dataclass(frozen=True)
class DeleteOptions:
    """How a deletion is to be done. `grace`: seconds, None for the pod's own; `propagation`: what of dependents."""

    grace: int | None = None
    propagation: str = "Background"
    uid: str | None = None
    resource_version: str | None = None
    dry_run: bool = False


class Operations:
    """The writes of one cluster. All raise StatusError."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], admit: Callable[[Manifest], None] = lambda _: None
    ) -> None:
        """`admit` may change a new object in place before it is checked, as a mutating webhook does."""
        self._store = store
        self._now = now
        self._admit = admit

    def get(self, kind: Resource, namespace: str, name: str) -> Manifest:
        """The object, or a 404."""
        found = self._store.get(kind, namespace, name)
        if found is None:
            raise errors.not_found(kind.plural, kind.group, name)
        return found

    def create(self, kind: Resource, namespace: str, body: Manifest, options: WriteOptions) -> Manifest:
        """A new object."""
        _check_body(kind, namespace, body)
        if body["metadata"].get("resourceVersion"):
            raise errors.bad_request("resourceVersion should not be set on objects to be created")
        self._check_namespace(kind, namespace, name=str(body["metadata"].get("name", "")))
        manifest = new_object(kind, body, self._time())
        if kind.namespaced:
            manifest["metadata"]["namespace"] = namespace
        return self._add(kind, manifest, options)

    def update(self, kind: Resource, body: Manifest, options: WriteOptions, name: str, namespace: str) -> Manifest:
        """Replace an object, its status or its scale; a stale resource version is refused."""
        old = self.get(kind, namespace, name)
        if options.subresource == "scale":
            return scale_of(self._replace(kind, old, with_scale(old, body), options))
        _check_body(kind, namespace, body)
        return self._replace(kind, old, body, options)

    def patch(self, kind: Resource, old: Manifest, patch: Any, media_type: str, options: WriteOptions) -> Manifest:
        """Change an object, its status or its scale by a patch."""
        if options.subresource == "scale":
            return scale_of(
                self._replace(kind, old, with_scale(old, apply_patch(media_type, scale_of(old), patch)), options)
            )
        return self._replace(kind, old, apply_patch(media_type, old, patch), options)

    def apply(
        self, kind: Resource, wanted: Manifest, options: WriteOptions, name: str, namespace: str
    ) -> tuple[Manifest, bool]:
        """Server-side apply; the flag says whether the object was created."""
        _check_body(kind, namespace, wanted)
        wanted = {**wanted, "metadata": {"name": name, **wanted["metadata"]}}
        if wanted["metadata"].get("managedFields"):
            raise errors.bad_request("metadata.managedFields must be nil")
        _check_name(name, wanted)
        _check_declared(kind, namespace, wanted)
        old = self._store.get(kind, namespace, name)
        manager = Manager(options.manager, APPLY, kind.api_version, options.subresource)
        if old is None:
            self._check_namespace(kind, namespace, name=name)
            return self._create_by_apply(kind, namespace, wanted, manager, options), True
        self._check_version(kind, old, wanted)
        wanted = _without(wanted, "spec") if options.subresource == "status" else _without(wanted, "status")
        merged = apply_manifest(old, wanted, manager, self._time(), force=options.force)
        return self._commit(kind, old, duplicate(merged), options, owners_known=True), False

    def set_status(self, kind: Resource, old: Manifest, status: Manifest, manager: str) -> Manifest:
        """A controller's write of a status. Nothing happens when it is the same."""
        return self.rewrite(kind, old, {**old, "status": status}, manager, subresource="status")

    def rewrite(
        self,
        kind: Resource,
        old: Manifest,
        new: Manifest,
        manager: str,
        *,
        subresource: str = "",
        count: bool = True,
    ) -> Manifest:
        """A controller's write of a whole object that it built from `old`; trusted, so not validated.

        `count`: whether a changed `spec` is a new generation.
        """
        if new == old:
            return old
        owner = Manager(manager, UPDATE, kind.api_version, subresource)
        owned = record_update(old, new, owner, self._time())
        return self._store_update(kind, _with_generation(kind, old, owned) if count else owned)

    def delete(self, kind: Resource, namespace: str, name: str, options: DeleteOptions) -> Manifest | None:
        """Delete an object. Returns it when it stays until something is finished, None when it is gone."""
        old = self.get(kind, namespace, name)
        _check_preconditions(kind, old, options)
        if options.dry_run:
            return None
        finalizers = list(old["metadata"].get("finalizers") or [])
        if options.propagation == "Orphan":
            self._orphan_dependents(old)
        elif options.propagation == "Foreground" and self._store.dependents(uid_of(old)):
            finalizers = list(dict.fromkeys([*finalizers, FOREGROUND]))
        grace = _grace(kind, old, options)
        if not finalizers and not grace and kind is not NAMESPACES:
            self._store.remove(kind, old)
            return None
        return self._mark_deleted(kind, old, finalizers, grace)

    def _add(self, kind: Resource, manifest: Manifest, options: WriteOptions) -> Manifest:
        name, namespace = name_of(manifest), namespace_of(manifest)
        if self._store.get(kind, namespace, name) is not None:
            raise errors.already_exists(kind.plural, kind.group, name)
        check_shape(manifest)
        manifest = fit(kind, _without_empty_maps(manifest))
        allocate(manifest)
        self._admit(manifest)
        with_defaults(manifest)
        validate(kind, manifest, None)
        owner = Manager(options.manager, UPDATE, kind.api_version, options.subresource)
        status = manifest.pop("status", None)
        if not manifest["metadata"].get("managedFields"):
            manifest = record_update(None, manifest, owner, self._time())
        if status is not None:
            manifest["status"] = status
        return manifest if options.dry_run else self._store.put(kind, manifest)

    def _create_by_apply(
        self, kind: Resource, namespace: str, wanted: Manifest, manager: Manager, options: WriteOptions
    ) -> Manifest:
        owned = apply_manifest(None, _without(wanted, "status"), manager, self._time(), force=True)
        manifest = new_object(kind, owned, self._time())
        if kind.namespaced:
            manifest["metadata"]["namespace"] = namespace
        return self._add(kind, manifest, options)

    def _replace(self, kind: Resource, old: Manifest, body: Manifest, options: WriteOptions) -> Manifest:
        metadata = body.get("metadata")
        if not isinstance(metadata, dict):
            raise errors.bad_request("metadata is not an object")
        _check_name(name_of(old), body)
        self._check_version(kind, old, body)
        if options.subresource == "status":
            new = {**old, "status": duplicate(body.get("status", {}))}
        else:
            new = without_nulls({**body, "kind": kind.kind, "apiVersion": kind.api_version})
            if kind.has_status:
                new["status"] = old.get("status", {})
        return self._commit(kind, old, new, options)

    def _commit(
        self, kind: Resource, old: Manifest, new: Manifest, options: WriteOptions, *, owners_known: bool = False
    ) -> Manifest:
        new = _without_empty_maps({**new, "metadata": {**new["metadata"], **_fixed_metadata(old)}})
        check_shape(new)
        if options.subresource != "status":
            new = fit(kind, new)
            with_defaults(new)
            validate(kind, new, old)
        owner = Manager(options.manager, UPDATE, kind.api_version, options.subresource)
        if not owners_known:
            new = record_update(old, new, owner, self._time())
        if new == old or same_but_times(old, new):
            return old
        new = _with_generation(kind, old, new)
        return new if options.dry_run else self._store_update(kind, new)

    def _store_update(self, kind: Resource, new: Manifest) -> Manifest:
        if is_deleting(new) and _nothing_left_to_finish(kind, new):
            return self._store.remove(kind, new)
        return self._store.put(kind, new)

    def _mark_deleted(self, kind: Resource, old: Manifest, finalizers: list[str], grace: int) -> Manifest:
        metadata = dict(old["metadata"])
        if finalizers:
            metadata["finalizers"] = finalizers
        if not is_deleting(old) or grace < metadata.get("deletionGracePeriodSeconds", 0):
            metadata["deletionTimestamp"] = timestamp(self._now() + timedelta(seconds=grace))
            metadata["deletionGracePeriodSeconds"] = grace
            if kind.generation and not is_deleting(old):
                metadata["generation"] = metadata.get("generation", 1) + 1
        new: Manifest = {**old, "metadata": metadata}
        if kind is NAMESPACES:
            new["status"] = {**new.get("status", {}), "phase": "Terminating"}
        return old if new == old else self._store.put(kind, new)

    def _orphan_dependents(self, owner: Manifest) -> None:
        for kind, dependent in self._store.dependents(uid_of(owner)):
            references = [each for each in dependent["metadata"]["ownerReferences"] if each["uid"] != uid_of(owner)]
            metadata = {**dependent["metadata"], "ownerReferences": references}
            self.rewrite(kind, dependent, {**dependent, "metadata": metadata}, "kube-controller-manager")

    def _check_namespace(self, kind: Resource, namespace: str, *, name: str) -> None:
        if not kind.namespaced:
            return
        space = self._store.get(NAMESPACES, "", namespace)
        if space is None:
            raise errors.not_found("namespaces", "", namespace)
        if is_deleting(space):
            why = f"unable to create new content in namespace {namespace} because it is being terminated"
            raise errors.forbidden(kind.plural, kind.group, name, why)

    def _check_version(self, kind: Resource, old: Manifest, body: Manifest) -> None:
        sent = body["metadata"]
        if sent.get("resourceVersion") not in {None, "", old["metadata"]["resourceVersion"]}:
            raise errors.modified(kind.plural, kind.group, name_of(old))
        if sent.get("uid") not in {None, "", uid_of(old)}:
            why = f"Precondition failed: UID in precondition: {sent['uid']}, UID in object meta: {uid_of(old)}"
            raise errors.modified(kind.plural, kind.group, name_of(old), why)

    def _time(self) -> str:
        return timestamp(self._now())


def options_of(manager: str) -> WriteOptions:
    """The options of a controller's write."""
    return replace(WriteOptions(), manager=manager)


def _check_body(kind: Resource, namespace: str, body: Manifest) -> None:
    if body.get("metadata") is None:
        body["metadata"] = {}
    if not isinstance(body["metadata"], dict):
        raise errors.bad_request("json: cannot unmarshal a value of another type into the object's metadata")
    if body.get("kind", kind.kind) != kind.kind or body.get("apiVersion", kind.api_version) != kind.api_version:
        sent = f"{body.get('apiVersion')}, Kind={body.get('kind')}"
        raise errors.bad_request(
            f"the object provided is unrecognized (must be of type {kind.kind}): it is {sent}, not {kind.api_version}"
        )
    sent_namespace = body["metadata"].get("namespace")
    if kind.namespaced and sent_namespace and sent_namespace != namespace:
        raise errors.bad_request(
            "the namespace of the provided object does not match the namespace sent on the request"
        )


def _check_name(name: str, body: Manifest) -> None:
    sent = body["metadata"].get("name")
    if sent and sent != name:
        raise errors.bad_request(f"the name of the object ({sent}) does not match the name on the URL ({name})")


def _check_declared(kind: Resource, namespace: str, wanted: Manifest) -> None:
    undefined = undefined_fields(kind, _without(wanted, "status"))
    if undefined:
        name = f"{namespace}/{name_of(wanted)}"
        raise errors.undeclared(name, kind.api_version, kind.kind, undefined)


def _check_preconditions(kind: Resource, old: Manifest, options: DeleteOptions) -> None:
    current = {"UID": uid_of(old), "ResourceVersion": old["metadata"]["resourceVersion"]}
    for field, wanted in (("UID", options.uid), ("ResourceVersion", options.resource_version)):
        if wanted and wanted != current[field]:
            why = f"Precondition failed: {field} in precondition: {wanted}, {field} in object meta: {current[field]}"
            raise errors.modified(kind.plural, kind.group, name_of(old), why)


def _without_empty_maps(manifest: Manifest) -> Manifest:
    """The object without labels and annotations that are there and empty, which no real server writes."""
    metadata = manifest["metadata"]
    empty = {name for name in ("labels", "annotations") if metadata.get(name, True) in ({}, None)}
    return {**manifest, "metadata": {name: metadata[name] for name in metadata if name not in empty}}


def _fixed_metadata(old: Manifest) -> Manifest:
    """What a client cannot change by writing an object."""
    fields = (
        "name",
        "namespace",
        "uid",
        "creationTimestamp",
        "generation",
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    )
    return {field: old["metadata"][field] for field in fields if field in old["metadata"]}


def _with_generation(kind: Resource, old: Manifest, new: Manifest) -> Manifest:
    if not kind.generation or new.get("spec") == old.get("spec"):
        return new
    generation = old["metadata"].get("generation", 0) + 1
    return {**new, "metadata": {**new["metadata"], "generation": generation}}


def _nothing_left_to_finish(kind: Resource, manifest: Manifest) -> bool:
    if manifest["metadata"].get("finalizers"):
        return False
    if kind is NAMESPACES:
        return not manifest.get("spec", {}).get("finalizers")
    return not manifest["metadata"].get("deletionGracePeriodSeconds")


def _grace(kind: Resource, old: Manifest, options: DeleteOptions) -> int:
    """Seconds that a pod has to end; only pods that run somewhere get any."""
    if kind is not PODS or not old.get("spec", {}).get("nodeName"):
        return 0
    if old.get("status", {}).get("phase") in {"Succeeded", "Failed"}:
        return 0
    own = old["spec"].get("terminationGracePeriodSeconds", 30)
    return int(own if options.grace is None else options.grace)


def _without(manifest: Manifest, field: str) -> Manifest:
    return {key: value for key, value in manifest.items() if key != field}
