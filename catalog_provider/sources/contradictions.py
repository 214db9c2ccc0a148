"""What the documents of several services contradict one another in, seen from their entities.

The entities are looked at rather than the documents, since a document that is wrong now counts as it last was.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from catalog_provider.sources.claims import Claim
from foundation.errors import Problem
from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject
from foundation.service.entities import HOSTS
from foundation.service.fleet import circle_problem, circles, host_problem


class Contradictions:
    """Keeps account of the Components that are in the catalog now: which hosts they claim, and what they need."""

    def __init__(self) -> None:
        # Host → who claims it, who had it first before the others: claim, reference and environment.
        self._hosts: dict[str, list[tuple[Claim, str, str]]] = {}
        # Reference → its claim and what it needs, of those that need anything: no others are in a circle.
        self._needs: dict[str, tuple[Claim, Sequence[str]]] = {}
        self._circles: Mapping[str, Sequence[Problem]] | None = {}

    def replace(self, changes: Mapping[str, tuple[Claim | None, Claim | None]]) -> set[str]:
        """Take what became of references, each with its claim before and after.

        Gives the locations of the documents whose problems with hosts may be others.
        """
        touched: set[str] = set()
        # What goes makes room first: two entities of one document may have changed places.
        gone = [(ref, before) for ref, (before, _) in changes.items() if before]
        for ref, before in gone:
            for host, environment in _hosts_of(before):
                claims = self._hosts[host]
                claims.remove((before, ref, environment))
                touched.add(host)
        for ref, (_, after) in changes.items():
            self._replace_needs(ref, after)
        for ref, after in [(ref, after) for ref, (_, after) in changes.items() if after]:
            for host, environment in _hosts_of(after):
                insort(self._hosts.setdefault(host, []), (after, ref, environment))
                touched.add(host)
        concerned = {claim.location for host in touched for claim, _, _ in self._hosts[host]}
        for host in touched:
            if not self._hosts[host]:
                del self._hosts[host]
        return concerned

    def with_hosts(self, ref: str, claim: Claim) -> Iterator[Problem]:
        """A problem for each host that another had before this entity, which is in the catalog."""
        for host, environment in _hosts_of(claim):
            _, first, _ = self._hosts[host][0]
            if first != ref:
                yield host_problem(claim.document.origin.file, host, environment, first)

    def in_circles(self, location: str) -> Sequence[Problem]:
        """The circles of services that wait for one another, at the document of the one that comes first by name.

        One more dependency may join any two circles of the fleet, so all are looked for, when somebody asks.
        """
        if self._circles is None:
            self._circles = self._look_for_circles()
        return self._circles.get(location, ())

    def _replace_needs(self, ref: str, after: Claim | None) -> None:
        held = self._needs.pop(ref, None)
        needed = _needed_by(after) if after else ()
        if after and needed:
            self._needs[ref] = after, needed
        before = (held[1], held[0].document.origin) if held else None
        if before != ((needed, after.document.origin) if after and needed else None):
            self._circles = None

    def _look_for_circles(self) -> Mapping[str, Sequence[Problem]]:
        found: defaultdict[str, list[Problem]] = defaultdict(list)
        needs = self._needs
        for circle in circles({ref: [each for each in needed if each in needs] for ref, (_, needed) in needs.items()}):
            origin = needs[circle[0]][0].document.origin
            found[origin.location].append(circle_problem(origin.file, [each.rpartition("/")[2] for each in circle]))
        return found


def _hosts_of(claim: Claim) -> Iterator[tuple[str, str]]:
    """Each host that a Component claims, and in which environment."""
    if claim.entity["kind"] != "Component":
        return
    for each in filter(None, text_at(claim.entity, "metadata", "annotations", HOSTS).split(",")):
        environment, _, address = each.partition("=")
        yield address.partition("/")[0], environment


def _needed_by(claim: Claim) -> Sequence[str]:
    """The references that a Component says it depends on."""
    if claim.entity["kind"] != "Component":
        return ()
    targets = cast("JsonObject", claim.entity.get("spec") or {}).get("dependsOn")
    return [str(each) for each in targets] if isinstance(targets, list) else ()
