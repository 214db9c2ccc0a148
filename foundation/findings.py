"""What a JSON Schema validator finds, as problems in the words of the document's author."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from foundation.errors import Problem
from foundation.suggestions import remedy
from foundation.yaml import Document, Path

Schema: TypeAlias = Mapping[str, Any]  # JSON Schema nests without end, which is not worth a type here

# Longer values are cut in messages, which stay on one line of a terminal.
_LONGEST_SHOWN = 60


def _pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[ValidationError]:
    # In JSON Schema `$` is the end of the text; in Python it also stands before a final line feed.
    if isinstance(instance, str) and (instance.endswith("\n") or not re.search(pattern, instance)):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class _Finding:
    """A validation error, as far as its words depend on it: which keyword of which schema what broke where."""

    path: Path
    keyword: str
    instance: Any  # foreign data, of any kind
    schema: Schema
    of_key: bool

    @classmethod
    def of(cls, error: ValidationError) -> _Finding:
        of_key = "propertyNames" in error.absolute_schema_path
        schema = cast("Schema", error.schema)
        return cls(tuple(error.absolute_path), str(error.validator), error.instance, schema, of_key)


def schema_problems(document: Document, schema: Schema) -> Iterator[Problem]:
    """Every way in which the document breaks the schema, each place once."""
    seen: set[tuple[Path, str]] = set()
    for finding in map(_Finding.of, Validator(schema).iter_errors(document.value)):
        # The kind of a value is wrong once, whatever else of it is.
        about = str(finding.instance) if finding.of_key else finding.keyword
        kind = about if finding.of_key or about in _SPECIAL else ""
        if (finding.path, kind) in seen:
            continue
        seen.add((finding.path, kind))
        words = _wrong_key if finding.of_key else _SPECIAL.get(finding.keyword, _wrong_value)
        yield from words(document, finding)


def name_of(path: Path) -> str:
    """A path as it is said to users: `dependencies[0].type`, without the `spec` that all share."""
    steps = path[1:] if path[:1] == ("spec",) and len(path) > 1 else path
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def shown(value: object) -> str:
    """A value as it is said to users, on one line and not too long."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _prefix(path: Path) -> str:
    return f"{name_of(path)}: " if path else ""


def _wrong_value(document: Document, finding: _Finding) -> Iterator[Problem]:
    path, what = finding.path, finding.schema.get("x-is", "what belongs here")
    if finding.instance is None:
        message = f"{name_of(path) if path else 'the document'} is empty."
        yield document.problem(path, message, f"Give {what}{', or remove it' if path else ''}.")
        return
    message = f"{_prefix(path)}{shown(finding.instance)} is not {what}."
    yield document.problem(path, message, _remedy(finding.instance, finding.schema))


def _remedy(value: object, schema: Schema) -> str:
    # A choice, or a choice among other forms that a value may have.
    choices = next((each["enum"] for each in [schema, *schema.get("anyOf", [])] if "enum" in each), None)
    if choices is not None:
        return remedy(str(value), map(str, choices))
    if "const" in schema:
        return f'Write "{schema["const"]}".'
    if schema.get("type") == "boolean":
        truth = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(value).lower())
        return f"Write {truth}." if truth else ""
    if schema.get("type") == "string" and isinstance(value, int | float):
        return "Put it in quotes if text is meant."
    # A name is easily put right; a path or an image that is simplified leads somewhere else.
    if "pattern" in schema and isinstance(value, str) and not set(value) & set("/:"):
        simpler = re.sub(r"[^a-z0-9]+", "-", value[:200].lower()).strip("-")
        if simpler and not list(_pattern(None, schema["pattern"], simpler, None)):
            return f'Did you mean "{simpler}"?'
    examples = schema.get("examples")
    return f"For example {shown(examples[0])}." if examples else ""


def _wrong_key(document: Document, finding: _Finding) -> Iterator[Problem]:
    message = f"{_prefix(finding.path)}{shown(finding.instance)} is not {finding.schema.get('x-is', 'a key')}."
    yield document.problem((*finding.path, finding.instance), message, "Rename it.", at_key=True)


def _missing(document: Document, finding: _Finding) -> Iterator[Problem]:
    for name in finding.schema["required"]:
        if name not in finding.instance:
            examples = finding.schema["properties"][name].get("examples", [])
            hint = f"Add it, for example `{name}: {examples[0]}`." if examples else "Add it."
            yield document.problem(finding.path, f"{_prefix(finding.path)}{name} is missing.", hint, at_key=True)


def _unknown(document: Document, finding: _Finding) -> Iterator[Problem]:
    fields = list(finding.schema["properties"])
    for name in finding.instance:
        if name not in fields:
            message = f"{_prefix(finding.path)}{shown(name)} is not a field."
            yield document.problem((*finding.path, name), message, remedy(name, fields), at_key=True)


def _repeated(document: Document, finding: _Finding) -> Iterator[Problem]:
    for index, value in enumerate(finding.instance):
        if value in finding.instance[:index]:
            path: Path = (*finding.path, index)
            yield document.problem(path, f"{name_of(path)}: {shown(value)} stands here a second time.", "Remove it.")
            return


def _too_few(document: Document, finding: _Finding) -> Iterator[Problem]:
    message = f"{name_of(finding.path)}: fewer than {finding.schema['minItems']} entries."
    yield document.problem(finding.path, message, "Name some, or remove the field.")


def _too_many(document: Document, finding: _Finding) -> Iterator[Problem]:
    message = f"{name_of(finding.path)}: more than {finding.schema['maxItems']} entries."
    yield document.problem(finding.path, message, "Remove some.")


_SPECIAL: Mapping[str, Callable[[Document, _Finding], Iterator[Problem]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "uniqueItems": _repeated,
    "minItems": _too_few,
    "maxItems": _too_many,
}
