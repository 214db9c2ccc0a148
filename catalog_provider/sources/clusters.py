"""What runs in clusters and stands in no document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from catalog_provider.cluster.kept import controller_of
from catalog_provider.cluster.kinds import CRON_JOB, DAEMON_SET, DEPLOYMENT, NAMESPACE, STATEFUL_SET
from catalog_provider.cluster.state import ClusterState
from catalog_provider.cluster.store import ClusterStore
from catalog_provider.entities.workload import Place, location_of, origin_of, workload_documents
from catalog_provider.sources.memory import GoodDocument
from catalog_provider.sources.model import DocumentReading, SourceReading
from foundation.json_fields import text_at
from foundation.settings import ClusterEntitiesSettings, ClusterSettings

# What serves or works on its own; what these own is a part of them.
_ROOTS = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, CRON_JOB)


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
        self._clusters = clusters
        self._settings = settings
        self._remembered = remembered
        self._clock = clock
        self._namespace = namespace
        self._last: dict[str, tuple[int, tuple[DocumentReading, ...]]] = {}

    def read(self) -> SourceReading:
        return SourceReading(tuple(document for each in self._clusters for document in self._of_cluster(each)))

    def _of_cluster(self, discovered: Discovered) -> tuple[DocumentReading, ...]:
        name, state, now = discovered.cluster.name, discovered.state, self._clock()
        held = self._last.get(name)
        if held is None:
            # Nothing has changed that often.
            held = self._last[name] = (-1, self._recalled(name))
        if not all(kind.key in state.kinds and state.kinds[kind.key].is_fresh(now) for kind in _ROOTS):
            return held[1]
        if NAMESPACE.key in state.kinds and state.kinds[NAMESPACE.key].word(now) == "starting":
            # Whose they are would be other than before for a moment. One that may not be looked at is not waited for.
            return held[1]
        # Before the objects, so that what comes meanwhile is looked at next time.
        changes = sum(discovered.store.changes(kind.key) for kind in (*_ROOTS, NAMESPACE))
        if held[0] == changes:
            return held[1]
        found = [each for kind in _ROOTS for each in discovered.store.objects(kind.key) if not controller_of(each)]
        spaces = {text_at(each, "metadata", "name"): each for each in discovered.store.objects(NAMESPACE.key)}
        place = Place(discovered.cluster, spaces)
        documents = tuple(workload_documents(found, place, self._settings, namespace=self._namespace))
        self._last[name] = changes, documents
        return documents

    def _recalled(self, cluster: str) -> tuple[DocumentReading, ...]:
        prefix = location_of(cluster)
        return tuple(
            DocumentReading(origin_of(cluster, location.removeprefix(prefix)), good.declared, good.implied)
            for location, good in sorted(self._remembered(self.name).items())
            if location.startswith(prefix)
        )
