"""Requests for objects: list, watch, read and write."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from greenroom.local.cluster import errors
from greenroom.local.cluster.cluster import Cluster
from greenroom.local.cluster.custom.definitions import undefined_fields
from greenroom.local.cluster.http.forms import Form, form_of
from greenroom.local.cluster.http.messages import answer, flag, media_type, number, parse, read_bytes, read_object
from greenroom.local.cluster.http.pages import Pages
from greenroom.local.cluster.http.target import Target
from greenroom.local.cluster.http.watching import LONGEST_WATCH, WatchRequest, WatchResponse
from greenroom.local.cluster.objects import Manifest, uid_of
from greenroom.local.cluster.operations import DeleteOptions, WriteOptions
from greenroom.local.cluster.patches import APPLY_PATCH, MERGE_PATCH, PATCH_TYPES, STRATEGIC_MERGE_PATCH
from greenroom.local.cluster.scale import scale_of
from greenroom.local.cluster.selectors import Predicate, everything, parse_fields, parse_labels

# A field manager's name is bounded by the API (128 characters).
_LONGEST_MANAGER: Final = 128
# Of a client's own fields that it is warned of: how many, and characters of each.
_MOST_WARNINGS: Final = 10
_LONGEST_FIELD: Final = 100


class ObjectRequests:
    """Answers the requests for objects of one cluster. Raises StatusError."""

    def __init__(self, cluster: Cluster, stopping: asyncio.Event) -> None:
        self._cluster = cluster
        self._pages = Pages()
        self._stopping = stopping

    async def respond(self, request: Request, target: Target) -> ASGIApp:
        """The answer to one request."""
        methods: dict[str, Callable[[Request, Target], Awaitable[ASGIApp]]] = {
            "GET": self._read,
            "POST": self._create,
            "PUT": self._update,
            "PATCH": self._patch,
            "DELETE": self._delete,
        }
        method = methods.get(request.method)
        if method is None or (request.method in {"PUT", "PATCH"} and not target.name):
            raise errors.method_not_allowed()
        if request.method == "POST" and (target.name or (target.resource.namespaced and not target.namespace)):
            raise errors.method_not_allowed()
        return await method(request, target)

    def expire(self) -> None:
        """Forget history and list tokens, as etcd's compaction does."""
        self._cluster.store.compact()
        self._pages.forget()

    async def _read(self, request: Request, target: Target) -> ASGIApp:
        form = form_of(
            request.headers.get("accept", ""), request.query_params.get("includeObject", ""), self._cluster.clock.now
        )
        if not target.name:
            return self._watch(request, target, form) if _is_watch(request) else self._list(request, target, form)
        found = self._cluster.operations.get(target.resource, target.namespace, target.name)
        if target.subresource == "scale":
            return answer(scale_of(found))
        return answer(form.one(target.resource, found))

    def _list(self, request: Request, target: Target, form: Form) -> Response:
        query, store = request.query_params, self._cluster.store
        self._check_version(request)
        selector = _selector(request, target)
        namespace = target.namespace or None
        items = [item for item in store.objects(target.resource, namespace) if selector(item)]
        what = "|".join(
            (target.resource.key, target.namespace, query.get("labelSelector", ""), query.get("fieldSelector", ""))
        )
        limit, token = number(query, "limit"), query.get("continue", "")
        if token:
            page = self._pages.next(what, token, items, store.version, limit)
        else:
            page = self._pages.first(what, items, store.version, limit)
        metadata: Manifest = {"resourceVersion": str(page.version)}
        if page.token:
            metadata["continue"] = page.token
            if page.remaining is not None and selector is everything:
                metadata["remainingItemCount"] = page.remaining
        return answer(form.many(target.resource, page.items, metadata))

    def _check_version(self, request: Request) -> None:
        query, store = request.query_params, self._cluster.store
        wanted = number(query, "resourceVersion")
        if wanted > store.version:
            raise errors.version_too_large(wanted, store.version)
        exact = query.get("resourceVersionMatch") == "Exact" or (wanted and number(query, "limit"))
        if exact and wanted not in {0, store.version} and not query.get("continue"):
            raise errors.expired(f"The resourceVersion for the provided list is too old: {wanted} ({store.version})")

    def _watch(self, request: Request, target: Target, form: Form) -> WatchResponse:
        query = request.query_params
        version = number(query, "resourceVersion")
        initial = flag(query, "sendInitialEvents")
        watch = WatchRequest(
            resource=target.resource,
            namespace=target.namespace or None,
            selector=_selector(request, target),
            form=form,
            version=None if initial or not version else version,
            bookmarks=flag(query, "allowWatchBookmarks"),
            initial_events=initial,
            timeout=float(number(query, "timeoutSeconds") or LONGEST_WATCH),
        )
        return WatchResponse(self._cluster.store, watch, self._cluster.reachability, self._stopping)

    async def _create(self, request: Request, target: Target) -> Response:
        body = await read_object(request)
        options = _write_options(request, target)
        warnings = _warnings(request, target, body)
        # A namespace is named in its own body only.
        created = self._cluster.operations.create(target.resource, target.namespace, body, options)
        return answer(self._written(request, target, created), 201, headers=warnings)

    async def _update(self, request: Request, target: Target) -> Response:
        body = await read_object(request)
        options = _write_options(request, target)
        warnings = _warnings(request, target, body)
        updated = self._cluster.operations.update(target.resource, body, options, target.name, target.namespace)
        return answer(self._written(request, target, updated), headers=warnings)

    async def _patch(self, request: Request, target: Target) -> Response:
        kind = media_type(request)
        # A definition does not say how its lists merge in a patch, so of custom kinds no server takes such patches.
        accepted = [each for each in PATCH_TYPES if not (target.resource.custom and each == STRATEGIC_MERGE_PATCH)]
        if kind not in accepted:
            raise errors.unsupported_media_type(accepted)
        patch = parse(await read_bytes(request))
        options = _write_options(request, target)
        operations = self._cluster.operations
        if kind == APPLY_PATCH:
            created, patched = self._apply(request, target, patch, options)
            return answer(self._written(request, target, patched), 201 if created else 200)
        warnings = _warnings(request, target, patch) if kind == MERGE_PATCH else None
        old = operations.get(target.resource, target.namespace, target.name)
        patched = operations.patch(target.resource, old, patch, kind, options)
        return answer(self._written(request, target, patched), headers=warnings)

    def _apply(self, request: Request, target: Target, patch: Any, options: WriteOptions) -> tuple[bool, Manifest]:
        if not request.query_params.get("fieldManager"):
            raise errors.bad_request(
                "PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: is required for apply patch"
            )
        if not isinstance(patch, dict) or target.subresource == "scale":
            raise errors.bad_request("an apply patch must be an object of the resource")
        operations = self._cluster.operations
        applied, created = operations.apply(target.resource, patch, options, target.name, target.namespace)
        return created, applied

    async def _delete(self, request: Request, target: Target) -> Response:
        sent = await read_bytes(request)
        options = _delete_options(request, parse(sent) if sent.strip() else {})
        if not target.name:
            return self._delete_collection(request, target, options)
        old = self._cluster.operations.get(target.resource, target.namespace, target.name)
        remaining = self._cluster.operations.delete(target.resource, target.namespace, target.name, options)
        return answer(remaining or _deleted(target, old))

    def _delete_collection(self, request: Request, target: Target, options: DeleteOptions) -> Response:
        selector = _selector(request, target)
        store = self._cluster.store
        chosen = [item for item in store.objects(target.resource, target.namespace or None) if selector(item)]
        metadata = {"resourceVersion": str(store.version)}
        for item in chosen:
            namespace = item["metadata"].get("namespace", "")
            self._cluster.operations.delete(target.resource, namespace, item["metadata"]["name"], options)
        return answer(Form("object", "", self._cluster.clock.now).many(target.resource, chosen, metadata))

    def _written(self, request: Request, target: Target, manifest: Manifest) -> Manifest:
        if target.subresource == "scale":
            return manifest
        form = form_of(
            request.headers.get("accept", ""), request.query_params.get("includeObject", ""), self._cluster.clock.now
        )
        return form.one(target.resource, manifest)


def _is_watch(request: Request) -> bool:
    return flag(request.query_params, "watch")


def _selector(request: Request, target: Target) -> Predicate:
    query = request.query_params
    labels = parse_labels(query.get("labelSelector", ""))
    fields = parse_fields(query.get("fieldSelector", ""), target.resource)
    if not query.get("labelSelector") and not query.get("fieldSelector"):
        return everything
    return lambda manifest: labels(manifest) and fields(manifest)


def _write_options(request: Request, target: Target) -> WriteOptions:
    query = request.query_params
    manager = query.get("fieldManager") or request.headers.get("user-agent", "unknown").partition("/")[0]
    if len(manager) > _LONGEST_MANAGER or not manager.isprintable():
        raise errors.bad_request(f"fieldManager: Invalid value: may not be more than {_LONGEST_MANAGER} characters")
    dry_run = query.getlist("dryRun")
    if any(value not in {"", "All"} for value in dry_run):
        raise errors.bad_request(f'dryRun: Unsupported value: {dry_run}: supported values: "All"')
    return WriteOptions(
        manager=manager,
        dry_run="All" in dry_run,
        force=flag(query, "force"),
        subresource="" if target.subresource == "finalize" else target.subresource,
    )


def _warnings(request: Request, target: Target, sent: Any) -> dict[str, str] | None:
    """Headers that warn of fields which will be dropped. Raises StatusError (400) where the client wants it strict."""
    unknown = undefined_fields(target.resource, sent) if isinstance(sent, dict) and not target.subresource else []
    asked = request.query_params.get("fieldValidation") or "Warn"
    if not unknown or asked == "Ignore":
        return None
    if asked == "Strict":
        raise errors.undefined(target.resource.kind, target.resource.version, unknown)
    # A header has one line, and no more of it than a person reads.
    texts = (f"unknown field {json.dumps(each[:_LONGEST_FIELD])}" for each in unknown[:_MOST_WARNINGS])
    return {"Warning": ", ".join(f"299 - {json.dumps(each)}" for each in texts)}


def _delete_options(request: Request, body: Any) -> DeleteOptions:
    if not isinstance(body, dict):
        raise errors.bad_request("DeleteOptions must be an object")
    query = request.query_params
    preconditions = body.get("preconditions") or {}
    grace = body.get("gracePeriodSeconds")
    if grace is None and query.get("gracePeriodSeconds"):
        grace = number(query, "gracePeriodSeconds")
    if grace is not None and (not isinstance(grace, int) or grace < 0):
        raise errors.bad_request("gracePeriodSeconds: Invalid value: must be a whole number, 0 or greater")
    return DeleteOptions(
        grace=grace,
        propagation=str(body.get("propagationPolicy") or query.get("propagationPolicy") or "Background"),
        uid=preconditions.get("uid"),
        resource_version=preconditions.get("resourceVersion"),
        dry_run="All" in (body.get("dryRun") or query.getlist("dryRun")),
    )


def _deleted(target: Target, old: Manifest) -> Manifest:
    kind = target.resource
    details = {"name": target.name, **({"group": kind.group} if kind.group else {}), "kind": kind.plural}
    head = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    return {**head, "details": {**details, "uid": uid_of(old)}}
