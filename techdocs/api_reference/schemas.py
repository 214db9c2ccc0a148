"""Schemas in words: the type of a value, the fields of an object, an example.

A reference to a named schema becomes a link to it and is not followed, so a schema that holds itself
needs no special care; only `allOf` and examples look through references, and count their steps.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from foundation.jsontypes import Json
from techdocs.api_reference.document import References, items, mapping, schema_name, text
from techdocs.api_reference.model import Field, Shape
from techdocs.prose import code, inert

# Levels of objects in objects that stand in one table.
DEEPEST: Final = 4
# Rows of one table; more cannot be read.
MOST_FIELDS: Final = 200
# Values of one example.
MOST_VALUES: Final = 200
# Characters of an enumeration's value or a pattern in a note.
LONGEST_NOTE: Final = 200
MOST_CHOICES: Final = 30

_LIMITS: Final = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
}
_SAMPLES: Final[dict[str, Json]] = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "uri": "https://example.com",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "string": "string",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
}


def anchor(name: str) -> str:
    """The anchor of a named schema on the page of schemas."""
    return "schema-" + "".join(character if character.isascii() and character.isalnum() else "-" for character in name)


class Schemas:
    """Reads the schemas of one document; `page` is the page with the named ones, as links see it."""

    def __init__(self, references: References, names: frozenset[str], page: str) -> None:
        self._references = references
        self._names = names
        self._page = page

    def shape(self, schema: Json) -> Shape:
        """The schema as its page shows it."""
        resolved = self._references.resolve(schema)
        fields = tuple(self._fields(schema, "", 0, _Budget(MOST_FIELDS))) if schema_name(schema) is None else ()
        return Shape(self.type(schema), text(resolved.get("description")), fields, self.example(schema))

    def named(self, schema: Json) -> Shape:
        """A named schema, whose own fields are shown where others link to."""
        resolved = self._references.resolve(schema)
        budget = _Budget(MOST_FIELDS)
        fields = tuple(self._fields(resolved, "", 0, budget))
        return Shape(self.type(resolved), text(resolved.get("description")), fields, self.example(resolved))

    def type(self, schema: Json, depth: int = 0) -> str:
        """The type of a value, as Markdown with links to named schemas."""
        name = schema_name(schema)
        if name is not None and name in self._names:
            return f"[{inert(name)}]({self._page}#{anchor(name)})"
        resolved = self._references.resolve(schema)
        if schema is True or depth > DEEPEST:
            return "any"
        return self._composed(resolved, depth) or self._plain_type(resolved, depth)

    def _composed(self, schema: Mapping[str, Json], depth: int) -> str:
        for keyword, word in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
            parts = [self.type(part, depth + 1) for part in items(schema.get(keyword))][:MOST_CHOICES]
            if parts and "properties" not in schema:
                return word.join(dict.fromkeys(parts))
        return ""

    def _plain_type(self, schema: Mapping[str, Json], depth: int) -> str:
        declared = schema.get("type")
        kinds = [text(kind) for kind in items(declared)] or [text(declared)]
        if schema.get("nullable") is True:
            kinds.append("null")
        return " or ".join(self._kind(kind, schema, depth) for kind in dict.fromkeys(kinds))

    def _kind(self, kind: str, schema: Mapping[str, Json], depth: int) -> str:
        if kind == "array" or (not kind and "items" in schema):
            return f"list of {self.type(schema.get('items', {}), depth + 1)}"
        more = schema.get("additionalProperties")
        if kind == "object" and isinstance(more, Mapping) and more and "properties" not in schema:
            return f"map of {self.type(more, depth + 1)}"
        if not kind:
            return "object" if "properties" in schema else "any"
        form = text(schema.get("format"))
        return f"{inert(kind)} ({inert(form)})" if form and kind != "null" else inert(kind)

    def notes(self, schema: Json) -> str:
        """What else is said of a value: its choices, its limits, its default. Markdown."""
        resolved = self._references.resolve(schema) if schema_name(schema) is None else {}
        notes: list[str] = []
        choices = list(items(resolved.get("enum")))
        if choices:
            shown = ", ".join(code(_short(choice)) for choice in choices[:MOST_CHOICES])
            notes.append(f"one of {shown}{', …' if len(choices) > MOST_CHOICES else ''}")
        if "const" in resolved:
            notes.append(f"always {code(_short(resolved['const']))}")
        for keyword, words in _LIMITS.items():
            limit = resolved.get(keyword)
            if isinstance(limit, (int, float)) and not isinstance(limit, bool):
                notes.append(words.format(inert(str(limit))))
        if isinstance(resolved.get("pattern"), str):
            notes.append(f"matches {code(_short(resolved['pattern']))}")
        if "default" in resolved:
            notes.append(f"default {code(_short(resolved['default']))}")
        if resolved.get("readOnly") is True:
            notes.append("read only")
        if resolved.get("writeOnly") is True:
            notes.append("write only")
        if resolved.get("deprecated") is True:
            notes.append("deprecated")
        return "; ".join(notes)

    def _fields(self, schema: Json, prefix: str, depth: int, budget: _Budget) -> Iterator[Field]:
        """The properties of an object, those of inline objects and lists of objects after their own row."""
        for owner in self._members(schema, 0):
            required = {text(name) for name in items(owner.get("required"))}
            for name, value in mapping(owner.get("properties")).items():
                if not budget.spend():
                    return
                inner = self._references.resolve(value) if schema_name(value) is None else {}
                yield Field(
                    f"{prefix}{name}",
                    self.type(value),
                    required=name in required,
                    description=text(inner.get("description")),
                    notes=self.notes(value),
                )
                below = inner.get("items") if "items" in inner else value
                if depth < DEEPEST and inner and schema_name(below) is None:
                    nested = f"{prefix}{name}{'[]' if 'items' in inner else ''}."
                    yield from self._fields(below, nested, depth + 1, budget)

    def _members(self, schema: Json, hops: int) -> Iterator[Mapping[str, Json]]:
        """The schema and all that `allOf` adds to it."""
        resolved = self._references.resolve(schema)
        if hops > DEEPEST:
            return
        for part in items(resolved.get("allOf")):
            yield from self._members(part, hops + 1)
        yield resolved

    def example(self, schema: Json) -> Json:
        """The example that the schema gives, or one made of its types; None where it would say nothing."""
        return self._sample(schema, (), _Budget(MOST_VALUES))

    def _sample(self, schema: Json, above: tuple[str, ...], budget: _Budget) -> Json:
        name = schema_name(schema)
        resolved = self._references.resolve(schema)
        if not budget.spend() or (name is not None and name in above) or len(above) > 2 * DEEPEST:
            return None
        given = _given(resolved)
        if given is not None:
            return given
        path = (*above, name or "")
        for keyword in ("oneOf", "anyOf"):
            first = next(items(resolved.get(keyword)), None)
            if first is not None:
                return self._sample(first, path, budget)
        fields: dict[str, Json] = {}
        for owner in self._members(resolved, 0):
            for key, value in mapping(owner.get("properties")).items():
                sample = self._sample(value, path, budget)
                if sample is not None:
                    fields[key] = sample
        return fields or self._simple(resolved, path, budget)

    def _simple(self, schema: Mapping[str, Json], path: tuple[str, ...], budget: _Budget) -> Json:
        if "items" in schema:
            sample = self._sample(schema["items"], path, budget)
            return [] if sample is None else [sample]
        kind = next((text(each) for each in items(schema.get("type"))), text(schema.get("type")))
        form = text(schema.get("format"))
        return _SAMPLES.get(form) if form in _SAMPLES and kind == "string" else _SAMPLES.get(kind)


class _Budget:
    """A number of things that may still be made."""

    def __init__(self, left: int) -> None:
        self._left = left

    def spend(self) -> bool:
        self._left -= 1
        return self._left >= 0


def _given(schema: Mapping[str, Json]) -> Json:
    examples = next(items(schema.get("examples")), None)
    choice = next(items(schema.get("enum")), None)
    for value in (schema.get("example"), examples, schema.get("const"), schema.get("default"), choice):
        if value is not None:
            return value
    return None


def _short(value: Json) -> str:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= LONGEST_NOTE else f"{shown[:LONGEST_NOTE]}…"
