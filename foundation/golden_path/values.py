"""Whether the values that someone gave fit a golden path, and the values to render with.

Cookiecutter renders each value as a template of its own, so a value with template code in it would run. Such
values are refused by name rather than escaped: what people see in the form is then exactly what is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from foundation.errors import Problem
from foundation.findings import shown
from foundation.golden_path.errors import ValuesError
from foundation.golden_path.model import Field, GoldenPath
from foundation.suggestions import remedy

# What begins an expression, a statement and a comment in Jinja, as cookiecutter sets it up.
_TEMPLATE_CODE = re.compile(r"\{[{%#]")
_TRUTH: Final = {"true": True, "yes": True, "false": False, "no": False}
# How places are named in messages: values come from a form or a command, not from a file.
_PLACE = "values"


def validate_values(golden_path: GoldenPath, values: Mapping[str, object]) -> dict[str, str | bool]:
    """The values to render with: those given, and defaults for those left out.

    Fields whose default cookiecutter computes stay out. Raises ValuesError, whose `problems` name every wrong value.
    """
    problems: list[Problem] = []
    known = [field.name for field in golden_path.fields]
    for name in values:
        if name not in known:
            message = f"{shown(name)} is not a field of {golden_path.name}."
            problems.append(Problem(_PLACE, 0, 0, message, remedy(str(name), known)))
    checked: dict[str, str | bool] = {}
    for field in golden_path.fields:
        value = values.get(field.name)
        if value is None or (value == "" and field.required):
            if field.required:
                problems.append(Problem(_PLACE, 0, 0, f"{field.name} is missing.", _example(field)))
            elif field.default is not None:
                checked[field.name] = field.default
            continue
        found = [Problem(_PLACE, 0, 0, f"{field.name}: {what}", hint) for what, hint in _wrong(field, value)]
        problems += found
        if not found:
            checked[field.name] = _TRUTH[str(value).lower()] if field.kind == "boolean" else str(value)
    if problems:
        raise ValuesError(f"The values do not fit {golden_path.name}.", problems=problems)
    return checked


def _example(field: Field) -> str:
    return f'Give one, for example "{field.examples[0]}".' if field.examples else "Give one."


def _wrong(field: Field, value: object) -> Iterator[tuple[str, str]]:
    """What is wrong with the value, and what to do; the first finding says it all."""
    if field.kind == "boolean":
        if str(value).lower() not in _TRUTH:
            yield f"{shown(value)} is not true or false.", "Write true or false."
    elif not isinstance(value, str):
        yield f"{shown(value)} is not text.", "Put it in quotes."
    elif field.kind == "choice":
        if value not in field.choices:
            yield f"{shown(value)} is not one of the choices.", remedy(value, field.choices)
    else:
        yield from _wrong_text(field, value)


def _wrong_text(field: Field, value: str) -> Iterator[tuple[str, str]]:
    if len(value) > field.longest:
        yield f"{len(value)} characters are more than {field.longest}.", "Shorten it."
    elif any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in value):
        yield "line breaks and other control characters cannot be used.", "Write it on one line."
    elif _TEMPLATE_CODE.search(value):
        yield f"{shown(value)} has template code in it.", 'Leave out "{{", "{%" and "{#".'
    elif field.pattern and not re.fullmatch(field.pattern, value):
        rule = f"is not {field.rule}." if field.rule else f"does not match {field.pattern}"
        yield f"{shown(value)} {rule}", f'For example "{field.examples[0]}".' if field.examples else ""
