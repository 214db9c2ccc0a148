"""A golden path's form on a terminal: the same questions, words and checks as on the Create page."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import click

from foundation.errors import InputError
from foundation.suggestions import remedy
from greenroom.cli.output import console


def fields(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The form's fields in their order: JSON Schemas by name."""
    found = {name: schema for page in _pages(template) for name, schema in page.get("properties", {}).items()}
    return {name: schema for name, schema in found.items() if _asks(schema)}


def required(template: dict[str, Any]) -> set[str]:
    """The fields that need an answer."""
    return {name for page in _pages(template) for name in page.get("required", [])}


def answers(template: dict[str, Any], pairs: Sequence[str], teams: Sequence[str]) -> dict[str, Any]:
    """What `NAME=VALUE` pairs give, and on a terminal what people answer to the other questions.

    `teams` are offered where the form has a picker. InputError names what is unknown or missing.
    """
    known = fields(template)
    given = _given(pairs, known)
    missing = [name for name in known if name not in given]
    needed = required(template)
    if sys.stdin.isatty():
        return given | {name: _ask(known[name], name, teams, needed=name in needed) for name in missing}
    absent = [name for name in missing if name in needed and "default" not in known[name]]
    if absent:
        how = " ".join(f"-s {name}=…" for name in absent)
        raise InputError(f"{', '.join(absent)} must be given.", remedy=f"Add {how}")
    return given


def fault(schema: dict[str, Any], answer: str) -> str | None:
    """What the form would say about this text; the server checks it once more."""
    if not answer:
        return None
    if (longest := schema.get("maxLength")) and len(answer) > longest:
        return f"{len(answer)} characters are more than {longest}."
    if (pattern := schema.get("pattern")) and not re.search(pattern, answer):
        messages = schema.get("errorMessage") or {}
        return str(messages.get("pattern") or f"It does not match {pattern}.")
    return None


def _asks(schema: dict[str, Any]) -> bool:
    """Whether it is a question: what the portal does not show for review only shows something itself."""
    review = schema.get("ui:backstage", {}).get("review", {})
    return bool(review.get("show", True))


def _pages(template: dict[str, Any]) -> list[dict[str, Any]]:
    parameters = template["spec"]["parameters"]
    return parameters if isinstance(parameters, list) else [parameters]


def _given(pairs: Sequence[str], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator:
            raise InputError(f'"{pair}" is not NAME=VALUE.', remedy="For example: -s name=invoice-api")
        if name not in known:
            raise InputError(f'The golden path does not ask for "{name}".', remedy=remedy(name, known))
        given[name] = text.lower() == "true" if known[name].get("type") == "boolean" else text
    return given


def _ask(schema: dict[str, Any], name: str, teams: Sequence[str], *, needed: bool) -> str | bool:
    """Ask with the form's own words until the answer fits. Questions go to standard error, as logs do."""
    console(error=True).print(f"\n{_explanation(schema, teams)}", style="dim", markup=False)
    title = str(schema.get("title", name))
    if schema.get("type") == "boolean":
        return bool(click.confirm(title, default=bool(schema.get("default")), err=True))
    default = schema.get("default", None if needed else "")
    if schema.get("enum"):
        return str(click.prompt(title, default=default, type=click.Choice(schema["enum"]), err=True))

    def fitting(answer: str) -> str:
        if wrong := fault(schema, answer):
            raise click.UsageError(wrong)
        return answer

    text = title if needed or default else f"{title} (optional)"
    return str(click.prompt(text, default=default, value_proc=fitting, show_default=bool(default), err=True))


def _explanation(schema: dict[str, Any], teams: Sequence[str]) -> str:
    sentences = [str(schema.get("description", ""))]
    if example := schema.get("ui:placeholder"):
        sentences.append(f"For example: {example}")
    if schema.get("ui:field") == "OwnerPicker" and teams:
        sentences.append(f"Teams: {', '.join(teams)}")
    return " ".join(sentences).strip()
