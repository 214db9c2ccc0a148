"""Keeps the health board true: what a cluster change touched at once, everything else by and by."""

from __future__ import annotations

import itertools
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
# Entities that are assessed in one go. At about a millisecond each, nobody waits long for their turn.
SLICE = 20
# Of a processor that such looks may take, so that those at ten thousand entities delay no change of one.
SHARE = 0.1

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
        # In the order in which they were touched.
        self._touched: dict[str, None] = {}
        self._stopping = False
        self._thread: threading.Thread | None = None
        # The look at everything: what is left of it, when it began, and when it goes on.
        self._left: list[str] = []
        self._began_at = float("-inf")
        self._resume_at = float("-inf")

    def touch(self, refs: Iterable[str]) -> None:
        """These may have changed; returns at once."""
        with self._wake:
            self._touched.update(dict.fromkeys(refs))
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
        while not self._stopping:
            touched = self._next_touched(self._resume_at - time.monotonic())
            if touched:
                self._update(touched)
            elif time.monotonic() >= self._resume_at:
                self._look_further()

    def _next_touched(self, patience: float) -> Collection[str]:
        """The next that were touched; waits up to `patience` seconds while there are none."""
        with self._wake:
            if not self._touched and not self._stopping and patience > 0:
                self._wake.wait(patience)
            if not self._touched:
                return ()
            self._wake.wait_for(lambda: self._stopping, self._coalesce)
            batch = list(itertools.islice(self._touched, SLICE))
            for ref in batch:
                del self._touched[ref]
            return batch

    def _look_further(self) -> None:
        """Assess the next few of everything, and rest in proportion to what that took."""
        began = time.monotonic()
        if not self._left:
            # Those on the board as well, so that health ends with its entity.
            self._left = sorted({*self._everything(), *self._board.references()})
            self._began_at = began
        part, self._left = self._left[:SLICE], self._left[SLICE:]
        if part:
            self._update(part)
        now = time.monotonic()
        rest = now + (now - began) * (1 / SHARE - 1)
        self._resume_at = rest if self._left else max(rest, self._began_at + self._tick)

    def _update(self, refs: Collection[str]) -> None:
        try:
            self._board.update(self._assess(refs))
        except Exception:  # noqa: BLE001 an entity that cannot be assessed must not end the health of all others
            _log.exception("health could not be assessed", entities=len(refs))
