"""What someone most likely meant, for the remedy beside an error."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# Comparing costs the product of the lengths, and no name is longer.
_LONGEST = 80
# More choices than this are not read anyway.
_MOST_CHOICES = 12


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that is most like `word`, or None where none is much like it."""
    by_lower = {choice.lower(): choice for choice in choices}
    found = difflib.get_close_matches(word[:_LONGEST].lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def remedy(word: str, choices: Iterable[str]) -> str:
    """`Did you mean "postgresql"?`, or the choices where nothing is close."""
    known = list(choices)
    meant = closest(word, known)
    if meant is not None:
        return f'Did you mean "{meant}"?'
    more = ", …" if len(known) > _MOST_CHOICES else ""
    return f"Choose one of {', '.join(known[:_MOST_CHOICES])}{more}."
