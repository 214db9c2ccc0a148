"""JSON Schemas, compiled once, that name every fault of a value in plain words."""

from __future__ import annotations

from foundation.jsontypes import Json, JsonObject

# Enough to mend a document in one go; more hides the message.
MOST_FAULTS = 20
# A fault quotes the value it is about.
LONGEST_FAULT = 300


class Schema:
    """A JSON Schema in the dialect that its `$schema` names, by default 2020-12; raises SchemaError for a wrong one."""

    def __init__(self, document: JsonObject) -> None:
        from jsonschema import Draft202012Validator
        from jsonschema.validators import validator_for

        kind = validator_for(document, default=Draft202012Validator)
        kind.check_schema(document)
        self._validator = kind(document)

    def faults(self, value: Json) -> list[str]:
        """What is wrong with `value`, as `place: message`, in the order of the places; empty where it fits."""
        found = sorted(self._validator.iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path])
        named = [f"{_place(error.absolute_path)}{error.message}"[:LONGEST_FAULT] for error in found[:MOST_FAULTS]]
        if len(found) > MOST_FAULTS:
            named.append(f"and {len(found) - MOST_FAULTS} more")
        return named


def _place(path: object) -> str:
    text = ""
    for part in path:  # type: ignore[attr-defined]
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return f"{text}: " if text else ""
