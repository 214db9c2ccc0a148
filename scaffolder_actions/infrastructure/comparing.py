"""What another template would do to each resource of a stack, worked out from the two templates alone.

Where AWS says it itself, AWS is right (see `change_sets`). What stands in for AWS on a laptop does not.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from foundation.jsontypes import JsonObject
from scaffolder_actions.infrastructure.schemas import fixed_properties
from scaffolder_actions.plans.fields import differences
from scaffolder_actions.plans.model import FieldChange, Verb

# Properties that hold a secret, or where one is; values of theirs are shown to nobody.
SECRET = frozenset({"AuthToken", "MasterUserPassword", "SecretString", "TdeCredentialPassword"})
HIDDEN = "(hidden)"
_PROPERTIES = "Properties."
_SUBSTITUTE = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")


@dataclass(frozen=True)
class Touched:
    """One resource and what would be done about it. `before` and `after` are as the templates have it, if they do."""

    name: str
    type: str
    verb: Verb
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    fields: tuple[FieldChange, ...] = ()

    def values(self, field: str) -> tuple[Any, Any]:
        """A property as it is and as it would be; None where it is not given."""
        before, after = (each.get("Properties", {}).get(field) if each else None for each in (self.before, self.after))
        return before, after

    def changes(self, *fields: str) -> bool:
        """Whether one of these properties changes, or something inside of it."""
        return any(_is_within(each.path, f"{_PROPERTIES}{field}") for each in self.fields for field in fields)


def compared(before: JsonObject | None, after: JsonObject | None, region: str) -> dict[str, Touched]:
    """Every resource of either template by its logical id; None is no stack."""
    old, new = _resources(before), _resources(after)
    found = {name: _touched(name, old.get(name), new.get(name), region) for name in dict.fromkeys([*new, *old])}
    return _followed(found, region)


def hidden(change: FieldChange) -> FieldChange:
    """The change without values that nobody should read."""
    if not SECRET & set(change.path.replace("[", ".").split(".")):
        return change
    return FieldChange(change.path, *(None if each is None else HIDDEN for each in (change.before, change.after)))


def _resources(template: JsonObject | None) -> Mapping[str, Any]:
    found: Any = template.get("Resources") if template else None
    return found or {}


def _touched(name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, region: str) -> Touched:
    kind = str((after or before or {}).get("Type"))
    if before is None or after is None:
        return Touched(name, kind, "delete" if after is None else "create", before, after)
    fields = tuple(map(hidden, differences(before, after)))
    verb: Verb = "update" if fields else "keep"
    if before.get("Type") != kind or any(_is_fixed(each.path, kind, region) for each in fields):
        verb = "replace"
    return Touched(name, kind, verb, before, after, fields)


def _is_fixed(path: str, kind: str, region: str) -> bool:
    inside = path.removeprefix(_PROPERTIES)
    # Above a fixed property as well as below it: a mapping that comes or goes as a whole has it inside.
    return inside != path and any(
        _is_within(inside, each) or _is_within(each, inside) for each in fixed_properties(kind, region)
    )


def _is_within(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))


def _followed(found: dict[str, Touched], region: str) -> dict[str, Touched]:
    """With those that refer to a replaced one: they change too, or are replaced themselves, which goes on from there."""
    while True:
        replaced = {name for name, each in found.items() if each.verb == "replace"}
        changed = {
            name: _pulled_along(each, replaced, region)
            for name, each in found.items()
            if each.verb in {"keep", "update"}
        }
        if all(found[name] == each for name, each in changed.items()):
            return found
        found = {**found, **changed}


def _pulled_along(touched: Touched, replaced: set[str], region: str) -> Touched:
    properties = (touched.after or {}).get("Properties", {})
    paths = {f"{_PROPERTIES}{path}": name for path, name in _references(properties) if name in replaced}
    known = {each.path for each in touched.fields}
    more = tuple(
        FieldChange(path, f"the present {name}", f"the new {name}") for path, name in paths.items() if path not in known
    )
    if not more:
        return touched
    verb: Verb = "replace" if any(_is_fixed(each.path, touched.type, region) for each in more) else "update"
    return dataclasses.replace(touched, verb=verb, fields=(*touched.fields, *more))


def _references(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where another resource is referred to, and which; the path is that of the property, not of the reference."""
    if isinstance(value, Mapping):
        if isinstance(name := value.get("Ref"), str):
            yield path, name
        elif isinstance(get := value.get("Fn::GetAtt"), list | tuple | str):
            yield path, get.split(".")[0] if isinstance(get, str) else str(get[0])
        elif "Fn::Sub" in value:
            yield from ((path, name) for name in _substituted(value["Fn::Sub"]))
        else:
            for key, each in value.items():
                yield from _references(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _references(each, path)


def _substituted(given: Any) -> Iterator[str]:
    text = given if isinstance(given, str) else given[0]
    yield from _SUBSTITUTE.findall(str(text))
