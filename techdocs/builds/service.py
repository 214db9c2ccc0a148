"""Orders builds and shows them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from foundation.backstage.entities import EntityRef
from foundation.errors import NotFoundError
from foundation.jsontypes import Json
from foundation.runs import Run, RunEngine
from foundation.web import ServerSentEvent
from techdocs.builds.model import KIND, BuildOrder, build_of
from techdocs.builds.places import Place, Places
from techdocs.errors import BuildNotFoundError
from techdocs.publishing import Storage, published_metadata

# Returning to a revision that was built and replaced is rare; so many times nobody does it.
MOST_ATTEMPTS: Final = 1000
# How many of the newest builds are looked through for those of one entity.
LOOKED_THROUGH: Final = 500
WATCHER: Final = "docs-watcher"


class Builds:
    """The builds of all entities."""

    def __init__(self, runs: RunEngine, places: Places, storage: Storage, *, namespace: str) -> None:
        self._runs = runs
        self._places = places
        self._storage = storage
        self._namespace = namespace

    def order(self, entity: EntityRef, place: Place, revision: str, *, caller: str) -> Run:
        """The run that builds this revision: the one under way, a failed one taken up again, or a new one.

        A revision whose build succeeded is built again only when something else has been published since.
        """
        order = BuildOrder(entity, place.kind, place.location, revision)
        published = self.published_revision(entity)
        for attempt in range(1, MOST_ATTEMPTS):
            run = self._runs.submit(KIND, order.run_id(attempt), order.payload(), caller=caller)
            if run.status != "succeeded" or published == revision:
                return run
        return run

    def again(self, run: Run) -> Run:
        """Take a failed build up where it ended."""
        return self._runs.submit(KIND, run.id, run.payload, caller=run.caller)

    def published_revision(self, entity: EntityRef) -> str | None:
        """The revision that is published as a whole; None where there is none."""
        metadata = published_metadata(self._storage, entity)
        return (metadata.etag or None) if metadata else None

    def request(self, entity: EntityRef, repository_url: str | None, *, caller: str) -> Run:
        """Build the entity's documentation as it is now.

        Raises NotFoundError when no place, or not the one that is named, documents the entity.
        """
        places = [self._places.find("repository", repository_url)] if repository_url else self._places.all()
        for place in places:
            revision = place.revision()
            if revision is None:
                continue
            entities = place.entities(revision, namespace=self._namespace)
            if any(each.reference == entity for each in entities):
                return self.order(entity, place, revision, caller=caller)
        where = f"The repository {repository_url[:200]}" if repository_url else "No repository and no folder"
        raise NotFoundError(
            f"{where} documents {entity}." if not repository_url else f"{where} does not document {entity}.",
            remedy="It takes an mkdocs.yml or Markdown in docs/, beside the service.yaml of that name.",
        )

    def get(self, build_id: str) -> Run:
        """Raises BuildNotFoundError."""
        try:
            run = self._runs.get(build_id)
        except NotFoundError:
            run = None
        if run is None or run.kind != KIND:
            raise BuildNotFoundError(f'There is no build "{build_id[:80]}".')
        return run

    def list(self, entity: EntityRef | None, limit: int) -> list[Run]:
        """The newest first."""
        if entity is None:
            return list(self._runs.list(KIND, limit))
        wanted = str(entity)
        found = (run for run in self._runs.list(KIND, LOOKED_THROUGH) if run.payload.get("entityRef") == wanted)
        return [run for run, _ in zip(found, range(limit), strict=False)]

    async def follow(self, build_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
        """The lines of a build's log as they come, and the finished build last."""
        async for each in self._runs.follow(build_id, after):
            if isinstance(each, Run):
                yield ServerSentEvent("finished", build_of(each))
                return
            line: dict[str, Json] = {
                "sequence": each.sequence,
                "at": each.at,
                "level": each.level,
                "message": each.message,
            }
            yield ServerSentEvent("log", line, id=str(each.sequence))
