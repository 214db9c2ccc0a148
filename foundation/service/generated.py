"""How a file of a repository shows that the platform made it, and may change it."""

from __future__ import annotations

# How each generated file begins, whatever the rest of its first line says.
MARK = "# Made by Greenroom"


def is_generated(text: str) -> bool:
    """Whether the platform made the file of that text."""
    return text.startswith(MARK)
