"""Writes transitions behind the back of whoever assesses: in batches, each once, and again while the database is away."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from itertools import islice

import structlog
from sqlalchemy.exc import SQLAlchemyError

from catalog_provider.health import STARTING, EntityHealth, EnvironmentHealth, Status
from catalog_provider.history.transitions import HealthHistory, Place, Transition

# Transitions that wait for a database that is away: every service of a large fleet may change thrice meanwhile.
MOST_WAITING = 100_000
# Transitions that are written in one go.
BATCH = 200
# Seconds in which transitions gather after a write: a transaction for each would cost more than what it writes.
GATHER = 0.05
# Seconds between tries while the database is away.
PAUSE = 5.0
# How often old transitions are deleted.
BETWEEN_CLEANINGS = timedelta(hours=1)

_log = structlog.get_logger(__name__)


class HistoryRecorder:
    """Takes what was assessed, from any thread; a thread of its own writes what is news."""

    def __init__(
        self,
        history: HealthHistory,
        clock: Callable[[], datetime],
        days: int,
        known: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """Transitions are kept for so many `days`; `known` gives the entities of the catalog, none while it is not read yet."""
        self._history = history
        self._known = known
        self._clock = clock
        self._kept = timedelta(days=days)
        self._wake = threading.Condition()
        self._waiting: deque[Transition] = deque(maxlen=MOST_WAITING)
        self._last: dict[Place, tuple[Status, datetime]] = {}
        self._past: Mapping[Place, tuple[Status, datetime]] = {}
        self._cleaned_at: datetime | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Read how things were last, then write from a thread."""
        self._history.create_tables()
        self._past = self._history.latest()
        self._last = dict(self._past)
        self._thread = threading.Thread(target=self._run, name="health-history", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread:
            self._thread.join(timeout=5)

    def past(self, ref: str, environment: EnvironmentHealth) -> tuple[Status, datetime] | None:
        """How a service was there when this server started, and since when."""
        return self._past.get(Place(ref, environment.name, environment.cluster))

    def take(self, assessed: Mapping[str, EntityHealth | None]) -> None:
        """These are so now; returns at once."""
        news = [each for ref, health in assessed.items() if health for each in self._news(ref, health)]
        if news:
            with self._wake:
                self._waiting.extend(news)
                self._wake.notify()

    def _news(self, ref: str, health: EntityHealth) -> list[Transition]:
        found = []
        for each in health.environments:
            verdict, place = each.verdict, Place(ref, each.name, each.cluster)
            last = self._last.get(place)
            # What is still being listed is as it last was, as far as anyone knows.
            if verdict.reason == STARTING or (last and last[0] is verdict.status):
                continue
            at = verdict.since or self._clock()
            # What an object says of its past may reach back behind what was seen meanwhile.
            at = max(at, last[1]) if last else at
            self._last[place] = verdict.status, at
            found.append(Transition(place, at, verdict.status, verdict.reason, verdict.message))
        return found

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._stopping, timeout=BETWEEN_CLEANINGS.total_seconds())
                batch = list(islice(self._waiting, BATCH))
                stopping = self._stopping
            written = self._write(batch)
            if stopping and (not written or len(batch) < BATCH):
                return
            with self._wake:
                self._wake.wait_for(lambda: self._stopping, timeout=GATHER if written else PAUSE)

    def _write(self, batch: list[Transition]) -> bool:
        """Whether the database took them; what it did not take stays first in line."""
        try:
            self._history.record(batch)
            self._clean()
        except SQLAlchemyError as error:
            # Its text may quote the address of the database.
            _log.warning("history of health cannot be written", reason=type(error).__name__, waiting=len(self._waiting))
            return False
        with self._wake:
            for each in batch:
                # While it was written, it may have given way to a newer one.
                if self._waiting and self._waiting[0] is each:
                    self._waiting.popleft()
        return True

    def _clean(self) -> None:
        now = self._clock()
        if self._cleaned_at is None or now - self._cleaned_at >= BETWEEN_CLEANINGS:
            self._cleaned_at = now
            self._history.forget(now - self._kept)
            # Before the catalog is read, all would pass for gone.
            known = self._known()
            gone = set(self._history.forget_gone(now - self._kept, known) if known else ())
            # One that comes back is new. A copy, since others are taken meanwhile.
            for place in [each for each in tuple(self._last) if each.entity_ref in gone]:
                self._last.pop(place, None)
