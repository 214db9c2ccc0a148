"""Small readings of plain values."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from foundation.jsontypes import Json

# MkDocs reads YAML 1.1, where these words are truth values; repositories count on it.
_TRUTHS: Final = {"yes": True, "on": True, "no": False, "off": False}


def truth(value: Json) -> bool | None:
    """The truth value that MkDocs would see; None when it would see none."""
    if isinstance(value, bool):
        return value
    return _TRUTHS.get(value.lower()) if isinstance(value, str) else None


def inner_path(text: str) -> str | None:
    """A relative path in its plain form, such as `docs/guide`; None when it leads outside or nowhere."""
    path = PurePosixPath(text)
    if path.is_absolute() or "\\" in text or "\0" in text:
        return None
    parts: list[str] = []
    for part in path.parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return "/".join(parts)
