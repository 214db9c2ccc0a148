"""The durable runs of one process, for all the plugins that it hosts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from foundation.errors import InputError, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.runs.bulletin import Bulletin
from foundation.runs.model import Run, RunBody, RunEvent
from foundation.settings import StateSettings

if TYPE_CHECKING:
    from foundation.runs.worker import Worker

# Seconds between a follower's looks at a run that another server executes; lines of our own runs come at once.
FOLLOW_POLL_SECONDS = 1.0


class RunEngine:
    """Submits, executes, shows and cancels runs.

    `executor` names the server among those that share the database, such as "platform"; several processes may have
    the same. Bodies are registered before `start`, which is called in the worker process, after any fork. Each plugin
    of the process calls `start` and `stop`; the first and the last count.
    """

    def __init__(self, settings: StateSettings, *, executor: str) -> None:
        self._settings = settings
        self._name = executor
        self._bodies: dict[str, RunBody] = {}
        self._bulletin = Bulletin()
        self._lifecycle = threading.Lock()
        self._users = 0
        self._worker: Worker | None = None

    def register(self, kind: str, body: RunBody) -> None:
        """Say what a run of this kind does; before `start`."""
        if self._worker is not None:
            raise RuntimeError("Kinds of runs are registered before the start.")
        if kind in self._bodies:
            raise ValueError(f'The kind of run "{kind}" is registered twice.')
        self._bodies[kind] = body

    def start(self) -> None:
        """Execute runs from now on, first those that were interrupted."""
        with self._lifecycle:
            if self._worker is None:
                # DBOS and SQLAlchemy take over a second to import; whoever only names a type here needs neither.
                from foundation.runs.worker import Worker

                self._worker = Worker(self._settings, self._name, self._bodies, self._bulletin)
            self._users += 1

    def stop(self) -> None:
        """Interrupt what is being executed; it goes on at its step after the next start."""
        with self._lifecycle:
            self._users = max(0, self._users - 1)
            if self._users or self._worker is None:
                return
            worker, self._worker = self._worker, None
            worker.close()

    def submit(self, kind: str, run_id: str, payload: JsonObject, *, caller: str) -> Run:
        """Start a run under an id of the caller's choice.

        An id that is known attaches to its run; one that failed or was cancelled goes on at the step where it
        ended. Raises ConflictError for a known id with another kind or payload, InputError for a payload that is
        not JSON or a kind that nobody here executes. The payload is stored: no secrets in it. Like all but `follow`
        it waits for the database: call it in a thread, not in an event loop.
        """
        if kind not in self._bodies:
            raise InputError(f'There is no kind of run "{kind}" here.')
        worker = self._running()
        run = worker.journal.enter(kind, run_id, payload, caller=caller)
        if run.status in {"failed", "cancelled"}:
            worker.journal.reopen(run_id)
            run = worker.journal.get(run_id)
        if run.status == "queued":
            worker.ensure_queued(run_id)
        return run

    def get(self, run_id: str) -> Run:
        """Raises NotFoundError."""
        return self._running().journal.get(run_id)

    def list(self, kind: str | None = None, limit: int = 50) -> Sequence[Run]:
        """The newest runs first."""
        return self._running().journal.list(kind, limit)

    def cancel(self, run_id: str) -> Run:
        """Ask a run to end. It is "cancelled" as soon as its body has noticed; what has ended stays as it is."""
        worker = self._running()
        worker.journal.request_cancel(run_id)
        worker.wake(run_id)
        return worker.journal.get(run_id)

    def events(self, run_id: str, after: int = 0) -> Sequence[RunEvent]:
        """The lines of the log with a higher sequence than `after`, at most 1,000."""
        return self._running().journal.events(run_id, after)

    async def follow(self, run_id: str, after: int = 0) -> AsyncIterator[RunEvent | Run]:
        """Each line of the log as it comes, from `after` on, and the finished run last. Raises NotFoundError."""
        journal = self._running().journal
        with self._bulletin.subscribe(run_id) as news:
            while True:
                news.clear()
                # The run first: lines are complete once it is finished.
                run = await asyncio.to_thread(journal.get, run_id)
                lines = await asyncio.to_thread(journal.events, run_id, after)
                for line in lines:
                    after = line.sequence
                    yield line
                if lines:
                    continue
                if run.finished:
                    yield run
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), FOLLOW_POLL_SECONDS)

    def _running(self) -> Worker:
        if self._worker is None:
            raise ServiceUnavailableError("Runs are not started yet.", remedy="Try again in a few seconds.")
        return self._worker
