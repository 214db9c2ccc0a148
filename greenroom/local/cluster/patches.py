"""The patch types of the Kubernetes API, as pure functions of an object and a patch."""

from __future__ import annotations

from typing import Any, Final

import jsonpatch
import jsonpointer

from greenroom.local.cluster.errors import StatusError, bad_request, invalid
from greenroom.local.cluster.objects import Manifest, duplicate
from greenroom.local.cluster.schema import KeyedList, is_set, keyed_list

JSON_PATCH: Final = "application/json-patch+json"
MERGE_PATCH: Final = "application/merge-patch+json"
STRATEGIC_MERGE_PATCH: Final = "application/strategic-merge-patch+json"
APPLY_PATCH: Final = "application/apply-patch+yaml"
PATCH_TYPES: Final = (JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, APPLY_PATCH)

# The real server's own bound (apiserver's maxJSONPatchOperations).
MOST_OPERATIONS: Final = 10_000


def apply_patch(kind: str, manifest: Manifest, patch: Any) -> Manifest:
    """The object after a JSON, merge or strategic merge patch (`kind` is its media type).

    Raises StatusError: 400 when the patch is none, 422 when it does not fit the object.
    """
    if kind == JSON_PATCH:
        return _json_patch(manifest, patch)
    if not isinstance(patch, dict):
        raise bad_request("a patch of this type must be an object")
    merged = merge_patch(manifest, patch) if kind == MERGE_PATCH else strategic_merge(manifest, patch)
    return merged if isinstance(merged, dict) else {}


def _json_patch(manifest: Manifest, patch: Any) -> Manifest:
    if not isinstance(patch, list) or len(patch) > MOST_OPERATIONS:
        raise bad_request(f"a JSON patch must be a list of at most {MOST_OPERATIONS} operations")
    try:
        patched = jsonpatch.JsonPatch(patch).apply(duplicate(manifest))
    except jsonpatch.InvalidJsonPatch as error:
        raise bad_request(f"error decoding patch: {error}") from error
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
        raise _does_not_fit(str(error)) from error
    if not isinstance(patched, dict):
        raise _does_not_fit("the result is not an object")
    return patched


def _does_not_fit(why: str) -> StatusError:
    error = invalid("", "", "", [])
    return StatusError(
        error.code, error.reason, f"the server rejected our request due to an error in our request: {why}"
    )


def merge_patch(value: Any, patch: Any) -> Any:
    """RFC 7386: maps merge, null removes, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), item)
    return merged


def strategic_merge(value: Any, patch: Any, field: str = "", around: str = "") -> Any:
    """As a merge patch, but lists merge item by item where the schema names a key.

    Understands `$patch: replace|delete`, `$retainKeys`, `$deleteFromPrimitiveList/…` and
    `$setElementOrder/…` (whose order is followed).
    """
    if isinstance(patch, dict):
        return _merge_map(value if isinstance(value, dict) else {}, patch, field)
    if isinstance(patch, list):
        return _merge_list(value if isinstance(value, list) else [], patch, field, around)
    return patch


def _merge_map(value: Manifest, patch: Manifest, field: str) -> Manifest:
    directive = patch.get("$patch")
    if directive == "delete":
        return {}
    if directive == "replace":
        return {key: item for key, item in patch.items() if key != "$patch"}
    retained = patch.get("$retainKeys")
    merged = {key: item for key, item in value.items() if retained is None or key in retained}
    for key, item in patch.items():
        if key.startswith("$"):
            continue
        if item is None:
            merged.pop(key, None)
        else:
            merged[key] = strategic_merge(merged.get(key), item, key, field)
    return _follow_directives(merged, patch, field)


def _follow_directives(merged: Manifest, patch: Manifest, around: str) -> Manifest:
    for key, items in patch.items():
        directive, _, field = key.partition("/")
        if key.startswith("$") and not isinstance(items, list) and field:
            raise bad_request(f"the directive {key} needs a list")
        if not isinstance(merged.get(field), list):
            continue
        if directive == "$deleteFromPrimitiveList":
            merged[field] = [item for item in merged[field] if item not in items]
        elif directive == "$setElementOrder":
            merged[field] = _ordered(merged[field], items, keyed_list(field, merged[field], around))
    return merged


def _ordered(values: list[Any], order: list[Any], keyed: KeyedList | None) -> list[Any]:
    def identity(item: Any) -> Any:
        return item.get(keyed.merge_key) if keyed and isinstance(item, dict) else item

    places = {str(identity(item)): place for place, item in enumerate(order)}
    return sorted(values, key=lambda item: places.get(str(identity(item)), len(places)))


def _merge_list(value: list[Any], patch: list[Any], field: str, around: str) -> list[Any]:
    if is_set(field, patch):
        return [*value, *(item for item in patch if item not in value)]
    keyed = keyed_list(field, patch, around)
    if keyed is None:
        return patch
    if any(item.get("$patch") == "replace" for item in patch):
        return [item for item in patch if item.get("$patch") != "replace"]
    key = keyed.merge_key
    # Items of the object itself were checked for their key when they were written.
    merged = {item.get(key): item for item in value if isinstance(item, dict)}
    for item in patch:
        identity = item.get(key)
        if not isinstance(identity, str | int):
            raise bad_request(f"map: {item} does not contain declared merge key: {key}")
        if item.get("$patch") == "delete":
            merged.pop(identity, None)
        else:
            merged[identity] = strategic_merge(merged.get(identity), item, field, field)
    return list(merged.values())
