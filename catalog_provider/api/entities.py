"""The catalog in versions: pages of a snapshot, changes, and the stream of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from catalog_provider.feed.pages import DEFAULT_LIMIT, page
from catalog_provider.feed.streams import entity_changes
from catalog_provider.feed.versions import Changes, EntityFeed
from foundation.jsontypes import JsonObject
from foundation.web import ServerSentEvent, StreamRequest


class EntitiesApi:
    """Answers only when `require_ready` lets it: a part of the catalog would delete the rest of it."""

    def __init__(self, feed: EntityFeed, require_ready: Callable[[], None]) -> None:
        self._feed = feed
        self._require_ready = require_ready

    def list_entities(self, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> JsonObject:
        self._require_ready()
        found = page(self._feed, cursor, limit)
        return {"version": found.version, "items": found.items, "nextCursor": found.next_cursor}

    def list_changes(self, since: str) -> JsonObject:
        self._require_ready()
        return changes_json(self._feed.changes_since(since))

    async def stream(self, request: StreamRequest) -> AsyncIterator[ServerSentEvent]:
        self._require_ready()
        asked = request.query.get("since", [None])[-1]
        async for event in entity_changes(self._feed, request.last_event_id or asked):
            yield event


def changes_json(changes: Changes) -> JsonObject:
    """Changes as they are told."""
    return {"version": changes.version, "upserted": changes.upserted, "removed": changes.removed}
