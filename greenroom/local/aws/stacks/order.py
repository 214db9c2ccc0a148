"""In which order the resources of a template are made: each after those that it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_SUBSTITUTE = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")


def ordered(resources: Mapping[str, Any]) -> list[str]:
    """The names of resources in the order of making; otherwise as the template has them."""
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in found or name in above:
            return
        for other in _needed(resources[name]):
            if other in resources:
                visit(other, (*above, name))
        found[name] = None

    for name in resources:
        visit(name, ())
    return list(found)


def _needed(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        depends = value.get("DependsOn", ())
        yield from [depends] if isinstance(depends, str) else depends
        for key, each in value.items():
            if key == "Ref":
                yield str(each)
            elif key == "Fn::GetAtt":
                yield str(each).split(".")[0] if isinstance(each, str) else str(each[0])
            elif key == "Fn::Sub":
                yield from _SUBSTITUTE.findall(each if isinstance(each, str) else str(each[0]))
            yield from _needed(each)
    elif isinstance(value, list):
        for each in value:
            yield from _needed(each)
