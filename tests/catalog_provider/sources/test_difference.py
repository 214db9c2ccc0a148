"""What became of the documents of a source from one look to the next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog_provider.sources.difference import difference
from catalog_provider.sources.model import DocumentReading

from .samples import component, document

# The same few objects again and again, as sources give what did not change.
DOCUMENTS = {
    (file, owner): document(file, component(file, owner)) for file in "abcdef" for owner in ("commerce", "payment")
}
looks = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(("commerce", "payment"))).map(
    lambda chosen: [DOCUMENTS[each] for each in chosen.items()]
)


def by_location(look: list[DocumentReading]) -> dict[str, DocumentReading | None]:
    return {each.origin.location: each for each in look}


@given(looks, looks)
def test_it_leads_from_one_look_to_the_next(before: list[DocumentReading], after: list[DocumentReading]) -> None:
    """And names nothing that is as it was."""
    old, new = by_location(before), by_location(after)
    expected = {place: new.get(place) for place in {*old, *new} if old.get(place) != new.get(place)}
    assert difference(before, after) == expected


def test_what_is_far_from_both_ends_is_found() -> None:
    """Also among many, where they are compared in large parts."""
    before = [document(str(number), component("a")) for number in range(3500)]
    after = [*before]
    after[1700] = document("1700", component("a", "payment"))
    assert difference(before, after) == {"url:1700": after[1700]}
    del after[1699]
    assert difference(before, after) == {"url:1699": None, "url:1700": after[1699]}
    assert not difference(before, [*before])
