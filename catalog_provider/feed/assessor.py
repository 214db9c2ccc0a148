"""Keeps the health board true: what a cluster change touched at once, everything else by and by."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

import structlog

from catalog_provider.feed.board import HealthBoard
from catalog_provider.health import EntityHealth

# Seconds. One step of a rollout changes a pod, its ReplicaSet and its Deployment within a few
# milliseconds; together they are one assessment. Well below the 100 ms a change may take to the stream.
COALESCE = 0.005
# Seconds between looks at what time alone changes, such as a cluster that has gone quiet.
TICK = 5.0
# Entities of such a look that are assessed before the touched ones get their turn again.
SLICE = 100

Assess: TypeAlias = "Callable[[Collection[str]], Mapping[str, EntityHealth | None]]"

_log = structlog.get_logger(__name__)


class HealthAssessor:
    """A thread that re-assesses entities and puts their health on the board.

    `assess` gives the health (None: it has none) for each reference it is asked for; `everything` names
    the references there are now.
    """

    def __init__(
        self,
        board: HealthBoard,
        assess: Assess,
        everything: Callable[[], Collection[str]],
        *,
        coalesce: float = COALESCE,
        tick: float = TICK,
    ) -> None:
        self._board = board
        self._assess = assess
        self._everything = everything
        self._coalesce = coalesce
        self._tick = tick
        self._wake = threading.Condition()
        self._touched: set[str] = set()
        self._waiting: list[str] = []
        self._stopping = False
        self._thread: threading.Thread | None = None

    def touch(self, refs: Iterable[str]) -> None:
        """These may have changed; returns at once."""
        with self._wake:
            self._touched.update(refs)
            self._wake.notify()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="health-assessor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        next_look = time.monotonic()
        while not self._stopping:
            now = time.monotonic()
            if now >= next_look:
                # Those on the board as well, so that health ends with its entity.
                self._waiting = sorted({*self._everything(), *self._board.references()})
                next_look = now + self._tick
            batch = self._next_batch(max(0.0, next_look - now))
            if batch:
                self._update(batch)

    def _next_batch(self, patience: float) -> Collection[str]:
        """What to assess now: the touched ones first; waits up to `patience` seconds while there is nothing."""
        with self._wake:
            if not self._touched and not self._waiting and not self._stopping:
                self._wake.wait(patience)
            if self._touched:
                self._wake.wait_for(lambda: self._stopping, self._coalesce)
                batch, self._touched = self._touched, set()
                return batch
            rest = self._waiting
            self._waiting = rest[SLICE:]
            return rest[:SLICE]

    def _update(self, refs: Collection[str]) -> None:
        try:
            self._board.update(self._assess(refs))
        except Exception:  # noqa: BLE001 an entity that cannot be assessed must not end the health of all others
            _log.exception("health could not be assessed", entities=len(refs))
