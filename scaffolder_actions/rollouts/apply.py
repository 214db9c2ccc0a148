"""Server-side apply as Greenroom's own field manager.

An object that Greenroom neither applied nor rendered is not taken over: two owners of one name is a mistake that only
people can settle. Of its own objects Greenroom takes back what others changed, and says so: the service's document is where
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
from scaffolder_actions.rollouts.paths import mapping_of, metadata_of, path_of

FIELD_MANAGER = "greenroom"
# Who holds the number of pods from the moment when a document gives it no more until an autoscaler writes it.
HANDOVER_MANAGER = "greenroom-handover"
# The label by which all that Greenroom renders is known, whoever applies it.
MANAGED_BY = "app.kubernetes.io/managed-by"
APPLY = "application/apply-patch+yaml"
Change = Literal["created", "configured", "unchanged"]
Warn = Callable[[str], None]


@dataclass(frozen=True)
class Applied:
    """What applying an object did, or would do."""

    kind: str
    name: str
    change: Change


@dataclass(frozen=True)
class Outcome:
    """An object as it stood (None: it did not) and as it stands, or would stand, once it is applied.

    `taken_back` is what the cluster said of fields that others had changed, empty where nobody had.
    """

    before: JsonObject | None
    after: JsonObject
    taken_back: str = ""


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
    labels = {MANAGED_BY: FIELD_MANAGER}
    body: JsonObject = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    try:
        api.request("POST", "/api/v1/namespaces", query={"fieldManager": FIELD_MANAGER}, body=body)
    except ClusterConflictError:
        # Somebody else was a moment faster.
        return "unchanged"
    return "created"


def apply(api: KubernetesApi, item: JsonObject, *, warn: Warn, dry_run: bool = False) -> Applied:
    """Apply one object; `warn` hears of what others had changed. Raises what `put` raises."""
    kind, name = str(item["kind"]), str(metadata_of(item)["name"])
    outcome = put(api, item, dry_run=dry_run)
    if outcome.taken_back:
        warn(f"{kind} {name}: taking back what others changed. {outcome.taken_back}")
    if outcome.before is None:
        return Applied(kind, name, "created")
    return Applied(kind, name, "unchanged" if essence(outcome.before) == essence(outcome.after) else "configured")


def put(api: KubernetesApi, item: JsonObject, *, dry_run: bool) -> Outcome:
    """Apply one object, or ask what that would do.

    Raises ConflictError for an object of that name that is not Greenroom's, and ClusterError.
    """
    before = standing(api, item)
    if before is not None and not _is_ours(before):
        kind, name = str(item["kind"]), str(metadata_of(item)["name"])
        raise ConflictError(
            f"Cluster {api.cluster} has a {kind} {name} that Greenroom did not make.",
            remedy=f"Remove it, or give it to Greenroom: kubectl apply --server-side --field-manager={FIELD_MANAGER}.",
        )
    if before is not None and (number := _given_up(before, item)) is not None:
        kept: JsonObject = {"replicas": number}
        if dry_run:
            item = {**item, "spec": {**mapping_of(item, "spec"), **kept}}
        else:
            identity = {key: item[key] for key in ("apiVersion", "kind")}
            names = {key: metadata_of(item)[key] for key in ("name", "namespace")}
            _send(api, {**identity, "metadata": names, "spec": kept}, manager=HANDOVER_MANAGER)
    try:
        return Outcome(before, _send(api, item, dry_run=dry_run))
    except ClusterConflictError as conflict:
        return Outcome(before, _send(api, item, force=True, dry_run=dry_run), conflict.message)


def standing(api: KubernetesApi, item: JsonObject) -> JsonObject | None:
    """The object of that kind and name in the cluster; None where there is none."""
    try:
        return cast("JsonObject", api.request("GET", path_of(item)).body)
    except ClusterNotFoundError:
        return None


def essence(item: JsonObject) -> JsonObject:
    """The object without what an apply that changes nothing may change, and without what controllers write."""
    metadata = {
        key: value
        for key, value in metadata_of(item).items()
        if key not in {"managedFields", "resourceVersion", "generation"}
    }
    return {**{key: value for key, value in item.items() if key != "status"}, "metadata": metadata}


def _send(
    api: KubernetesApi,
    item: JsonObject,
    *,
    manager: str = FIELD_MANAGER,
    force: bool = False,
    dry_run: bool = False,
) -> JsonObject:
    query: dict[str, str | int | bool] = {"fieldManager": manager, "force": force}
    if dry_run:
        query["dryRun"] = "All"
    answer = api.request("PATCH", path_of(item), query=query, body=cast("Json", item), content_type=APPLY)
    assert answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}  # noqa: S101  # all that the API documents
    return cast("JsonObject", answer.body)


def _given_up(before: JsonObject, item: JsonObject) -> Json:
    """The number of pods that the last apply gave and this one leaves to an autoscaler; None where that is not so.

    A field that nobody owns any more falls back to its default, which is a single pod: somebody must hold it.
    https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
    """
    if "replicas" in mapping_of(item, "spec") or item["kind"] != "Deployment":
        return None
    for each in _owners(before):
        fields = mapping_of(mapping_of(each, "fieldsV1"), "f:spec")
        if each.get("manager") == FIELD_MANAGER and "f:replicas" in fields:
            return mapping_of(before, "spec").get("replicas")
    return None


def _is_ours(item: JsonObject) -> bool:
    """Whether Greenroom applied it, or rendered it for somebody who did, such as a GitOps controller."""
    if mapping_of(metadata_of(item), "labels").get(MANAGED_BY) == FIELD_MANAGER:
        return True
    return any(each.get("manager") == FIELD_MANAGER for each in _owners(item))


def _owners(item: JsonObject) -> list[JsonObject]:
    entries = metadata_of(item).get("managedFields")
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
