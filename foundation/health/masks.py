"""Which parts of an object a rule reads, in the shape of the object itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

# None keeps a value as it is; under a name of a Mapping, look further, through lists too.
Mask: TypeAlias = "Mapping[str, Mask] | None"

KEEP: Final = None


def kept(*names: str, **deeper: Mask) -> Mapping[str, Mask]:
    """A mask that keeps `names` whole, and of the others what their masks say."""
    return {**dict.fromkeys(names, KEEP), **deeper}


def merged(one: Mask, other: Mask) -> Mask:
    """A mask that keeps what either keeps."""
    if one is None or other is None:
        return KEEP
    return {name: merged(one.get(name, {}), other.get(name, {})) for name in {**one, **other}}
