"""Many documents → one entity for each reference, kept up to date by what changes.

A document that two sources give counts for the first of them. Of two documents that declare one name or one host, the
one that had it first keeps it, and the other has a problem that names both. What is implied gives way to what is
declared: under its name, and for a workload under the name that it has in clusters. Components that wait for one
another in a circle have a problem too.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from catalog_provider.sources.claims import Claim, KeptDocument, claims_of
from catalog_provider.sources.contradictions import Contradictions
from foundation.errors import Problem
from foundation.jsontypes import JsonObject

# Whose a name was, and whose it is.
Change: TypeAlias = "tuple[Claim | None, Claim | None]"


class Collation:
    """Whose each name is. What `update` costs goes by what is different, however many documents there are.

    Whatever the order of the updates, the outcome is that of all documents taken at once.
    """

    def __init__(self) -> None:
        self._counting: dict[str, tuple[int, KeptDocument]] = {}
        # Reference → all claims to it, the one that has it first.
        self._declared: dict[str, list[Claim]] = {}
        self._implied: dict[str, list[Claim]] = {}
        self._held: dict[str, Claim] = {}
        # By the names in clusters: how many declared entities go by one, and which implied ones would give way to them.
        self._described: Counter[str] = Counter()
        self._undescribed: dict[str, list[str]] = {}
        self._contradictions = Contradictions()
        # Of documents that want a name or a host of another's, by location.
        self._problems: dict[str, tuple[Problem, ...]] = {}

    def update(
        self, locations: Iterable[str], sources: Sequence[Mapping[str, KeptDocument]], withdrawn: Collection[str] = ()
    ) -> frozenset[str]:
        """Take the documents at these locations as they are in `sources` now, in the order in which those win.

        Those `withdrawn` do not count. Gives the references of which the entity came, went or is another one.
        """
        before, after = self._replace({each: _counting(each, sources, withdrawn) for each in locations})
        for ref, claim in before:
            self._drop(ref, claim)
        # Oldest first, so that nearly each is the last in its place.
        for ref, claim in sorted(after, key=itemgetter(1)):
            self._add(ref, claim)
        claims = [*before, *after]
        refs = {ref for ref, _ in claims}
        changes = self._decide(refs)
        self._find_problems({claim.location for _, claim in claims}, refs, changes)
        return frozenset(changes)

    def entities(self) -> dict[str, JsonObject]:
        """All that are in the catalog, by reference."""
        return {ref: claim.entity for ref, claim in self._held.items()}

    def entity(self, ref: str) -> JsonObject | None:
        """The entity that has this name."""
        claim = self._held.get(ref)
        return claim.entity if claim else None

    def owner(self, ref: str) -> KeptDocument | None:
        """The document that it comes from."""
        claim = self._held.get(ref)
        return claim.document if claim else None

    def problems(self, location: str) -> tuple[Problem, ...]:
        """What the document at this location contradicts others in."""
        return (*self._problems.get(location, ()), *self._contradictions.in_circles(location))

    def _replace(
        self, wanted: Mapping[str, tuple[int, KeptDocument] | None]
    ) -> tuple[list[tuple[str, Claim]], list[tuple[str, Claim]]]:
        """Let other documents count; the claims of those that did before, and of those that do now."""
        before: list[tuple[str, Claim]] = []
        after: list[tuple[str, Claim]] = []
        for location, counting in wanted.items():
            held = self._counting.pop(location, None)
            if counting:
                self._counting[location] = counting
            if held and counting and held[0] == counting[0] and held[1] is counting[1]:
                continue
            before += claims_of(*held) if held else ()
            after += claims_of(*counting) if counting else ()
        return before, after

    def _drop(self, ref: str, claim: Claim) -> None:
        claims = self._claims(claim)[ref]
        del claims[bisect_left(claims, claim)]
        if not claims:
            del self._claims(claim)[ref]
        if claim.implied and claim.service:
            refs = self._undescribed[claim.service]
            refs.remove(ref)
            if not refs:
                del self._undescribed[claim.service]

    def _add(self, ref: str, claim: Claim) -> None:
        insort(self._claims(claim).setdefault(ref, []), claim)
        if claim.implied and claim.service:
            self._undescribed.setdefault(claim.service, []).append(ref)

    def _claims(self, claim: Claim) -> dict[str, list[Claim]]:
        return self._implied if claim.implied else self._declared

    def _decide(self, refs: set[str]) -> dict[str, Change]:
        """Give each of these names, and those of what gives way differently now, to whose they are."""
        changes: dict[str, Change] = {}
        services: set[str] = set()
        for ref in refs:
            claims = self._declared.get(ref)
            before, after = changes[ref] = self._hand_over(ref, claims[0] if claims else None)
            services |= _described_by(before) ^ _described_by(after)
        given_way = (ref for service in services for ref in self._undescribed.get(service, ()))
        for ref in {*refs, *given_way} - self._declared.keys():
            candidates = (each for each in self._implied.get(ref, ()) if not self._described[each.service or ""])
            before, after = self._hand_over(ref, next(candidates, None))
            changes[ref] = changes.get(ref, (before,))[0], after
        return {ref: (before, after) for ref, (before, after) in changes.items() if before is not after}

    def _hand_over(self, ref: str, after: Claim | None) -> Change:
        before = self._held.pop(ref, None)
        if after:
            self._held[ref] = after
        for service in _described_by(before):
            self._described[service] -= 1
            if not self._described[service]:
                del self._described[service]
        self._described.update(_described_by(after))
        return before, after

    def _find_problems(self, locations: set[str], refs: set[str], changes: Mapping[str, Change]) -> None:
        """Look again at the documents that are about these names, or about hosts of what has changed."""
        rivals = (self._declared[ref] for ref in refs if len(self._declared.get(ref, ())) > 1)
        concerned = {claim.location for claims in rivals for claim in claims} | self._contradictions.replace(changes)
        relieved = {claims[0].location for ref in refs if (claims := self._declared.get(ref))}
        relieved |= {before.location for before, _ in changes.values() if before} | locations
        for location in concerned | (relieved & self._problems.keys()):
            if found := tuple(self._problems_at(location)):
                self._problems[location] = found
            else:
                self._problems.pop(location, None)

    def _problems_at(self, location: str) -> Iterator[Problem]:
        counting = self._counting.get(location)
        claims = list(claims_of(*counting)) if counting else []
        for ref, claim in claims:
            if not claim.implied and self._declared[ref][0] != claim:
                yield _conflict(ref, claim.document, self._declared[ref][0].document)
        for ref, claim in claims:
            if self._held.get(ref) == claim:
                yield from self._contradictions.with_hosts(ref, claim)


def _counting(
    location: str, sources: Sequence[Mapping[str, KeptDocument]], withdrawn: Collection[str]
) -> tuple[int, KeptDocument] | None:
    """The first document there that was good once, or else the first; with the position of its source."""
    if location in withdrawn:
        return None
    found = [(place, each[location]) for place, each in enumerate(sources) if location in each]
    return next((each for each in found if each[1].good), found[0] if found else None)


def _described_by(claim: Claim | None) -> set[str]:
    """The name in clusters that a declared entity goes by."""
    return {claim.service} if claim and not claim.implied and claim.service else set()


def _conflict(ref: str, loser: KeptDocument, winner: KeptDocument) -> Problem:
    message = f"{ref} is also claimed by {winner.origin.file}, which had the name first."
    return Problem(loser.origin.file, 0, 0, message, "Give one of them another name.")
