from __future__ import annotations

from collections.abc import Mapping

import pytest

from catalog_provider.feed.pages import LARGEST_LIMIT, decode_cursor, encode_cursor, page
from catalog_provider.feed.versions import Changes, EntityFeed
from foundation.backstage.entities import EntityRef
from foundation.errors import GoneError
from foundation.jsontypes import JsonObject


def entity(name: str, **spec: str) -> JsonObject:
    return {"kind": "Component", "metadata": {"name": name}, "spec": spec}


def entities(*names: str, **spec: str) -> dict[str, JsonObject]:
    return {f"component:default/{name}": entity(name, **spec) for name in names}


def publish(feed: EntityFeed, whole: Mapping[str, JsonObject]) -> Changes:
    """Publish what leads to `whole`, all of it whether it is different or not."""
    gone = {ref: None for ref in everything(feed) if ref not in whole}
    return feed.publish({**gone, **whole})


def everything(feed: EntityFeed) -> list[str]:
    return [str(EntityRef.of(each)) for each in feed.snapshot().entities]


def test_publishing_the_same_again_is_no_version() -> None:
    """A version stands for a difference; equal content leaves it as it is."""
    feed = EntityFeed("e")
    assert publish(feed, entities("a"))
    version = feed.version
    assert not publish(feed, entities("a"))
    assert feed.version == version


def test_changes_since_a_version_are_folded_into_one() -> None:
    """Whatever happened in between, a reader gets each entity once, as it is now."""
    feed = EntityFeed("e")
    publish(feed, entities("a", "b"))
    start = feed.version
    publish(feed, entities("a", "b", "c"))
    publish(feed, {**entities("a", owner="x"), **entities("c")})
    changes = feed.changes_since(start)
    assert changes.version == feed.version
    assert changes.upserted == (entity("a", owner="x"), entity("c"))
    assert changes.removed == ("component:default/b",)
    assert not feed.changes_since(feed.version)


@pytest.mark.parametrize("version", ["other-1", "e-99", "e--1", "e-", "", "e-1e3", "e-" + "9" * 5000, "e-²"])
def test_a_version_that_was_never_given_is_gone(version: str) -> None:
    """An unknown version means: take the snapshot again."""
    feed = EntityFeed("e")
    publish(feed, entities("a"))
    with pytest.raises(GoneError):
        feed.changes_since(version)


def test_history_is_bounded() -> None:
    """A reader further back than the history holds is sent to the snapshot."""
    feed = EntityFeed("e", history=3)
    publish(feed, entities("a"))
    old = feed.version
    for number in range(4):
        publish(feed, entities("a", f"b{number}"))
    with pytest.raises(GoneError):
        feed.changes_since(old)
    assert feed.changes_since(feed.version).version == feed.version


def test_pages_are_all_of_one_version() -> None:
    """Changes that happen while somebody pages do not tear the snapshot."""
    feed = EntityFeed("e")
    publish(feed, entities("a", "b", "c"))
    first = page(feed, None, 2)
    publish(feed, entities("b"))
    second = page(feed, first.next_cursor, 2)
    assert (first.version, second.version) == ("e-1", "e-1")
    assert [*first.items, *second.items] == [entity("a"), entity("b"), entity("c")]
    assert second.next_cursor is None


def test_a_cursor_of_a_forgotten_version_is_gone() -> None:
    """Snapshots are kept for the last few versions only."""
    feed = EntityFeed("e")
    publish(feed, entities("a", "b"))
    cursor = page(feed, None, 1).next_cursor
    for number in range(10):
        publish(feed, entities(f"n{number}", "z"))
        page(feed, None, LARGEST_LIMIT)
    with pytest.raises(GoneError):
        page(feed, cursor, 1)


@pytest.mark.parametrize("cursor", ["x", "", "%%%", "ü", encode_cursor("", 1), encode_cursor("e-1", -1), "a" * 4000])
def test_a_foreign_cursor_is_gone(cursor: str) -> None:
    """Only cursors that were given are taken; the way out is that of a forgotten version."""
    with pytest.raises(GoneError):
        decode_cursor(cursor)
