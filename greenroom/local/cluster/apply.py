"""Server-side apply: merge what a manager wants into an object, and know who owns what.

The rules are those of sigs.k8s.io/structured-merge-diff: a manager owns what it applies; a field of
another manager may be set to the value that it has, but not to another one (unless forced); what a
manager no longer applies, and nobody else owns, is removed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from greenroom.local.cluster.errors import ApplyConflictError
from greenroom.local.cluster.fields import Path, changed_fields, children, describe, fields_of, owned_part
from greenroom.local.cluster.managers import Manager, Owners, Ownership, read_owners, release, write_owners
from greenroom.local.cluster.objects import Manifest, without_nulls
from greenroom.local.cluster.schema import is_atomic_map, is_set, keyed_list


def apply_manifest(live: Manifest | None, wanted: Manifest, manager: Manager, time: str, *, force: bool) -> Manifest:
    """The object after `manager` applied `wanted` to it.

    Raises ApplyConflictError, which names every field that another manager holds to another value.
    """
    base: Manifest = live or {"apiVersion": wanted["apiVersion"], "kind": wanted["kind"], "metadata": {}}
    wanted = without_nulls(wanted)
    config = owned_part(wanted)
    applied = frozenset(fields_of(config))
    owners = read_owners(base)
    previous = owners.get(manager, Ownership(frozenset(), time)).fields
    merged = merge(base, {**config, "metadata": {**_identity(wanted), **config.get("metadata", {})}})
    changed = frozenset(path for path, _ in changed_fields(owned_part(base), owned_part(merged)))
    conflicts = _conflicts(owners, manager, changed)
    if conflicts and not force:
        raise _conflict_error(conflicts)
    owners = release(owners, changed, keeper=manager)
    owners[manager] = _ownership(owners.get(manager), applied, changed, time)
    dropped = previous - applied
    if dropped:
        elsewhere = [ownership.fields for ownership in owners.values()]
        merged = prune(merged, dropped, frozenset().union(*elsewhere))
    return write_owners(merged, _existing(owners, merged))


def _ownership(previous: Ownership | None, applied: frozenset[Path], changed: frozenset[Path], time: str) -> Ownership:
    unchanged = previous is not None and previous.fields == applied and not changed & applied
    return previous if previous is not None and unchanged else Ownership(applied, time)


def _identity(wanted: Manifest) -> Manifest:
    return {key: wanted["metadata"][key] for key in ("name", "namespace") if key in wanted["metadata"]}


def merge(live: Any, wanted: Any, field: str = "", around: str = "") -> Any:
    """`live` with `wanted` laid over it, item by item where the schema tells items apart."""
    if isinstance(live, dict) and isinstance(wanted, dict) and not (is_atomic_map(field) and around):
        merged = dict(live)
        for key, item in wanted.items():
            merged[key] = merge(live[key], item, key, field) if key in live else item
        return merged
    if is_set(field, live) and is_set(field, wanted):
        return [*live, *(item for item in wanted if item not in live)]
    keyed = keyed_list(field, live, around) and keyed_list(field, wanted, around)
    if keyed:
        before, after = children(live, field, around), children(wanted, field, around)
        if before is not None and after is not None:
            merged_items = {key: entry[0] for key, entry in before.items()}
            for key, (item, _, _) in after.items():
                merged_items[key] = merge(merged_items[key], item, field, field) if key in merged_items else item
            return list(merged_items.values())
    return wanted


def prune(value: Manifest, dropped: Iterable[Path], owned: frozenset[Path]) -> Manifest:
    """The object without the dropped paths that nobody owns, nor anything below them."""
    held = {path[:length] for path in owned for length in range(1, len(path) + 1)}
    # Whole items before their fields: without its key field an item could no longer be found.
    for path in sorted(dropped, key=len):
        if path not in held and not _is_key_of_item(path):
            value = _without(value, path, ("", ""), held=held)
    return value


def _is_key_of_item(path: Path) -> bool:
    return len(path) > 1 and path[-2].startswith("k:") and path[-1][2:] in json.loads(path[-2][2:])


def _without(value: Any, path: Path, names: tuple[str, str], *, held: set[Path], depth: int = 0) -> Any:
    parts = children(value, *names)
    if parts is None or path[depth] not in parts:
        return value
    item, *below = parts[path[depth]]
    kept = None
    if depth + 1 < len(path):
        kept = _without(item, path, (below[0], below[1]), held=held, depth=depth + 1)
        # A structure that only held what was removed goes with it, unless somebody owns it.
        if not kept and item and path[: depth + 1] not in held:
            kept = None
    if isinstance(value, dict):
        rest = value | {path[depth][2:]: kept}
        return {key: entry for key, entry in rest.items() if key != path[depth][2:] or entry is not None}
    rest = {element: entry[0] for element, entry in parts.items()} | {path[depth]: kept}
    return [entry for element, entry in rest.items() if element != path[depth] or entry is not None]


def _existing(owners: Owners, merged: Manifest) -> Owners:
    """Nobody owns what is no longer there."""
    there: set[Path] = set()
    for path in fields_of(owned_part(merged)):
        there.update(path[:length] for length in range(1, len(path) + 1))
    return {manager: Ownership(ownership.fields & there, ownership.time) for manager, ownership in owners.items()}


def _conflicts(owners: Owners, manager: Manager, changed: frozenset[Path]) -> list[tuple[Manager, Path]]:
    found = [
        (other, path) for other, ownership in owners.items() if other != manager for path in ownership.fields & changed
    ]
    return sorted(found, key=lambda conflict: (str(conflict[0]), conflict[1]))


def _conflict_error(conflicts: list[tuple[Manager, Path]]) -> ApplyConflictError:
    """In the words of k8s.io/apimachinery's managedfields conflict error."""
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {manager}", "field": describe(path)}
        for manager, path in conflicts
    ]
    if len(conflicts) == 1:
        manager, path = conflicts[0]
        message = f"Apply failed with 1 conflict: conflict with {manager}: {describe(path)}"
    else:
        lines = []
        for manager in dict.fromkeys(manager for manager, _ in conflicts):
            lines.append(f"conflicts with {manager}:")
            lines.extend(f"- {describe(path)}" for other, path in conflicts if other == manager)
        message = f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)
    return ApplyConflictError(409, "Conflict", message, details={"causes": causes})
