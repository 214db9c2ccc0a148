"""However documents come, change and go, what comes of them is what all of them at once would come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog_provider.entities.origin import Origin
from catalog_provider.sources.claims import KeptDocument
from catalog_provider.sources.collation import Collation
from catalog_provider.sources.memory import GoodDocument
from foundation.json_fields import text_at
from foundation.jsontypes import Json, JsonObject

from .plain_collation import PlainCollation

SOURCES = 2
LOCATIONS = ("url:a", "url:b", "url:c", "url:d")
FIRST = datetime(2026, 11, 26, 8, tzinfo=UTC)
# Few names, so that documents get in one another's way.
names = st.sampled_from(("web", "shop", "cart"))
NEEDS = tuple(f"component:default/{each}" for each in ("web", "shop", "cart", "elsewhere"))
HOSTS = (
    "staging=try.io/,production=shop.io/",
    "production=shop.io/cart",
    "production=shop.io/,production=shop.io/a",
    "",
)


@st.composite
def entities(draw: st.DrawFn) -> JsonObject:
    kind = draw(st.sampled_from(("Component", "Component", "System")))
    annotations: dict[str, Json] = {"greenroom/hosts": draw(st.sampled_from(HOSTS))}
    if service := draw(st.none() | names):
        annotations["backstage.io/kubernetes-id"] = service
    spec: dict[str, Json] = {"dependsOn": draw(st.lists(st.sampled_from(NEEDS), max_size=2, unique=True))}
    return {"kind": kind, "metadata": {"name": draw(names), "annotations": annotations}, "spec": spec}


@st.composite
def documents(draw: st.DrawFn, location: str) -> KeptDocument | None:
    """One that is there, was never good, or is gone."""
    origin = Origin(f"file {draw(st.sampled_from('12'))} of {location}", location, location)
    some = st.lists(entities(), max_size=2).map(tuple)
    since = FIRST + timedelta(milliseconds=draw(st.sampled_from((0, 1, 500))))
    good = draw(st.none() | st.builds(GoodDocument, st.just(since), st.just(since), some, some))
    return draw(st.sampled_from((KeptDocument(origin, good), KeptDocument(origin, good), None)))


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[dict[tuple[int, str], KeptDocument | None], frozenset[str]]]:
    """What becomes of some documents at a time, and which are withdrawn from then on."""
    places = st.tuples(st.integers(0, SOURCES - 1), st.sampled_from(LOCATIONS))
    found = []
    for _ in range(draw(st.integers(1, 6))):
        chosen = draw(st.sets(places, min_size=1, max_size=3))
        withdrawn = draw(st.frozensets(st.sampled_from(LOCATIONS), max_size=1))
        found.append(({place: draw(documents(place[1])) for place in sorted(chosen)}, withdrawn))
    return found


@given(steps())
def test_step_by_step_is_all_at_once(
    taken: list[tuple[dict[tuple[int, str], KeptDocument | None], frozenset[str]]],
) -> None:
    """Entities, whose they are, every problem in its order, and what is said to have changed."""
    collation, withdrawn = Collation(), frozenset[str]()
    sources: list[dict[str, KeptDocument]] = [{} for _ in range(SOURCES)]
    for changes, now_withdrawn in taken:
        before = collation.entities()
        for (place, location), document in changes.items():
            sources[place].pop(location, None)
            if document:
                sources[place][location] = document
        locations = {location for _, location in changes} | (withdrawn ^ now_withdrawn)
        withdrawn = now_withdrawn
        touched = collation.update(locations, sources, withdrawn)

        plain = PlainCollation(sources, withdrawn)
        after = collation.entities()
        assert after == plain.entities
        assert {ref: collation.owner(ref) for ref in after} == plain.owners
        assert {each: list(collation.problems(each)) for each in LOCATIONS} == {
            each: plain.problems.get(each, []) for each in LOCATIONS
        }
        assert touched >= {ref for ref in {*before, *after} if before.get(ref) != after.get(ref)}
        assert all(collation.entity(ref) == after.get(ref) for ref in touched)


def test_what_does_not_change_is_not_touched() -> None:
    """A document that comes beside thousands is looked at alone, and what it implies with others changes nothing."""
    system: JsonObject = {"kind": "System", "metadata": {"name": "shop"}, "spec": {}}

    def document(name: str, since: int) -> KeptDocument:
        at = FIRST + timedelta(seconds=since)
        component: JsonObject = {"kind": "Component", "metadata": {"name": name}, "spec": {}}
        return KeptDocument(Origin(name, name, name), GoodDocument(at, at, (component,), (system,)))

    source = {str(number): document(str(number), number) for number in range(50)}
    collation = Collation()
    collation.update(source, [source])
    source["new"] = document("new", 60)
    assert collation.update(["new"], [source]) == {"component:default/new"}
    assert collation.update(["new"], [source]) == frozenset()
    del source["0"]
    assert collation.update(["0"], [source]) == {"component:default/0", "system:default/shop"}
    owner = collation.owner("system:default/shop")
    assert owner
    assert owner.origin.file == "1"
    assert text_at(collation.entity("system:default/shop"), "metadata", "name") == "shop"
