"""Which objects of a cluster belong together: by owner, by service, by what they point at, and by the labels of pods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeAlias, TypeVar

from catalog_provider.cluster.kept import Kept
from catalog_provider.cluster.references import Key
from catalog_provider.cluster.selectors import Label

# Keys up to this many stand in a tuple, which takes a third of a set: most objects own fewer.
_FEW = 16
Group: TypeAlias = "tuple[Key, ...] | set[Key]"
# A label in a namespace.
Mark: TypeAlias = tuple[str, Label]

Entry = TypeVar("Entry")


class Index(dict[Entry, Group], Generic[Entry]):
    """Groups of keys, none of them empty."""

    def of(self, entry: Entry) -> Group:
        """The keys under `entry`."""
        return self.get(entry, ())

    def add(self, entry: Entry, key: Key) -> None:
        self[entry] = _added(self.of(entry), key)

    def discard(self, entry: Entry, key: Key) -> None:
        left = _without(self.of(entry), key)
        if left:
            self[entry] = left
        else:
            self.pop(entry, None)


class Indexes:
    """Everything by which objects are looked up beside their keys."""

    def __init__(self) -> None:
        self.by_owner: Index[str] = Index()
        self.by_service: Index[str] = Index()
        # What points at a key: an autoscaler at its workload, a pod at its volumes.
        self.pointers: Index[Key] = Index()
        # Workloads by each label of their pods; what chooses pods by one of the labels that it wants.
        self._templates: Index[Mark] = Index()
        self._selectors: Index[Mark] = Index()

    def add(self, kept: Kept) -> None:
        """File `kept` under everything that it is looked for by."""
        if kept.owner:
            self.by_owner.add(kept.owner, kept.key)
        if kept.service:
            self.by_service.add(kept.service, kept.key)
        for target in kept.targets:
            self.pointers.add(target, kept.key)
        for label in kept.labels:
            self._templates.add(_mark(kept, label), kept.key)
        # Under what the fewest are filed by: a label that all have in common would lead each change to all of them.
        for mark in _rarest(self._selectors, _wanted(kept)):
            self._selectors.add(mark, kept.key)

    def discard(self, kept: Kept) -> None:
        """Take `kept` out again."""
        if kept.owner:
            self.by_owner.discard(kept.owner, kept.key)
        if kept.service:
            self.by_service.discard(kept.service, kept.key)
        for target in kept.targets:
            self.pointers.discard(target, kept.key)
        for label in kept.labels:
            self._templates.discard(_mark(kept, label), kept.key)
        # What was rarest then, nobody knows any more.
        for marks in _wanted(kept):
            for mark in marks:
                self._selectors.discard(mark, kept.key)

    def might_choose(self, kept: Kept) -> Iterator[Key]:
        """What may choose the pods of `kept`; each has to be asked."""
        for label in kept.labels:
            yield from self._selectors.of(_mark(kept, label))

    def might_be_chosen(self, kept: Kept) -> Iterator[Key]:
        """The workloads whose pods `kept` may choose; it has to be asked about each."""
        for mark in _rarest(self._templates, _wanted(kept)):
            yield from self._templates.of(mark)


def _mark(kept: Kept, label: Label) -> Mark:
    return kept.key[1], label


def _wanted(kept: Kept) -> list[list[Mark]]:
    return [[_mark(kept, label) for label in group] for group in kept.selector.wanted] if kept.selector else []


def _rarest(index: Index[Mark], groups: Sequence[Sequence[Mark]]) -> Sequence[Mark]:
    """The one of `groups` under which `index` has the fewest."""
    return min(groups, key=lambda marks: sum(len(index.of(mark)) for mark in marks), default=())


def _added(group: Group, key: Key) -> Group:
    if isinstance(group, set):
        group.add(key)
        return group
    if key in group:
        return group
    return (*group, key) if len(group) < _FEW else {*group, key}


def _without(group: Group, key: Key) -> Group:
    if isinstance(group, set):
        group.discard(key)
        return group
    return tuple(each for each in group if each != key)
