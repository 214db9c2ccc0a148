"""A golden path as forms, templates and the renderer see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# Characters. Longer answers are documents, and belong into the repository.
LONGEST_VALUE = 1000


@dataclass(frozen=True)
class Field:
    """One thing that the form asks for.

    `default` is None where there is none: for a required field, and where cookiecutter computes it from other
    fields. A string matches `pattern`, which is anchored at both ends and which `rule` says in words; it has
    at most `longest` characters.
    `choices` are the values of a choice, `choice_titles` what to show for them. `format` says that a value is a
    reference for which a form may offer a picker.
    """

    name: str
    title: str
    description: str
    kind: Literal["string", "choice", "boolean"]
    required: bool
    default: str | bool | None
    choices: tuple[str, ...]
    choice_titles: Mapping[str, str]
    pattern: str | None
    rule: str
    examples: tuple[str, ...]
    longest: int
    format: Literal["text", "team", "service"]


@dataclass(frozen=True)
class GoldenPath:
    """A cookiecutter with what people need to know before they choose it.

    `name` is the folder's. `version` is a digest of all files: two golden paths with the same version render the
    same. `gives` are the things that one gets, a short line each.
    """

    name: str
    title: str
    description: str
    gives: tuple[str, ...]
    tags: tuple[str, ...]
    owner: str
    type: str
    duration_minutes: int
    fields: tuple[Field, ...]
    folder: Path
    version: str

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((each for each in self.fields if each.name == name), None)
