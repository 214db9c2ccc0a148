"""Path templates such as `/v1/runs/{run_id}/events`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_PARAMETER = re.compile(r"\{([^}/]+)\}")


class PathTemplate:
    """A path with named segments, each of one or more characters without a slash."""

    def __init__(self, template: str) -> None:
        self.template = template
        parts = _PARAMETER.split(template)
        self.names = parts[1::2]
        pattern = "".join("([^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
        self._pattern = re.compile(pattern)

    @property
    def shape(self) -> str:
        """The template without the names, equal for templates that match the same paths."""
        return _PARAMETER.sub("{}", self.template)

    def match(self, path: str) -> Mapping[str, str] | None:
        """The named segments of `path`, or None where it is another path."""
        found = self._pattern.fullmatch(path)
        return dict(zip(self.names, found.groups(), strict=True)) if found else None


def most_literal_first(templates: Iterable[str]) -> list[PathTemplate]:
    """Templates in the order in which they are tried: `/v1/health/stream` before `/v1/health/{name}`."""
    return sorted(map(PathTemplate, templates), key=lambda each: (len(each.names), each.template))
