"""The way out: a team's own changes to what is generated, laid over it at each rendering."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import jsonpatch
from jsonpointer import JsonPointerException

from foundation.errors import Problem
from foundation.jsontypes import JsonObject
from foundation.service import Patch
from foundation.suggestions import remedy

# The fields by which a cluster knows an object, and a stack a resource; others would make another thing of it.
_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"), ("Type",))


@dataclass
class Patching:
    """The patches of one environment.

    Afterwards `hit` has which of them hit something, `seen` the kinds and names that there were, and `problems` what was
    wrong with patches that did hit.
    """

    patches: Sequence[Patch]
    hit: set[int] = field(default_factory=set)
    seen: set[tuple[str, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def objects(self, objects: Sequence[JsonObject]) -> tuple[JsonObject, ...]:
        """Kubernetes objects with the patches of their kinds."""
        return tuple(self._object(each) for each in objects)

    def stack(self, template: JsonObject | None) -> JsonObject | None:
        """A stack's template with the patches of its resources' types."""
        if template is None:
            return None
        resources = cast("Mapping[str, JsonObject]", template["Resources"])
        patched = {name: self._apply(each, str(each["Type"]), name) for name, each in resources.items()}
        return {**template, "Resources": patched}

    def _object(self, item: JsonObject) -> JsonObject:
        name = str(cast("JsonObject", item["metadata"])["name"])
        return self._apply(item, str(item["kind"]), name)

    def _apply(self, item: JsonObject, kind: str, name: str) -> JsonObject:
        self.seen.add((kind, name))
        for index, patch in enumerate(self.patches):
            if patch.kind != kind or patch.name not in (None, name):
                continue
            self.hit.add(index)
            item = self._one(item, patch, f"{kind} {name}")
        return item

    def _one(self, item: JsonObject, patch: Patch, what: str) -> JsonObject:
        try:
            changed = _merged(item, patch.merge) if patch.merge is not None else _operated(item, patch.operations)
        except (jsonpatch.JsonPatchException, JsonPointerException, TypeError) as error:
            self._report(
                patch, f"the patch does not fit {what}: {error}.", "Look at it with `greenroom service render`."
            )
            return item
        if not isinstance(changed, Mapping) or any(_at(changed, path) != _at(item, path) for path in _IDENTITY):
            self._report(patch, f"the patch would make another object of {what}.", "Leave kind and name as they are.")
            return item
        return cast("JsonObject", changed)

    def _report(self, patch: Patch, message: str, remedy: str) -> None:
        place = patch.place
        self.problems.append(Problem(place.file, place.line, place.column, message, remedy))


def missed(patches: Sequence[Patch], hit: set[int], seen: set[tuple[str, str]]) -> list[Problem]:
    """A finding for each patch that changed nothing anywhere, with what it may have meant among what was `seen`."""
    return [_missed(patch, seen) for index, patch in enumerate(patches) if index not in hit]


def _missed(patch: Patch, seen: set[tuple[str, str]]) -> Problem:
    names = sorted(name for kind, name in seen if kind == patch.kind)
    what, meant = (patch.name, names) if patch.name and names else (patch.kind, sorted({kind for kind, _ in seen}))
    named = f" {patch.name}" if patch.name else ""
    message = f"the patch hits nothing: no {patch.kind}{named} is generated."
    return Problem(patch.place.file, patch.place.line, patch.place.column, message, remedy(what, meant))


def _merged(target: Any, patch: Any) -> Any:
    """RFC 7386: what a merge patch makes of `target`."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result


def _operated(item: JsonObject, operations: Sequence[JsonObject]) -> Any:
    return jsonpatch.apply_patch(copy.deepcopy(item), [dict(each) for each in operations])


def _at(item: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = item
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
