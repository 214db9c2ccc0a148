"""Keeps the health board true: what a cluster change touched at once, everything else by and by."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

import structlog

from catalog_provider.feed.board import HealthBoard
from catalog_provider.health import EntityHealth

# Seconds. One step of a rollout changes a pod, its ReplicaSet and its Deployment within a few
# milliseconds; together they are one assessment. Well below the 100 ms a change may take to the stream.
COALESCE = 0.005
# Seconds between looks at what time alone changes, such as a cluster that has gone quiet.
TICK = 5.0
# Entities that are assessed in one go. At a quarter of a millisecond each, nobody waits long for their turn.
SLICE = 20
# Touched at once by a change of one object, at most; more come of a cluster that came or went.
FEW = 100
# Of a processor that looks at everything may take: where all may have changed, and where time alone has passed. Half
# is left to what changes meanwhile, and a tenth goes unnoticed.
NEWS_SHARE = 0.5
TICK_SHARE = 0.1

Assess: TypeAlias = "Callable[[Collection[str]], Mapping[str, EntityHealth | None]]"

_log = structlog.get_logger(__name__)


class HealthAssessor:
    """A thread that re-assesses entities and puts their health on the board.

    `assess` gives the health (None: it has none) for each reference it is asked for; `everything` names
    the references there are now. Few that are touched are assessed at once, and between them the next of the many.
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
        # In the order in which they were touched: those to be assessed at once, and the many.
        self._touched: dict[str, None] = {}
        self._many: dict[str, None] = {}
        self._share = NEWS_SHARE
        self._stopping = False
        self._thread: threading.Thread | None = None
        # When everything was last looked at, and when the look goes on.
        self._began_at = float("-inf")
        self._resume_at = float("-inf")

    def touch(self, refs: Collection[str]) -> None:
        """These may have changed; returns at once."""
        with self._wake:
            if len(refs) <= FEW:
                was_idle = not self._touched
                self._touched.update(dict.fromkeys(refs))
                # In between it waits for more, and to wake it for each would cost more than to assess it.
                is_news = was_idle or len(self._touched) >= SLICE
            else:
                if not self._many:
                    self._resume_at = time.monotonic()
                # One that waits already keeps its place, so that those behind it are reached in any storm.
                self._many.update(dict.fromkeys(refs))
                self._share = NEWS_SHARE
                is_news = True
            if is_news:
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
            self._update(self._next_touched())
            if time.monotonic() >= self._resume_at:
                self._look_further()

    def _next_touched(self) -> Collection[str]:
        """The next that were touched; waits while there are none, until it is time to look further."""
        with self._wake:
            self._wake.wait_for(self._has_work, max(0.0, self._resume_at - time.monotonic()))
            if not self._touched:
                return ()
            self._wake.wait_for(lambda: self._stopping or len(self._touched) >= SLICE, self._coalesce)
            return _taken(self._touched)

    def _has_work(self) -> bool:
        return bool(self._touched) or self._stopping or time.monotonic() >= self._resume_at

    def _look_further(self) -> None:
        """Assess the next few of the many, and rest in proportion to what that took."""
        began = time.monotonic()
        with self._wake:
            if not self._many:
                # Those on the board as well, so that health ends with its entity.
                self._many.update(dict.fromkeys(sorted({*self._everything(), *self._board.references()})))
                self._share = TICK_SHARE if self._began_at > float("-inf") else NEWS_SHARE
                self._began_at = began
            part = _taken(self._many)
        self._update(part)
        with self._wake:
            now = time.monotonic()
            rest = now + (now - began) * (1 / self._share - 1)
            self._resume_at = rest if self._many else max(rest, self._began_at + self._tick)

    def _update(self, refs: Collection[str]) -> None:
        if not refs:
            return
        try:
            self._board.update(self._assess(refs))
        except Exception:  # noqa: BLE001 an entity that cannot be assessed must not end the health of all others
            _log.exception("health could not be assessed", entities=len(refs))


def _taken(refs: dict[str, None]) -> list[str]:
    """The next few of `refs`, which are no longer in it."""
    part = list(itertools.islice(refs, SLICE))
    for ref in part:
        del refs[ref]
    return part
