"""JSON Schemas, compiled once, that name every fault of a value in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from foundation.jsontypes import Json, JsonObject

if TYPE_CHECKING:
    from jsonschema import ValidationError

# Enough to mend a document in one go. More would hide the message, and a hostile list has a million.
MOST_FAULTS = 20
# A fault quotes the value it is about.
LONGEST_FAULT = 300
_CREDENTIALS = re.compile(r"://[^/@\s]*@")


class Schema:
    """A JSON Schema in the dialect that its `$schema` names, by default 2020-12; raises SchemaError for a wrong one."""

    def __init__(self, document: JsonObject) -> None:
        from jsonschema import Draft202012Validator
        from jsonschema.validators import validator_for

        kind = validator_for(document, default=Draft202012Validator)
        schema = dict(document)
        kind.check_schema(schema)
        self._validator = kind(schema)

    def faults(self, value: Json) -> list[str]:
        """What is wrong with `value`, as `place: message`; empty where it fits."""
        return name_faults(self._validator.iter_errors(value))


def name_faults(errors: Iterable[ValidationError]) -> list[str]:
    """The errors as `place: message`, in the order of the places, and not more than help."""
    some = list(islice(errors, MOST_FAULTS + 1))
    found = sorted(some[:MOST_FAULTS], key=lambda error: [str(part) for part in error.absolute_path])
    named = [f"{_place(error.absolute_path)}{_quotable(error.message)}"[:LONGEST_FAULT] for error in found]
    return [*named, "and more"] if len(some) > MOST_FAULTS else named


def _quotable(message: str) -> str:
    """The message without the credentials of an address in it."""
    return _CREDENTIALS.sub("://***@", message)


def _place(path: Iterable[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return f"{text}: " if text else ""
