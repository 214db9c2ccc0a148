"""The two streams: changes of the catalog, and health.

Each is a loop of the same kind: give what came after my position, then sleep until the bell rings.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from catalog_provider.feed.board import HealthBoard, HealthChanges
from catalog_provider.feed.versions import EntityFeed
from foundation.errors import GoneError
from foundation.jsontypes import Json
from foundation.web import ServerSentEvent


async def entity_changes(feed: EntityFeed, since: str | None) -> AsyncIterator[ServerSentEvent]:
    """`changes` after the version `since` (None: from now on); `reset` where that version is unknown.

    After a `reset` the reader takes the snapshot; the stream goes on from the version in its id.
    """
    position = since or feed.version
    bell = feed.changed.listen()
    try:
        while True:
            try:
                changes = feed.changes_since(position)
            except GoneError:
                position = feed.version
                yield ServerSentEvent("reset", {}, id=position)
                continue
            if changes:
                position = changes.version
                yield ServerSentEvent(
                    "changes",
                    {"version": position, "upserted": changes.upserted, "removed": changes.removed},
                    id=position,
                )
            else:
                await bell.wait()
    finally:
        feed.changed.leave(bell)


async def health_changes(board: HealthBoard, refs: Collection[str] | None) -> AsyncIterator[ServerSentEvent]:
    """A `snapshot` of the entities `refs` (None: of all), then `health` at each change of one.

    A reader that falls very far behind gets a fresh `snapshot` instead of what it missed.
    """
    wanted = None if refs is None else frozenset(refs)
    bell = board.changed.listen(wanted)
    try:
        # Further back than anything: a reader begins with a snapshot.
        position = -1
        while True:
            changes = board.since(position, wanted)
            if changes is None:
                position, snapshot = _snapshot(board.current(wanted))
                yield snapshot
                # A stream that sleeps keeps nothing of what it sent.
                del snapshot
                continue
            position = changes.sequence
            for event in changes.events:
                yield event
            if not changes.items:
                await bell.wait()
    finally:
        board.changed.leave(bell)


def _snapshot(current: HealthChanges) -> tuple[int, ServerSentEvent]:
    shown: dict[str, Json] = dict(current.items)
    return current.sequence, ServerSentEvent("snapshot", {"items": shown})
