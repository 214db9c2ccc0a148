"""What runs in clusters and stands in no document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Protocol

from catalog_provider.cluster.indexes import Index
from catalog_provider.cluster.kept import controller_of, key_of
from catalog_provider.cluster.kinds import CRON_JOB, DAEMON_SET, DEPLOYMENT, NAMESPACE, STATEFUL_SET
from catalog_provider.cluster.references import Key
from catalog_provider.cluster.state import ClusterState
from catalog_provider.cluster.store import ClusterStore
from catalog_provider.entities.workload import Place, is_wanted, location_of, name_of, origin_of, workload_document
from catalog_provider.sources.memory import GoodDocument
from catalog_provider.sources.model import DocumentReading, SourceReading
from foundation.json_fields import text_at
from foundation.jsontypes import JsonObject
from foundation.settings import ClusterEntitiesSettings, ClusterSettings

# What serves or works on its own; what these own is a part of them.
_ROOTS = tuple(kind.key for kind in (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, CRON_JOB))
_LOOKED_AT = (*_ROOTS, NAMESPACE.key)


class Discovered(Protocol):
    """A cluster that is watched; `ClusterWatcher` is one."""

    @property
    def cluster(self) -> ClusterSettings:
        """The settings it was made from."""

    @property
    def store(self) -> ClusterStore:
        """Its objects."""

    @property
    def state(self) -> ClusterState:
        """Whether it answers, now."""


class ClustersSource:
    """The workloads of every cluster. One that does not answer keeps what it last had, over restarts too."""

    name = "clusters"
    kind = "clusters"

    def __init__(
        self,
        clusters: Sequence[Discovered],
        settings: ClusterEntitiesSettings,
        remembered: Callable[[str], Mapping[str, GoodDocument]],
        clock: Callable[[], datetime],
        *,
        namespace: str,
    ) -> None:
        """`remembered` gives the documents that a source of this name last had."""
        self._clusters = [_Workloads(each, settings, clock, namespace) for each in clusters]
        self._remembered = remembered
        self._last: SourceReading | None = None

    def read(self) -> SourceReading:
        """See Source. What it costs goes by what has changed in the clusters since the look before."""
        if self._last is None:
            remembered = self._remembered(self.name)
            for each in self._clusters:
                each.recall(remembered)
        # Each of them looks, whatever the others saw.
        changed = [each.look() for each in self._clusters]
        if self._last is None or any(changed):
            self._last = SourceReading(tuple(chain.from_iterable(each.documents() for each in self._clusters)))
        return self._last


class _Workloads:
    """What one cluster runs, as documents, with what it takes to make anew only those that changed."""

    def __init__(
        self,
        discovered: Discovered,
        settings: ClusterEntitiesSettings,
        clock: Callable[[], datetime],
        namespace: str,
    ) -> None:
        self._discovered = discovered
        self._settings = settings
        self._clock = clock
        self._namespace = namespace
        # By the names of services.
        self._documents: dict[str, DocumentReading] = {}
        self._workloads: Index[str] = Index()
        self._names: dict[Key, str] = {}
        # Touched and not looked at yet, even where a look fails halfway.
        self._touched: set[Key] = set()
        # Of what was looked at: a document is made of nothing else but names.
        self._marks: dict[Key, int] = {}
        self._recalled = False

    def documents(self) -> Iterable[DocumentReading]:
        return self._documents.values()

    def recall(self, remembered: Mapping[str, GoodDocument]) -> None:
        """Take what an earlier server knew, until the cluster says what there is."""
        prefix = location_of(self._discovered.cluster.name)
        for location, good in sorted(remembered.items()):
            if location.startswith(prefix):
                name = location.removeprefix(prefix)
                origin = origin_of(self._discovered.cluster.name, name)
                self._documents[name] = DocumentReading(origin, good.declared, good.implied)
        self._recalled = True

    def look(self) -> bool:
        """Bring the documents up to date; whether any is different."""
        state, now, store = self._discovered.state, self._clock(), self._discovered.store
        if not all(kind in state.kinds and state.kinds[kind].is_fresh(now) for kind in _ROOTS):
            return False
        if NAMESPACE.key in state.kinds and state.kinds[NAMESPACE.key].word(now) == "starting":
            # Whose they are would be other than before for a moment. One that may not be looked at is not waited for.
            return False
        self._touched |= store.take_touched(_LOOKED_AT)
        marks = store.marks(self._touched)
        # Most changes are of a status, and say nothing new of whose it is.
        changed = {key for key in self._touched if marks.get(key) != self._marks.get(key)}
        spaces = {key for key in changed if key[0] == NAMESPACE.key}
        names = self._within({name for _, _, name in spaces}) if spaces else set()
        names |= {name for key in changed if (name := self._forget(key))}
        names |= {name for each in store.having(changed - spaces) if (name := self._place(each))}
        if self._recalled:
            names |= self._documents.keys()
            self._recalled = False
        # Not one after another in `any`, which would stop at the first.
        different = [self._make(name) for name in names]
        self._looked_at(changed, marks)
        return any(different)

    def _looked_at(self, changed: Iterable[Key], marks: Mapping[Key, int]) -> None:
        for key in changed:
            self._marks.pop(key, None)
        self._marks |= {key: marks[key] for key in changed if key in marks}
        # What changed meanwhile may have been read in between, so that it is looked at again whatever it says then.
        self._touched = self._discovered.store.take_touched(_LOOKED_AT)
        for key in self._touched:
            self._marks.pop(key, None)

    def _within(self, spaces: Collection[str]) -> set[str]:
        """The services that have workloads in these namespaces."""
        return {name for (_, space, _), name in self._names.items() if space in spaces}

    def _forget(self, key: Key) -> str | None:
        name = self._names.pop(key, None)
        if name is not None:
            self._workloads.discard(name, key)
        return name

    def _place(self, workload: JsonObject) -> str | None:
        """Count a workload for its service, if it is to become an entity; the service's name."""
        name = name_of(workload)
        if name is None or controller_of(workload) or not is_wanted(workload, self._settings):
            return None
        key = key_of(workload)
        self._names[key] = name
        self._workloads.add(name, key)
        return name

    def _make(self, name: str) -> bool:
        """Make the document of a service anew; whether it is another."""
        before, store = self._documents.get(name), self._discovered.store
        keys = self._workloads.of(name)
        workloads = list(store.having(keys))
        if not workloads:
            self._documents.pop(name, None)
            return before is not None
        spaces = store.having({(NAMESPACE.key, "", space) for _, space, _ in keys})
        place = Place(self._discovered.cluster, {text_at(each, "metadata", "name"): each for each in spaces})
        after = workload_document(name, workloads, place, self._settings, namespace=self._namespace)
        if after == before:
            return False
        self._documents[name] = after
        return True
