from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from catalog_provider.feed.board import HealthBoard
from catalog_provider.feed.streams import entity_changes, health_changes
from catalog_provider.feed.versions import EntityFeed
from catalog_provider.health import Status
from foundation.web import ServerSentEvent

from .samples import health


async def following(stream: AsyncIterator[ServerSentEvent]) -> ServerSentEvent:
    async with asyncio.timeout(5):
        return await anext(stream)


def test_changes_follow_from_the_version_asked_for() -> None:
    """First what was missed, folded; then each change as it comes, with its version as the event's id."""

    async def scenario() -> None:
        feed = EntityFeed("e")
        feed.publish({"a": {"n": 1}})
        feed.publish({"a": {"n": 2}})
        stream = entity_changes(feed, "e-1")
        missed = await following(stream)
        assert (missed.event, missed.id) == ("changes", "e-2")
        assert missed.data == {"version": "e-2", "upserted": ({"n": 2},), "removed": ()}
        coming = asyncio.ensure_future(anext(stream))
        await asyncio.to_thread(feed.publish, {"a": None})
        async with asyncio.timeout(5):
            assert (await coming).data == {"version": "e-3", "upserted": (), "removed": ("a",)}

    asyncio.run(scenario())


def test_an_unknown_version_resets() -> None:
    """A reader from before a restart is told to take the snapshot, and may stay on the stream."""

    async def scenario() -> None:
        feed = EntityFeed("e")
        feed.publish({"a": {}})
        stream = entity_changes(feed, "before-7")
        assert await following(stream) == ServerSentEvent("reset", {}, id="e-1")
        feed.publish({"b": {}})
        assert (await following(stream)).id == "e-2"

    asyncio.run(scenario())


def test_health_begins_with_a_snapshot_and_tells_changes() -> None:
    """Only the entities asked for, each at its latest; the end of health is a null status."""

    async def scenario() -> None:
        board = HealthBoard()
        board.update({"a": health(Status.HEALTHY), "b": health(Status.HEALTHY)})
        stream = health_changes(board, ["a", "unknown"])
        snapshot = await following(stream)
        assert snapshot == ServerSentEvent("snapshot", {"items": {"a": health(Status.HEALTHY).to_summary_json("a")}})
        board.update({"b": health(Status.DEGRADED)})
        board.update({"a": health(Status.DEGRADED)})
        change = await following(stream)
        assert change == ServerSentEvent("health", health(Status.DEGRADED).to_summary_json("a"))
        board.update({"a": None})
        assert await following(stream) == ServerSentEvent("health", {"entityRef": "a", "status": None})

    asyncio.run(scenario())


def test_readers_that_leave_are_forgotten() -> None:
    """A closed stream leaves nothing behind."""

    async def scenario() -> int:
        board, feed = HealthBoard(), EntityFeed("e")
        feed.publish({"a": {}})
        health, entities = health_changes(board, None), entity_changes(feed, "other")
        await following(health)
        await following(entities)
        for stream in (health, entities):
            await stream.aclose()  # type: ignore[attr-defined]  # generators, behind the type of an iterator
        return len(board.changed) + len(feed.changed)

    assert asyncio.run(scenario()) == 0
