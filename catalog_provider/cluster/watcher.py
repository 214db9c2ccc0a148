"""One cluster, watched: a thread for each kind, one store, and what a service looks like in it.

Workloads are watched from the start. What else there is to watch, the cluster is asked for, again every few minutes, and when a
definition has changed.
"""

from __future__ import annotations

import dataclasses
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

import structlog

from catalog_provider.cluster.discovery import ServedKinds
from catalog_provider.cluster.kinds import DEFINING, KINDS, Kind
from catalog_provider.cluster.reflector import ListWatchApi, Reflector, Surroundings
from catalog_provider.cluster.state import ClusterChange, ClusterState, ClusterView, KindState, summarise
from catalog_provider.cluster.store import ClusterStore
from foundation.errors import GreenroomError
from foundation.settings import ClusterSettings

# Seconds. Reads end at once when they are interrupted; a connect takes up to five, and its thread ends by itself.
STOP_WITHIN = 2.0
# Seconds between looks at which kinds a cluster serves, where nothing tells us that they are others.
BETWEEN_DISCOVERIES = 120.0
# Seconds without a change of a definition until the next look: an operator brings its definitions one after another, and each
# is served a moment after it is there. Where they never rest, after so many times these.
SETTLED = 2.0
LONGEST_UNREST = 15
# Seconds until the next try after a look that failed, as long as the longest pause of a watch.
AFTER_FAILURE = 30.0

_DEFINING = frozenset(each.key for each in DEFINING)

Discover: TypeAlias = Callable[[ListWatchApi], ServedKinds]

_log = structlog.get_logger(__name__)


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
        *,
        discover: Discover = lambda _: ServedKinds(),
        workloads: Sequence[Kind] = KINDS,
        beside: Sequence[Kind] = (),
    ) -> None:
        """`beside` is watched from the start, as workloads are; `discover` says what else there is to watch now."""
        self.cluster = cluster
        self.store = ClusterStore()
        self._on_change = on_change
        self._clock = clock
        self._stopped = threading.Event()
        # A definition has changed since the last look, or it is time to stop.
        self._news = threading.Event()
        # A generator of its own: waits shall differ between processes, which may share a seed.
        self._surroundings = Surroundings(clock, self._stopped.wait, random.SystemRandom().random)
        self._api = api
        self._discover = discover
        self._workloads = tuple(workloads)
        self._beside = tuple(beside)
        # By the key of their kinds; replaced as a whole, so that readers need no lock.
        self._reflectors = {kind.key: self._reflector(kind, self._tell_all) for kind in self._workloads}
        self._reflectors |= {kind.key: self._reflector(kind, lambda: None) for kind in self._beside}
        # Replaced as a whole too.
        self._unanswered: Mapping[str, KindState] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to list and watch; returns at once."""
        for each in self._reflectors.values():
            self._run(each.run, f"watch-{self.cluster.name}-{each.kind.plural}")
        self._run(self._look_for_kinds, f"discover-{self.cluster.name}")

    def stop(self) -> None:
        """End the threads, out of blocked reads too, within two seconds."""
        self._stopped.set()
        self._news.set()
        for each in self._reflectors.values():
            each.interrupt()
        deadline = time.monotonic() + STOP_WITHIN
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    @property
    def state(self) -> ClusterState:
        """Whether the cluster answers, now."""
        states = {key: each.state for key, each in self._reflectors.items()}
        # Workloads alone say whether the cluster answers: of another kind, we may be told nothing for ever.
        summary = summarise({kind.key: states[kind.key] for kind in self._workloads}, self._clock())
        return dataclasses.replace(summary, kinds={**states, **self._unanswered})

    def views(self, service: str) -> tuple[ClusterView, ...]:
        """What this cluster has of `service` in each of its environments, at this moment."""
        state = self.state
        return tuple(self._view(service, environment, state) for environment in self.cluster.all_environments)

    def _view(self, service: str, environment: str, state: ClusterState) -> ClusterView:
        cluster = self.cluster
        return ClusterView(
            name=cluster.name,
            environment=environment,
            simulated=cluster.simulated,
            state=state,
            objects=self.store.objects_of(service, lambda space: cluster.environment_of(space) == environment),
            context=cluster.context,
        )

    def _reflector(self, kind: Kind, on_state: Callable[[], None]) -> Reflector:
        on_change = self._tell_defined if kind.key in _DEFINING else self._tell
        return Reflector(kind, self._api, self.store, self._surroundings, on_change=on_change, on_state=on_state)

    def _run(self, target: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _look_for_kinds(self) -> None:
        pause = 0.0
        while not self._rest(pause):
            try:
                served = self._discover(self._api)
                self._watch_exactly(served)
                pause = AFTER_FAILURE if served.unanswered else BETWEEN_DISCOVERIES
            except GreenroomError as error:
                _log.warning("kinds could not be asked for", cluster=self.cluster.name, reason=error.message)
                pause = AFTER_FAILURE

    def _rest(self, seconds: float) -> bool:
        """Wait, or until definitions have changed and come to rest again. Gives whether to stop."""
        if self._news.wait(seconds):
            for _ in range(LONGEST_UNREST):
                self._news.clear()
                if self._stopped.wait(SETTLED) or not self._news.is_set():
                    break
        return self._stopped.is_set()

    def _watch_exactly(self, served: ServedKinds) -> None:
        """Beside what is watched from the start, watch what is served and nothing else.

        Of a group that does not answer, what is watched already still is: its watches say themselves how they fare.
        """
        self._unanswered = {f"*.{group}": KindState(trouble=reason) for group, reason in served.unanswered.items()}
        for group, reason in served.unanswered.items():
            _log.warning("kinds could not be asked for", cluster=self.cluster.name, group=group, reason=reason)
        known = [each.kind for each in self._reflectors.values() if each.kind.group_kind.group in served.unanswered]
        wanted = {kind.key: kind for kind in (*self._workloads, *self._beside, *known, *served.kinds)}
        new = [self._reflector(kind, lambda: None) for key, kind in wanted.items() if key not in self._reflectors]
        gone = [each for key, each in self._reflectors.items() if key not in wanted]
        kept = {key: each for key, each in self._reflectors.items() if key in wanted}
        self._reflectors = {**kept, **{each.kind.key: each for each in new}}
        for each in new:
            self._run(each.run, f"watch-{self.cluster.name}-{each.kind.plural}")
        for each in gone:
            each.interrupt()
            self._tell(self.store.replace(each.kind.key, ()))

    def _tell(self, services: frozenset[str]) -> None:
        if services:
            self._on_change(ClusterChange(self.cluster.name, services))

    def _tell_defined(self, services: frozenset[str]) -> None:
        self._news.set()
        self._tell(services)

    def _tell_all(self) -> None:
        self._on_change(ClusterChange(self.cluster.name, None))
