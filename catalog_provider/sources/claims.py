"""A document as the catalog shows it, and each entity in it as a claim to a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from catalog_provider.entities.origin import Origin
from catalog_provider.sources.memory import GoodDocument
from foundation.backstage.entities import EntityRef
from foundation.errors import Problem
from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject
from foundation.service.entities import KUBERNETES_ID


@dataclass(frozen=True)
class KeptDocument:
    """A document as the catalog shows it: its last good entities, and what is wrong with it now."""

    origin: Origin
    good: GoodDocument | None
    problems: tuple[Problem, ...] = ()

    @property
    def stale(self) -> bool:
        """Whether the entities are older than the document."""
        return self.good is not None and bool(self.problems)


class Claim(NamedTuple):
    """One entity of a document. The lesser one has the name: it was declared, or was there first.

    No two claims are alike up to `place`, the entity's in its document, so that what follows is never compared.
    """

    implied: bool
    since: datetime
    source: int
    location: str
    place: int
    document: KeptDocument
    entity: JsonObject

    @property
    def service(self) -> str | None:
        """What the entity is called in clusters."""
        return text_at(self.entity, "metadata", "annotations", KUBERNETES_ID) or None


def claims_of(source: int, document: KeptDocument) -> Iterator[tuple[str, Claim]]:
    """Each entity of a document of the source at this position: the reference, and the claim to it."""
    good = document.good
    if good is None:
        return
    for implied, entities in ((False, good.declared), (True, good.implied)):
        for place, entity in enumerate(entities):
            claim = Claim(implied, good.first_read_at, source, document.origin.location, place, document, entity)
            yield str(EntityRef.of(entity)), claim
