"""Server-side apply as Greenroom's own field manager.

An object that Greenroom never applied is not taken over: two owners of one name is a mistake that only people can
settle. Of its own objects Greenroom takes back what others changed, and says so: the service's document is where
such a change belongs. Fields that Greenroom does not set, such as the replicas of a scaled Deployment, are left alone.
https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, cast

from foundation.connections.kubernetes import ClusterConflictError, ClusterNotFoundError, KubernetesApi
from foundation.errors import ConflictError
from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.rollouts.paths import metadata_of, path_of

FIELD_MANAGER = "greenroom"
APPLY = "application/apply-patch+yaml"
Change = Literal["created", "configured", "unchanged"]
Warn = Callable[[str], None]


@dataclass(frozen=True)
class Applied:
    """What applying an object did, or would do."""

    kind: str
    name: str
    change: Change


def ensure_namespace(api: KubernetesApi, name: str, *, dry_run: bool) -> Change:
    """Make the namespace where it is missing; one that is there is left as it is."""
    try:
        api.request("GET", f"/api/v1/namespaces/{name}")
    except ClusterNotFoundError:
        pass
    else:
        return "unchanged"
    if dry_run:
        return "created"
    labels = {"app.kubernetes.io/managed-by": FIELD_MANAGER}
    body: JsonObject = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    try:
        api.request("POST", "/api/v1/namespaces", query={"fieldManager": FIELD_MANAGER}, body=body)
    except ClusterConflictError:
        # Somebody else was a moment faster.
        return "unchanged"
    return "created"


def apply(api: KubernetesApi, item: JsonObject, *, warn: Warn, dry_run: bool = False) -> Applied:
    """Apply one object; `warn` hears of what others had changed.

    Raises ConflictError for an object of that name that is not Greenroom's, and ClusterError.
    """
    kind, name = str(item["kind"]), str(metadata_of(item)["name"])
    standing = _standing(api, item)
    if standing is not None and not _is_ours(standing):
        raise ConflictError(
            f"Cluster {api.cluster} has a {kind} {name} that Greenroom did not make.",
            remedy=f"Remove it, or give it to Greenroom: kubectl apply --server-side --field-manager={FIELD_MANAGER}.",
        )
    try:
        answer = _send(api, item, force=False, dry_run=dry_run)
    except ClusterConflictError as conflict:
        warn(f"{kind} {name}: taking back what others changed. {conflict.message}")
        answer = _send(api, item, force=True, dry_run=dry_run)
    if standing is None:
        return Applied(kind, name, "created")
    return Applied(kind, name, "unchanged" if _state(standing) == _state(answer) else "configured")


def _standing(api: KubernetesApi, item: JsonObject) -> JsonObject | None:
    try:
        return cast("JsonObject", api.request("GET", path_of(item)).body)
    except ClusterNotFoundError:
        return None


def _send(api: KubernetesApi, item: JsonObject, *, force: bool, dry_run: bool) -> JsonObject:
    query: dict[str, str | int | bool] = {"fieldManager": FIELD_MANAGER, "force": force}
    if dry_run:
        query["dryRun"] = "All"
    answer = api.request("PATCH", path_of(item), query=query, body=cast("Json", item), content_type=APPLY)
    assert answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}  # noqa: S101  # all that the API documents
    return cast("JsonObject", answer.body)


def _is_ours(item: JsonObject) -> bool:
    entries = metadata_of(item).get("managedFields")
    managers = entries if isinstance(entries, list) else []
    return any(isinstance(each, dict) and each.get("manager") == FIELD_MANAGER for each in managers)


def _state(item: JsonObject) -> JsonObject:
    """The object without what an apply that changes nothing may change, and without what controllers write."""
    metadata = {
        key: value
        for key, value in metadata_of(item).items()
        if key not in {"managedFields", "resourceVersion", "generation"}
    }
    return {**{key: value for key, value in item.items() if key != "status"}, "metadata": metadata}
