"""What the documents of several services contradict one another in, seen from their entities.

The entities are looked at rather than the documents, since a document that is wrong now counts as it last was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from foundation.errors import Problem
from foundation.jsontypes import JsonObject
from foundation.service.entities import HOSTS
from foundation.service.fleet import circle_problem, circles, host_problem


def contradictions(components: Iterable[tuple[str, str, JsonObject]]) -> Iterator[tuple[str, Problem]]:
    """Each finding, with the reference of the Component that it is about.

    `components` are reference, file and entity, those first that were there first: a host belongs to whom had it first.
    """
    known = {reference: (file, entity) for reference, file, entity in components}
    yield from _hosts(known)
    yield from _circles(known)


def _hosts(known: Mapping[str, tuple[str, JsonObject]]) -> Iterator[tuple[str, Problem]]:
    taken: dict[str, str] = {}
    for reference, (file, entity) in known.items():
        annotations = cast("JsonObject", cast("JsonObject", entity["metadata"]).get("annotations", {}))
        for claim in filter(None, str(annotations.get(HOSTS, "")).split(",")):
            environment, _, address = claim.partition("=")
            host = address.partition("/")[0]
            other = taken.setdefault(host, reference)
            if other != reference:
                yield reference, host_problem(file, host, environment, other)


def _circles(known: Mapping[str, tuple[str, JsonObject]]) -> Iterator[tuple[str, Problem]]:
    needs: dict[str, list[str]] = {}
    for reference, (_, entity) in known.items():
        targets = cast("JsonObject", entity["spec"]).get("dependsOn")
        needs[reference] = [str(each) for each in (targets if isinstance(targets, list) else []) if each in known]
    for circle in circles(needs):
        file, _ = known[circle[0]]
        names = [each.rpartition("/")[2] for each in circle]
        yield circle[0], circle_problem(file, names)
