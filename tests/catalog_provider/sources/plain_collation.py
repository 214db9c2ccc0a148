"""All documents collated at once and from nothing, in so many words: what the catalog's own way must amount to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from catalog_provider.sources.claims import KeptDocument
from foundation.backstage.entities import EntityRef
from foundation.errors import Problem
from foundation.jsontypes import JsonObject
from foundation.service.fleet import circle_problem, circles, host_problem

Documents = Mapping[str, KeptDocument]


class PlainCollation:
    """One entity for each reference, whose each is, and what is wrong with the other documents."""

    def __init__(self, sources: Sequence[Documents], withdrawn: Collection[str]) -> None:
        self.entities: dict[str, JsonObject] = {}
        self.owners: dict[str, KeptDocument] = {}
        self.problems: dict[str, list[Problem]] = {}
        ordered = [each for _, each in sorted(counting(sources, withdrawn), key=seniority) if each.good]
        for document in ordered:
            for entity in document.good.declared if document.good else ():
                self._declare(entity, document)
        described = {service_of(each) for each in self.entities.values()} - {None}
        for document in ordered:
            for entity in document.good.implied if document.good else ():
                ref = str(EntityRef.of(entity))
                if ref not in self.owners and service_of(entity) not in described:
                    self.entities[ref], self.owners[ref] = entity, document
        self._look_at_hosts()
        self._look_for_circles()

    def _declare(self, entity: JsonObject, document: KeptDocument) -> None:
        ref, file = str(EntityRef.of(entity)), document.origin.file
        if ref not in self.owners:
            self.entities[ref], self.owners[ref] = entity, document
            return
        message = f"{ref} is also claimed by {self.owners[ref].origin.file}, which had the name first."
        self._tell(document, Problem(file, 0, 0, message, "Give one of them another name."))

    def _look_at_hosts(self) -> None:
        taken: dict[str, str] = {}
        for ref, entity in self._components():
            claims: str = entity["metadata"].get("annotations", {}).get("greenroom/hosts", "")
            for claim in filter(None, claims.split(",")):
                environment, _, address = claim.partition("=")
                host = address.partition("/")[0]
                if taken.setdefault(host, ref) != ref:
                    owner = self.owners[ref]
                    self._tell(owner, host_problem(owner.origin.file, host, environment, taken[host]))

    def _look_for_circles(self) -> None:
        known = dict(self._components())
        needs = {
            ref: [each for each in entity["spec"].get("dependsOn", ()) if each in known]
            for ref, entity in known.items()
        }
        for circle in circles(needs):
            owner = self.owners[circle[0]]
            self._tell(owner, circle_problem(owner.origin.file, [each.rpartition("/")[2] for each in circle]))

    def _components(self) -> Iterator[tuple[str, Any]]:
        return ((ref, entity) for ref, entity in self.entities.items() if entity["kind"] == "Component")

    def _tell(self, document: KeptDocument, problem: Problem) -> None:
        self.problems.setdefault(document.origin.location, []).append(problem)


def counting(sources: Sequence[Documents], withdrawn: Collection[str]) -> list[tuple[int, KeptDocument]]:
    """The documents that count: of two at one location the first, or the first that was ever good."""
    found: dict[str, tuple[int, KeptDocument]] = {}
    for place, documents in enumerate(sources):
        for location, each in documents.items():
            if location not in withdrawn:
                held = found.get(location)
                if held is None or (not held[1].good and each.good):
                    found[location] = place, each
    return list(found.values())


def seniority(placed: tuple[int, KeptDocument]) -> tuple[str, int, str]:
    """What sorts those first that were there first."""
    place, document = placed
    return (document.good.first_read_at.isoformat() if document.good else "", place, document.origin.location)


def service_of(entity: Any) -> str | None:
    """What an entity is called in clusters."""
    name: str | None = entity["metadata"].get("annotations", {}).get("backstage.io/kubernetes-id")
    return name
