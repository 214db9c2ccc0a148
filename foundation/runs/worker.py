"""Executes the runs of one process, between the start of its server and the stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog

from foundation.errors import GreenroomError
from foundation.runs.bulletin import Bulletin
from foundation.runs.context import DurableContext
from foundation.runs.durable import DurableExecution
from foundation.runs.errors import RunCancelledError, RunInterrupted, describe
from foundation.runs.executors import Lock, TryLock, lock_files, lock_sessions, take_slot
from foundation.runs.journal import Journal, canonical, iso
from foundation.runs.model import Run, RunBody, RunFailure
from foundation.runs.tables import create_tables, normalised_url, open_database
from foundation.settings import StateSettings

logger = logging.getLogger(__name__)

# Seconds between looks for runs that nobody executes, because their server died or was killed while it submitted them.
SWEEP_SECONDS = 5.0
# Seconds that a stop waits for bodies to notice it. A step that takes longer is done anew after the next start.
STOP_SECONDS = 5.0
# Days. Who asks why a run of last quarter failed has its repository; the tables stay small enough to need no care.
KEPT_DAYS = 90
# Runs that are removed in one go; with one go in each look, a day's worth is gone in minutes.
FORGOTTEN_AT_ONCE = 100
# How often a body may be begun. Restarts are ordinary; a run that takes its server down each time has to end.
MOST_STARTS = 25


class Worker:
    """Holds this process's place among the servers of its database, and calls the bodies."""

    def __init__(self, settings: StateSettings, name: str, bodies: Mapping[str, RunBody], bulletin: Bulletin) -> None:
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
        self._executor, self._lock = take_slot(name, self._try_lock)
        self.execution = DurableExecution(url, self._executor, list(bodies), self.execute)
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
        for run_id, kind, resume_at in self.journal.queued(list(self.bodies), only):
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
            with structlog.contextvars.bound_contextvars(run_id=run_id):
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
            if not isinstance(error, GreenroomError):
                logger.exception("Run %s failed", run.id)
            fields = describe(error)
            failure = RunFailure(str(fields["name"]), str(fields["message"]), fields["remedy"])
            self.journal.finish(run.id, "failed", error=failure, resume_at=_resume_at(context))
        else:
            self.journal.finish(run.id, "succeeded", outputs=outputs)

    def _sweep(self) -> None:
        """Look after the runs for as long as this server lives."""
        while not self._stopping.wait(SWEEP_SECONDS):
            try:
                self.look_after(datetime.now(UTC))
            except Exception:
                # The database may be away for a while; the next look is soon.
                logger.warning("Could not look after interrupted and old runs", exc_info=True)

    def look_after(self, moment: datetime) -> None:
        """Take over what dead servers left, and forget what is old at `moment`."""
        self._keep_place()
        self.ensure_queued()
        for executor in self.execution.other_executors():
            lock = self._try_lock(executor)
            if lock is not None:
                self._take_over(executor, lock)
        old = self.journal.finished_before(iso(moment - timedelta(days=KEPT_DAYS)), FORGOTTEN_AT_ONCE)
        if old:
            self.execution.forget(old)
            self.journal.forget(old)

    def _keep_place(self) -> None:
        """Take the lock again where the database has ended the session that held it."""
        if self._lock.is_held():
            return
        lock = self._try_lock(self._executor)
        if lock is None:
            logger.error("Another server took the name %s; the runs of this one may be done twice", self._executor)
            return
        self._lock.release()
        self._lock = lock

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
