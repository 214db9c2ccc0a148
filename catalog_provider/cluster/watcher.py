"""One cluster, watched: a thread for each kind, one store, and what a service looks like in it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from catalog_provider.cluster.kinds import KINDS
from catalog_provider.cluster.reflector import ListWatchApi, Reflector, Surroundings
from catalog_provider.cluster.state import ClusterChange, ClusterState, ClusterView, summarise
from catalog_provider.cluster.store import ClusterStore
from foundation.settings import ClusterSettings

# Seconds. Reads end at once when they are interrupted; a connect takes up to five, and its thread ends by itself.
STOP_WITHIN = 2.0


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


class ClusterWatcher:
    """Watches `cluster` from `start` to `stop`; `on_change` is called from its threads, and must be quick."""

    def __init__(
        self,
        cluster: ClusterSettings,
        api: ListWatchApi,
        on_change: Callable[[ClusterChange], None],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.cluster = cluster
        self.store = ClusterStore()
        self._on_change = on_change
        self._clock = clock
        self._stopped = threading.Event()
        # A generator of its own: waits shall differ between processes, which may share a seed.
        surroundings = Surroundings(clock, self._stopped.wait, random.SystemRandom().random)
        self._reflectors = [
            Reflector(kind, api, self.store, surroundings, on_change=self._tell, on_state=self._tell_all)
            for kind in KINDS
        ]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to list and watch; returns at once."""
        for each in self._reflectors:
            name = f"watch-{self.cluster.name}-{each.kind.plural}"
            thread = threading.Thread(target=each.run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End the threads, out of blocked reads too, within two seconds."""
        self._stopped.set()
        for each in self._reflectors:
            each.interrupt()
        deadline = time.monotonic() + STOP_WITHIN
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    @property
    def state(self) -> ClusterState:
        """Whether the cluster answers, now."""
        return summarise({each.kind.name: each.state for each in self._reflectors}, self._clock())

    def view(self, service: str) -> ClusterView:
        """What this cluster has of `service`, at this moment."""
        return ClusterView(
            name=self.cluster.name,
            environment=self.cluster.environment,
            simulated=self.cluster.simulated,
            state=self.state,
            objects=self.store.objects_of(service),
        )

    def _tell(self, services: frozenset[str]) -> None:
        self._on_change(ClusterChange(self.cluster.name, services))

    def _tell_all(self) -> None:
        self._on_change(ClusterChange(self.cluster.name, None))
