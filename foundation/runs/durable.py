"""The one place that knows DBOS: starts it, hands it runs, asks it about them.

DBOS is one for a process, so at most one `DurableExecution` is started at a time.

Each kind of run has its own queue, and a process listens to the queues of its own kinds alone. A run that is
recovered goes back to the queue that it came from, so no process ever gets a run that it has no body for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import ClassVar

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from foundation.jsontypes import Json

APPLICATION = "greenroom"
# DBOS goes on only with workflows of its own version. Ours is one generic workflow; a body whose steps changed is
# noticed by the names of its steps. The number rises when the generic workflow records something else.
VERSION = "1"
# Seconds between looks for new runs. A person waits for it at each step of a template; at 0.25 a queue costs
# about 2 % of a core when idle.
QUEUE_POLL_SECONDS = 0.25
# Runs of one kind at a time in one process. They mostly wait for others; more would only crowd the database.
CONCURRENT_RUNS = 16
# Seconds between DBOS's looks for cron schedules, of which we have none.
SCHEDULER_POLL_SECONDS = 3600.0

_ENDED = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})


@DBOS.workflow(name="greenroom.run", max_recovery_attempts=None)
def _run(run_id: str) -> None:
    """The generic workflow: everything about the run is looked up by its id."""
    execution = DurableExecution.started
    if execution is None:
        raise RuntimeError("A run was begun in a process whose runs are not started.")
    execution.execute(run_id)


class DurableExecution:
    """Executes runs durably in this process, between `start` and `stop`."""

    started: ClassVar[DurableExecution | None] = None
    _one_at_a_time = threading.Lock()

    def __init__(self, url: sa.URL, executor: str, kinds: Sequence[str], execute: Callable[[str], None]) -> None:
        self.url = url
        self.executor = executor
        self.kinds = tuple(kinds)
        self.execute = execute

    def start(self) -> None:
        """Begin to execute; goes on with the runs that this executor left behind."""
        with self._one_at_a_time:
            if DurableExecution.started is not None:
                raise RuntimeError("Runs are started already in this process.")
            DurableExecution.started = self
        _quieten()
        config: DBOSConfig = {
            "name": APPLICATION,
            "application_version": VERSION,
            "system_database_url": self.url.render_as_string(hide_password=False),
            "executor_id": self.executor,
            "enable_otlp": False,
            "log_level": "WARNING",
            # Not pickle: whoever can write to the database must not be able to run code here.
            "serializer": DBOSPortableJSONSerializer(),
            "scheduler_polling_interval_sec": SCHEDULER_POLL_SECONDS,
        }
        try:
            DBOS(config=config)
            _through_the_root_logger()
            DBOS.listen_queues([_queue(kind) for kind in self.kinds])
            DBOS.launch()
            for kind in self.kinds:
                DBOS.register_queue(
                    _queue(kind),
                    worker_concurrency=CONCURRENT_RUNS,
                    polling_interval_sec=QUEUE_POLL_SECONDS,
                    on_conflict="always_update",
                )
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop taking runs. What is being executed must have been ended before."""
        DBOS.destroy()
        DurableExecution.started = None

    def ensure(self, kind: str, run_id: str, *, resume_at: int) -> None:
        """See to it that the run will be executed; a workflow of it that has ended begins again at a step.

        Does nothing for one that waits or is being executed.
        """
        status = DBOS.get_workflow_status(run_id)
        if status is None:
            with SetWorkflowID(run_id):
                DBOS.enqueue_workflow(_queue(kind), _run, run_id)
        elif status.status in _ENDED:
            DBOS.rewind_workflow(run_id, start_step=resume_at, queue_name=_queue(kind))

    def step(self, name: str, function: Callable[[], Json]) -> Json:
        """Within a run: do `function` once and keep its result."""
        return DBOS.run_step({"name": name}, function)

    def forget(self, run_ids: Sequence[str]) -> None:
        """Remove what is kept of the steps of runs that have ended."""
        DBOS.delete_workflows(list(run_ids))

    def other_executors(self) -> set[str]:
        """The names of those who execute runs of our kinds, or did when they died."""
        pending = DBOS.list_workflows(
            status="PENDING", queue_name=[_queue(kind) for kind in self.kinds], load_input=False, load_output=False
        )
        return {each.executor_id for each in pending if each.executor_id} - {self.executor}

    def take_over(self, executor: str) -> None:
        """Put the runs of an executor that is dead back into their queues."""
        DBOS._recover_pending_workflows([executor])  # noqa: SLF001 - public under this name only in DBOS's paid service


def _queue(kind: str) -> str:
    return f"greenroom-{kind}"


def _quieten() -> None:
    """Let DBOS add no handler of its own: it does so where it finds none."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _through_the_root_logger() -> None:
    """Send what DBOS logs (warnings, errors) where everything else is logged."""
    logging.getLogger("dbos").propagate = True
