"""From `cookiecutter.json` and what `golden-path.yaml` says about it to the fields of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from foundation.errors import Problem
from foundation.golden_path.model import LONGEST_VALUE, Field
from foundation.suggestions import remedy
from foundation.yaml import Document


def read_fields(said: Mapping[str, Mapping[str, Any]], context: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields in the order of `cookiecutter.json`; both documents are checked already."""
    prompts = context.get("__prompts__", {})
    names = [name for name in context if not name.startswith("_")]
    return tuple(_field(name, context[name], said.get(name, {}), prompts.get(name)) for name in names)


def field_problems(description: Document, context: Document) -> Iterator[Problem]:
    """What does not go together in the two documents, each of which is fine by itself."""
    said: Mapping[str, Mapping[str, Any]] = description.mapping.get("fields", {})
    known = [name for name in context.mapping if not name.startswith("_")]
    for name, words in said.items():
        if name not in known:
            message = f'"{name}" is not a field of cookiecutter.json.'
            yield description.problem(("fields", name), message, remedy(name, known), at_key=True)
        elif "pattern" in words:
            yield from _pattern_problems(description, name, words)


def _pattern_problems(description: Document, name: str, words: Mapping[str, Any]) -> Iterator[Problem]:
    path = ("fields", name, "pattern")
    try:
        pattern = re.compile(words["pattern"])
    except re.error as error:
        yield description.problem(path, f"not a regular expression: {error}.", "Mend it.")
        return
    for index, example in enumerate(words.get("examples", [])):
        if not pattern.fullmatch(example):
            place = ("fields", name, "examples", index)
            yield description.problem(place, f'"{example}" does not match the pattern.', "Change one of the two.")


def _field(name: str, raw: Any, words: Mapping[str, Any], prompt: Any) -> Field:
    kind: Literal["string", "choice", "boolean"] = (
        "boolean" if isinstance(raw, bool) else "choice" if isinstance(raw, list) else "string"
    )
    labels = prompt if isinstance(prompt, Mapping) else {}
    asked = labels.get("__prompt__") if labels else prompt
    choices = tuple(map(str, raw)) if kind == "choice" else ()
    required = bool(words.get("required", False))
    return Field(
        name=name,
        title=words.get("title") or name.replace("_", " ").capitalize(),
        description=words.get("description") or str(asked or ""),
        kind=kind,
        required=required,
        default=None if required else _default(raw),
        choices=choices,
        choice_titles={choice: str(labels.get(choice, choice)) for choice in choices},
        pattern=_whole(words.get("pattern")),
        rule=words.get("rule", ""),
        examples=tuple(words.get("examples", ())),
        longest=words.get("longest", LONGEST_VALUE),
        format=words.get("format", "text"),
    )


def _whole(pattern: str | None) -> str | None:
    # Forms look for a match anywhere in the value.
    return pattern if pattern is None or (pattern[:1] == "^" and pattern[-1:] == "$") else f"^(?:{pattern})$"


def _default(raw: Any) -> str | bool | None:
    if isinstance(raw, bool):
        return raw
    text = str(raw[0] if isinstance(raw, list) else "" if raw is None else raw)
    # Computed from other fields when the golden path is rendered.
    return None if "{{" in text or "{%" in text else text
