"""Lays what an environment overrides over the rest of a Service document, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from foundation.errors import Problem
from foundation.yaml import Document, Path

Data: TypeAlias = Mapping[str, Any]  # of any kind, since the document may be wrong


def label_of(dependency: Data) -> str:
    """What overrides call a dependency: its type, or `orders-postgresql` for the one called `orders`."""
    kind, name = dependency.get("type"), dependency.get("name")
    return f"{name}-{kind}" if isinstance(name, str) and name != kind else str(kind)


def merged_spec(spec: Data, override: Data) -> dict[str, Any]:
    """`spec` as it is in the environment: mappings are merged, everything else is replaced."""
    rest = {key: value for key, value in override.items() if key != "dependencies"}
    merged = _merged(spec, rest)
    changes = override.get("dependencies")
    dependencies = spec.get("dependencies")
    if isinstance(changes, Mapping) and isinstance(dependencies, list):
        merged["dependencies"] = [_changed(each, changes) for each in dependencies]
    return merged


def _changed(dependency: Any, changes: Data) -> Any:
    if not isinstance(dependency, dict):
        return dependency
    change = changes.get(label_of(dependency))
    return {**dependency, **change} if isinstance(change, Mapping) else dependency


def _merged(base: Data, over: Data) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = _merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


@dataclass(frozen=True)
class Overlaid:
    """A document as it is in one environment. Findings are placed at the override where it says something there."""

    document: Document
    environment: str

    @property
    def value(self) -> Any:
        """The whole document with the override laid over it; of any kind, since it may be wrong."""
        spec = self.document.mapping.get("spec")
        if not isinstance(spec, Mapping) or not isinstance(self._override, Mapping):
            return self.document.value
        return {**self.document.mapping, "spec": merged_spec(spec, self._override)}

    @property
    def _override(self) -> Any:
        spec = self.document.mapping.get("spec")
        overrides = spec.get("overrides") if isinstance(spec, Mapping) else None
        return overrides.get(self.environment) if isinstance(overrides, Mapping) else None

    def problem(self, path: Path, message: str, remedy: str = "", *, at_key: bool = False) -> Problem:
        """A finding at what the override says there, or else at what the document says."""
        here: Path = ("spec", "overrides", self.environment, *self._own(path[1:]))
        return self.document.problem(here, f"In {self.environment}, {message}", remedy, at_key=at_key)

    def _own(self, path: Path) -> Path:
        if path[:1] != ("dependencies",) or len(path) < 2:  # noqa: PLR2004  the list and an index
            return path
        dependency = self.document.mapping["spec"]["dependencies"][path[1]]
        return ("dependencies", label_of(dependency), *path[2:])
