"""Changes one value in the text of a Service document, and leaves every other character as the team wrote it."""

from __future__ import annotations

import json
import re
from typing import Any

from foundation.errors import InputError
from foundation.findings import name_of
from foundation.yaml import Document, Path, YamlError, load_yaml

# Words that YAML reads as text without quotes, whatever version of it.
_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][A-Za-z0-9_-]*", re.IGNORECASE)


def with_value(text: str, file: str, path: tuple[str, ...], value: str | int) -> str:
    """`text` with the scalar `value` at `path`, such as ("spec", "platform"); mappings on the way are made.

    Raises InputError where the text is written in a way that cannot be changed so; then a person has to.
    """
    document = load_yaml(text, file)
    changed = _edited(text, document, path, value)
    try:
        after = load_yaml(changed, file).value
    except YamlError:
        after = None
    # Proof that nothing but the value is different, however the text is written.
    if after != _with(document.value, path, value):
        raise InputError(
            f"{file} is written in a way that {name_of(path)} cannot be changed by itself.",
            remedy=f"Write `{path[-1]}: {_scalar(value)}` there by hand.",
        )
    return changed


def _edited(text: str, document: Document, path: Path, value: str | int) -> str:
    lines = text.splitlines(keepends=True)
    depth = _depth(document.value, path)
    if depth == len(path):
        line, column = document.position(path)
        old = lines[line - 1]
        start = old[: column - 1]
        end = re.match(r"""("[^"]*"|'[^']*'|[^\s,}#]+)""", old[column - 1 :])
        lines[line - 1] = f"{start}{_scalar(value)}{old[column - 1 + end.end() :]}" if end else old
        return "".join(lines)
    # Behind the key of the nearest mapping that is there, before what it holds.
    line, column = document.key_position(path[:depth])
    first = document.position(path[:depth])
    indent = " " * (first[1] - 1 if first[0] > line else column + 1)
    added = [f"{indent}{'  ' * number}{key}:\n" for number, key in enumerate(path[depth:-1])]
    added.append(f"{indent}{'  ' * (len(path) - depth - 1)}{path[-1]}: {_scalar(value)}\n")
    return "".join([*lines[:line], *added, *lines[line:]])


def _depth(value: Any, path: Path) -> int:
    """How many steps of `path` are there."""
    for number, step in enumerate(path):
        if not isinstance(value, dict) or step not in value:
            return number
        value = value[step]
    return len(path)


def _with(value: Any, path: Path, new: str | int) -> Any:
    if not path:
        return new
    below = value if isinstance(value, dict) else {}
    return {**below, path[0]: _with(below.get(path[0]), path[1:], new)}


def _scalar(value: str | int) -> str:
    return str(value) if isinstance(value, int) or _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
