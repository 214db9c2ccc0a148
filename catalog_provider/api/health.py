"""The health of services: by reference, as a list, in detail, and as a stream."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from catalog_provider.feed.board import HealthBoard
from catalog_provider.feed.streams import health_changes
from catalog_provider.health import EntityHealth, Status
from catalog_provider.health.model import iso
from catalog_provider.sources.catalogue import Catalogue
from catalog_provider.sources.json_form import problem_json
from foundation.backstage.entities import EntityRef
from foundation.errors import InputError, NotFoundError
from foundation.json_fields import mappings_at, text_at
from foundation.jsontypes import Json, JsonObject
from foundation.service.entities import ENVIRONMENTS
from foundation.web import ServerSentEvent, StreamRequest

# A page of the catalog list has up to 100 rows; larger questions are better asked without references.
MOST_REFERENCES = 500


class HealthApi:
    """Reads the board, which is kept true elsewhere; no answer waits for a cluster."""

    def __init__(
        self,
        board: HealthBoard,
        catalogue: Catalogue,
        entity: Callable[[str], JsonObject | None],
        *,
        require_ready: Callable[[], None],
    ) -> None:
        """`entity` gives the entity of a reference as the catalog has it."""
        self._board = board
        self._catalogue = catalogue
        self._entity = entity
        self._require_ready = require_ready

    def query(self, body: Mapping[str, Sequence[str]]) -> JsonObject:
        self._require_ready()
        return {"items": dict(self._board.current(references(body["entityRefs"])).items)}

    def list_health(
        self, verdict: str | None = None, environment: str | None = None, owner: str | None = None
    ) -> JsonObject:
        self._require_ready()
        team = str(EntityRef.parse(owner, default_kind="group")) if owner else None
        found: list[tuple[int, str]] = []
        for ref in self._board.references():
            health = self._board.health(ref)
            status = status_in(health, environment) if health else None
            if not health or not status or verdict not in {None, status}:
                continue
            if team in {None, health.owner}:
                found.append((-status.severity, ref))
        summaries = self._board.current(ref for _, ref in sorted(found)).items
        return {"items": [each for each in summaries.values() if each]}

    def get_health(self, kind: str, namespace: str, name: str) -> JsonObject:
        self._require_ready()
        return self.detail(str(EntityRef.parse(f"{kind}:{namespace}/{name}")))

    def detail(self, ref: str) -> JsonObject:
        """The HealthDetail of an entity. Raises NotFoundError when it has no health, and says why."""
        health = self._board.health(ref)
        if health is None:
            raise self._absence(ref)
        return {**health.to_detail_json(ref), "links": self._links(ref, health), "document": self._document(ref)}

    def stream(self, request: StreamRequest) -> AsyncIterator[ServerSentEvent]:
        self._require_ready()
        asked = request.query.get("entityRef")
        return health_changes(self._board, references(asked) if asked else None)

    def _links(self, ref: str, health: EntityHealth) -> list[Json]:
        """The links of the entity, whatever gave them: logs, dashboards, the runbook, and which environment each is about."""
        entity = self._entity(ref) or {}
        declared = text_at(entity, "metadata", "annotations", ENVIRONMENTS).split(",")
        environments = {*declared, *(each.name for each in health.environments)}
        return [
            {
                "title": text_at(each, "title") or text_at(each, "url"),
                "url": text_at(each, "url"),
                # Other providers' links have types of their own.
                "environment": kind if (kind := text_at(each, "type")) and kind in environments else None,
            }
            for each in mappings_at(entity, "metadata", "links")
        ]

    def _absence(self, ref: str) -> NotFoundError:
        if self._catalogue.document_of(ref) is None:
            return NotFoundError(f"There is no entity {ref}.", remedy="Check its name, or register its document.")
        return NotFoundError(
            f"{ref} has no health: it declares no environment that a cluster is set for, and no cluster has "
            "objects labelled with its name.",
            remedy="Deploy it, or label its workloads with backstage.io/kubernetes-id.",
        )

    def _document(self, ref: str) -> JsonObject | None:
        found = self._catalogue.document_of(ref)
        if found is None:
            return None
        document, problems = found
        said: list[Json] = [problem_json(each) for each in problems]
        return {
            "location": document.origin.location,
            "readAt": iso(document.good.read_at) if document.good else None,
            "stale": document.stale,
            "problems": said,
        }


def references(given: Sequence[str]) -> list[str]:
    """References in their full, lower-cased form. Raises InputError for a wrong one, or too many."""
    if len(given) > MOST_REFERENCES:
        raise InputError(f"{len(given)} references are more than {MOST_REFERENCES}.", remedy="Ask in parts.")
    # Interned: a thousand streams of the same rows hold each reference once.
    return [sys.intern(str(EntityRef.parse(each))) for each in given]


def status_in(health: EntityHealth, environment: str | None) -> Status | None:
    """The verdict on a service, or on it in one environment; None where it is not there."""
    if environment is None:
        return health.verdict.status
    there = [each.verdict.status for each in health.environments if each.name == environment]
    return max(there, key=lambda each: each.severity, default=None)
