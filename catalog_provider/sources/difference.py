"""What became of the documents of a source from one look to the next."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_provider.sources.model import DocumentReading

# Documents that are compared in one go. Those that are the objects given before cost a few nanoseconds each so.
_AT_ONCE = 1000


def difference(
    before: Sequence[DocumentReading], after: Sequence[DocumentReading]
) -> dict[str, DocumentReading | None]:
    """By location: the documents that are new or others, and None for those that are gone.

    Sources give what did not change as the object given before, and in its place. So a look from both ends leaves few to
    be told apart by their locations, which of 100,000 takes 50 ms.
    """
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    held = {each.origin.location: each for each in before[first : len(before) - last]}
    now = {each.origin.location: each for each in after[first : len(after) - last]}
    gone = held.keys() - now.keys()
    if gone:
        # One that was given twice may be there still.
        gone -= {each.origin.location for each in after}
    return {**{place: each for place, each in now.items() if held.get(place) != each}, **dict.fromkeys(gone)}


def _alike(one: Sequence[DocumentReading], other: Sequence[DocumentReading]) -> int:
    """How many are the same, from the first on."""
    place, shorter = 0, min(len(one), len(other))
    while place < shorter and one[place : place + _AT_ONCE] == other[place : place + _AT_ONCE]:
        place += _AT_ONCE
    while place < shorter and one[place] == other[place]:
        place += 1
    return min(place, shorter)
