"""Objects cut down to what rules read, before they are kept.

A pod of 5 kB JSON keeps a fifth of it. What is kept is told by the rule of its kind; empty values are not kept: an absent
one says the same.
"""

from __future__ import annotations

import sys

from catalog_provider.cluster.kinds import Kind
from foundation.health.masks import Mask
from foundation.jsontypes import Json, JsonObject

# Characters of a text that are kept: an image name or a scheduler's reason is shorter, and a container may
# leave 4 kB of last words.
LONGEST_TEXT = 500


def slim(kind: Kind, item: JsonObject) -> JsonObject:
    """`item` with what the rule for `kind` reads. Lists leave out what each item is, so it is set."""
    slimmed: dict[str, Json] = {"apiVersion": kind.api_version, "kind": kind.name}
    for name, mask in kind.mask.items():
        value = _prune(item.get(name), mask)
        if value is not None:
            slimmed[name] = value
    return slimmed


def _prune(value: Json, mask: Mask) -> Json:
    """The part of `value` that `mask` names, None where that is empty."""
    if isinstance(value, str):
        # Names, reasons and images repeat over thousands of objects: one copy of each is kept.
        return sys.intern(value[:LONGEST_TEXT])
    if mask is None:
        return _whole(value)
    if isinstance(value, dict):
        pruned = {name: _prune(value[name], deeper) for name, deeper in mask.items() if name in value}
        return {name: each for name, each in pruned.items() if each is not None} or None
    if isinstance(value, list):
        return tuple(_prune(each, mask) for each in value) or None
    return None


def _whole(value: Json) -> Json:
    """All of `value`, its texts cut as everywhere: of a custom kind nobody knows what is long in it."""
    if isinstance(value, str):
        return sys.intern(value[:LONGEST_TEXT])
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()} or None
    if isinstance(value, list):
        return tuple(_whole(each) for each in value) or None
    return value
