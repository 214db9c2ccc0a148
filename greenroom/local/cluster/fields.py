"""Sets of field paths: what `metadata.managedFields` is made of, and how two objects differ.

A path is a tuple of elements in the notation of `fieldsV1`: `f:spec`, `k:{"name":"app"}`, `v:"value"`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.schema import ALWAYS_PRESENT, KeyedList, encode_key, is_atomic_map, is_set, keyed_list

Path: TypeAlias = tuple[str, ...]

# Nobody owns these: the server sets them, or they are the object's identity.
_UNOWNED_METADATA: Final = frozenset(
    {
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "generation",
        "managedFields",
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    }
)


def owned_part(manifest: Manifest) -> Manifest:
    """The object without what nobody owns."""
    part = {key: value for key, value in manifest.items() if key not in {"apiVersion", "kind", "metadata"}}
    metadata = {key: value for key, value in manifest["metadata"].items() if key not in _UNOWNED_METADATA}
    return {**part, "metadata": metadata} if metadata else part


def children(value: Any, field: str, around: str) -> dict[str, tuple[Any, str, str]] | None:
    """The parts of a value that have owners of their own, by path element, or None when it is one value.

    Each comes with the two names (`field`, `around`) that its own parts are found by.
    """
    if isinstance(value, dict):
        if is_atomic_map(field) and around != "":
            return None
        return {f"f:{key}": (item, key, field) for key, item in value.items()}
    if is_set(field, value):
        return {"v:" + json.dumps(item): (item, "", "") for item in value}
    keyed = keyed_list(field, value, around)
    return _items(value, keyed, field) if keyed else None


def _items(value: list[Manifest], keyed: KeyedList, field: str) -> dict[str, tuple[Any, str, str]] | None:
    found: dict[str, tuple[Any, str, str]] = {}
    for item in value:
        key = keyed.key_of(item)
        if key is None:
            return None
        # The item stands for its list when its own fields are looked up (a container's `ports`).
        found[encode_key(dict(zip(keyed.keys, key, strict=True)))] = (item, field, field)
    return found


def fields_of(value: Any, path: Path = (), field: str = "", around: str = "") -> Iterator[Path]:
    """Every leaf and every list item of a value: what a manager owns that applied it."""
    parts = children(value, field, around)
    if not parts:
        if path:
            yield path
        return
    if path and path[-1].startswith("k:"):
        yield path
    for element, (item, name, outer) in parts.items():
        yield from fields_of(item, (*path, element), name, outer)


def changed_fields(
    old: Any, new: Any, path: Path = (), field: str = "", around: str = ""
) -> Iterator[tuple[Path, bool]]:
    """The paths at which two values differ, each with whether it is still there in `new`.

    What was added is named with the structures that came with it, as the real server does.
    """
    if old is new or (type(old) is type(new) and old == new):
        return
    before, after = children(old, field, around), children(new, field, around)
    if before is None or after is None:
        yield from _replaced(old, new, path, field, around)
        return
    if bool(before) != bool(after) and not _always_present(path):
        yield path, True
    for element, (item, name, outer) in after.items():
        if element in before:
            yield from changed_fields(before[element][0], item, (*path, element), name, outer)
        else:
            yield from ((each, True) for each in _added(item, (*path, element), name, outer))
    for element in before.keys() - after.keys():
        item, name, outer = before[element]
        yield (*path, element), False
        yield from ((each, False) for each in fields_of(item, (*path, element), name, outer))


def _replaced(old: Any, new: Any, path: Path, field: str, around: str) -> Iterator[tuple[Path, bool]]:
    yield path, True
    if children(old, field, around):
        yield from ((each, False) for each in fields_of(old, path, field, around))
    if children(new, field, around):
        yield from ((each, True) for each in _added(new, path, field, around))


def _added(value: Any, path: Path, field: str, around: str) -> Iterator[Path]:
    parts = children(value, field, around)
    if not parts:
        yield path
        return
    listed = isinstance(value, list) and field in {"containers", "initContainers"}
    if not listed and not _always_present(path):
        yield path
    for element, (item, name, outer) in parts.items():
        yield from _added(item, (*path, element), name, outer)


def _always_present(path: Path) -> bool:
    return not path or (path[-1].startswith("f:") and path[-1][2:] in ALWAYS_PRESENT)


def encode(paths: Iterable[Path]) -> Manifest:
    """A set of paths as `fieldsV1`."""
    tree: Manifest = {}
    for path in sorted(paths):
        node = tree
        for element in path:
            node = node.setdefault(element, {})
        node["."] = {}
    return _without_leaf_marks(tree)


def _without_leaf_marks(tree: Manifest) -> Manifest:
    if tree.keys() == {"."}:
        return {}
    return {element: _without_leaf_marks(node) if element != "." else node for element, node in tree.items()}


def decode(tree: Manifest, path: Path = ()) -> Iterator[Path]:
    """The paths in a `fieldsV1`. Raises ValueError or TypeError when it is not one."""
    if not isinstance(tree, dict):
        raise TypeError("fieldsV1 is not a map of path elements")
    if path and (not tree or "." in tree):
        yield path
    for element, node in tree.items():
        if element != ".":
            if element[:2] not in {"f:", "k:", "v:", "i:"}:
                raise ValueError(f"fieldsV1 has the unknown path element {element!r}")
            yield from decode(node, (*path, element))


def describe(path: Path) -> str:
    """A path as messages write it: `.spec.template.spec.containers[name="app"].image`."""
    return "".join(_describe_element(element) for element in path)


def _describe_element(element: str) -> str:
    kind, rest = element[:2], element[2:]
    if kind == "k:":
        pairs = json.loads(rest)
        return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in sorted(pairs.items())) + "]"
    return f"[={rest}]" if kind == "v:" else f".{rest}"
