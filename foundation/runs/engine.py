"""The durable runs of one process, for all the plugins that it hosts."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import sqlalchemy as sa

from foundation.errors import InputError, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.runs.bulletin import Bulletin
from foundation.runs.context import DurableContext
from foundation.runs.durable import DurableExecution
from foundation.runs.errors import RunCancelledError, RunInterrupted, describe
from foundation.runs.executors import Lock, TryLock, lock_files, lock_sessions, take_slot
from foundation.runs.journal import Journal, canonical
from foundation.runs.model import Run, RunBody, RunEvent, RunFailure
from foundation.runs.tables import create_tables, normalised_url, open_database
from foundation.settings import StateSettings

logger = logging.getLogger(__name__)

# Seconds between looks for runs that nobody executes, because their server died or was killed while it submitted them.
SWEEP_SECONDS = 5.0
# Seconds between a follower's looks at a run that another server executes; lines of our own runs come at once.
FOLLOW_POLL_SECONDS = 1.0
# Seconds that a stop waits for bodies to notice it. A step that takes longer is done anew after the next start.
STOP_SECONDS = 5.0
# How often a body may be begun. Restarts are ordinary; a run that takes its server down each time has to end.
MOST_STARTS = 25


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
        self._parts: _Parts | None = None

    def register(self, kind: str, body: RunBody) -> None:
        """Say what a run of this kind does; before `start`."""
        if self._parts is not None:
            raise RuntimeError("Kinds of runs are registered before the start.")
        if kind in self._bodies:
            raise ValueError(f'The kind of run "{kind}" is registered twice.')
        self._bodies[kind] = body

    def start(self) -> None:
        """Execute runs from now on, first those that were interrupted."""
        with self._lifecycle:
            if self._parts is None:
                self._parts = _Parts(self._settings, self._name, self._bodies, self._bulletin)
            self._users += 1

    def stop(self) -> None:
        """Interrupt what is being executed; it goes on at its step after the next start."""
        with self._lifecycle:
            self._users = max(0, self._users - 1)
            if self._users or self._parts is None:
                return
            parts, self._parts = self._parts, None
            parts.close()

    @property
    def started(self) -> bool:
        return self._parts is not None

    def submit(self, kind: str, run_id: str, payload: JsonObject, *, caller: str) -> Run:
        """Start a run under an id of the caller's choice.

        An id that is known attaches to its run; one that failed or was cancelled goes on at the step where it
        ended. Raises ConflictError for a known id with another kind or payload, InputError for a payload that is
        not JSON or a kind that nobody here executes. The payload is stored: no secrets in it.
        """
        if kind not in self._bodies:
            raise InputError(f'There is no kind of run "{kind}" here.')
        parts = self._running()
        run = parts.journal.enter(kind, run_id, payload, caller=caller)
        if run.status in {"failed", "cancelled"}:
            parts.journal.reopen(run_id)
            run = parts.journal.get(run_id)
        if run.status == "queued":
            parts.ensure_queued(run_id)
        return run

    def get(self, run_id: str) -> Run:
        """Raises NotFoundError."""
        return self._running().journal.get(run_id)

    def list(self, kind: str | None = None, limit: int = 50) -> Sequence[Run]:
        """The newest runs first."""
        return self._running().journal.list(kind, limit)

    def cancel(self, run_id: str) -> Run:
        """Ask a run to end. It is "cancelled" as soon as its body has noticed; what has ended stays as it is."""
        parts = self._running()
        parts.journal.request_cancel(run_id)
        parts.wake(run_id)
        return parts.journal.get(run_id)

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

    def _running(self) -> _Parts:
        if self._parts is None:
            raise ServiceUnavailableError("Runs are not started yet.", remedy="Try again in a few seconds.")
        return self._parts


class _Parts:
    """What exists between start and stop."""

    def __init__(self, settings: StateSettings, name: str, bodies: dict[str, RunBody], bulletin: Bulletin) -> None:
        self.bodies = dict(bodies)
        self.bulletin = bulletin
        url = normalised_url(settings.database_url())
        self.engine = open_database(url)
        create_tables(self.engine)
        self.journal = Journal(self.engine)
        self._active: dict[str, DurableContext] = {}
        self._wakes: dict[str, threading.Event] = {}
        self._active_changed = threading.Condition()
        self._stopping = threading.Event()
        self._try_lock = _locks(url, self.engine, settings)
        executor, self._lock = take_slot(name, self._try_lock)
        self.execution = DurableExecution(url, executor, list(bodies), self.execute)
        try:
            self.execution.start()
        except BaseException:
            self._lock.release()
            self.engine.dispose()
            raise
        self._sweeper = threading.Thread(target=self._sweep, name="runs-sweep", daemon=True)
        self._sweeper.start()

    def close(self) -> None:
        self._stopping.set()
        with self._active_changed:
            for run_id, context in self._active.items():
                context.interrupted.set()
                self._wakes[run_id].set()
            self._active_changed.wait_for(lambda: not self._active, timeout=STOP_SECONDS)
        self._sweeper.join(STOP_SECONDS)
        self.execution.stop()
        self._lock.release()
        self.engine.dispose()

    def ensure_queued(self, only: str | None = None) -> None:
        """Hand queued runs to the execution; those that it has already stay as they are."""
        for run_id, kind, resume_at in self.journal.queued(list(self.bodies)):
            if only in {None, run_id}:
                self.execution.ensure(kind, run_id, resume_at=resume_at)

    def wake(self, run_id: str) -> None:
        with self._active_changed:
            wake = self._wakes.get(run_id)
        if wake is not None:
            wake.set()

    def execute(self, run_id: str) -> None:
        """Call the run's body and keep how it ended."""
        begun = self.journal.begin(run_id)
        if begun.run.finished:
            return
        if begun.starts > MOST_STARTS:
            message = f"The run was begun {MOST_STARTS} times, and each time its server went down."
            self.journal.finish(run_id, "failed", error=RunFailure("Error", message, "See the server's log."))
            self.bulletin.post(run_id)
            return
        wake = threading.Event()
        context = DurableContext(begun.run, self.journal, self.bulletin, self.execution, wake)
        with self._active_changed:
            if self._stopping.is_set():
                raise RunInterrupted
            self._active[run_id], self._wakes[run_id] = context, wake
        try:
            self._do(begun.run, context)
        finally:
            with self._active_changed:
                del self._active[run_id], self._wakes[run_id]
                self._active_changed.notify_all()
        self.bulletin.post(run_id)

    def _do(self, run: Run, context: DurableContext) -> None:
        try:
            context.raise_if_cancelled()
            outputs = self.bodies[run.kind](context, run.payload)
            canonical(outputs)
        except RunCancelledError:
            self.journal.finish(run.id, "cancelled", resume_at=_resume_at(context))
        except Exception as error:
            if not hasattr(type(error), "status"):
                logger.exception("Run %s failed", run.id)
            fields = describe(error)
            failure = RunFailure(str(fields["name"]), str(fields["message"]), fields["remedy"])
            self.journal.finish(run.id, "failed", error=failure, resume_at=_resume_at(context))
        else:
            self.journal.finish(run.id, "succeeded", outputs=outputs)

    def _sweep(self) -> None:
        """Take over the runs of servers that died, for as long as this one lives."""
        while not self._stopping.wait(SWEEP_SECONDS):
            try:
                self.ensure_queued()
                for executor in self.execution.other_executors():
                    lock = self._try_lock(executor)
                    if lock is not None:
                        self._take_over(executor, lock)
            except Exception:
                # The database may be away for a while; the next look is soon.
                logger.warning("Could not look for interrupted runs", exc_info=True)

    def _take_over(self, executor: str, lock: Lock) -> None:
        try:
            logger.info("Taking over the runs of %s, which is gone", executor)
            self.execution.take_over(executor)
        finally:
            lock.release()


def _locks(url: sa.URL, engine: sa.Engine, settings: StateSettings) -> TryLock:
    if url.get_backend_name() == "postgresql":
        return lock_sessions(engine)
    return lock_files(settings.directory / "executors")


def _resume_at(context: DurableContext) -> int:
    """Where to begin when the run is submitted again: at the step that failed, or after those that are done."""
    return context.failed_step or context.steps_begun + 1
