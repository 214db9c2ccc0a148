"""Reads and writes runs and their log lines. Knows nothing of how runs are executed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from foundation.errors import ConflictError, NotFoundError
from foundation.jsontypes import Json, JsonObject
from foundation.runs.model import FINISHED, Level, Run, RunEvent, RunFailure, RunStatus
from foundation.runs.tables import events, runs, storable

# A page of the task log shows a few hundred lines; a build that prints more than this has gone wild.
MOST_EVENTS = 10_000
# Characters of one line.
LONGEST_LINE = 4_000
# Two writers of one run's log meet only while a run changes hands.
SEQUENCE_ATTEMPTS = 5


@dataclass(frozen=True)
class Begun:
    """A run whose body is about to be called, for the `starts`th time."""

    run: Run
    starts: int


def now() -> str:
    """The present in UTC, to the millisecond."""
    return iso(datetime.now(UTC))


def iso(moment: datetime) -> str:
    """A moment in UTC as it is stored: as text that sorts by time."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def canonical(value: JsonObject) -> str:
    """JSON that is the same for equal values. Raises TypeError or ValueError for what JSON cannot carry."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


class Journal:
    """The runs in one database."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def enter(self, kind: str, run_id: str, payload: JsonObject, *, caller: str) -> Run:
        """Record a new run, or give the one that has this id.

        Raises ConflictError when that one is of another kind or has another payload.
        """
        text = canonical(payload)
        row = {"id": run_id, "kind": kind, "status": "queued", "caller": caller, "payload": text, "created_at": now()}
        try:
            with self.engine.begin() as connection:
                connection.execute(sa.insert(runs).values(row))
        except IntegrityError:
            with self.engine.connect() as connection:
                stored = connection.execute(sa.select(runs.c.kind, runs.c.payload).where(runs.c.id == run_id)).one()
            if (stored.kind, stored.payload) != (kind, text):
                raise ConflictError(
                    f'There is a run "{run_id}" already, and it was asked for something else.',
                    remedy="Use another run id.",
                ) from None
        return self.get(run_id)

    def reopen(self, run_id: str) -> bool:
        """Put a failed or cancelled run back into the queue; False when it is neither."""
        change = (
            sa.update(runs)
            .where(runs.c.id == run_id, runs.c.status.in_(["failed", "cancelled"]))
            .values(status="queued", error=None, finished_at=None, cancel_requested=False, starts=0)
        )
        with self.engine.begin() as connection:
            return connection.execute(change).rowcount > 0

    def get(self, run_id: str) -> Run:
        """Raises NotFoundError."""
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise NotFoundError(f'There is no run "{run_id}".')
        return _run(row)

    def list(self, kind: str | None = None, limit: int = 50) -> Sequence[Run]:
        """The newest runs first."""
        query = sa.select(runs).order_by(runs.c.created_at.desc(), runs.c.id).limit(limit)
        if kind is not None:
            query = query.where(runs.c.kind == kind)
        with self.engine.connect() as connection:
            return [_run(row) for row in connection.execute(query)]

    def queued(self, kinds: Sequence[str], only: str | None = None) -> Sequence[tuple[str, str, int]]:
        """Id, kind and step to begin at of each run of these kinds (or of one run) that waits to be executed."""
        query = sa.select(runs.c.id, runs.c.kind, runs.c.resume_at)
        query = query.where(runs.c.status == "queued", runs.c.kind.in_(kinds)).order_by(runs.c.created_at)
        if only is not None:
            query = query.where(runs.c.id == only)
        with self.engine.connect() as connection:
            return [(row.id, row.kind, row.resume_at) for row in connection.execute(query)]

    def begin(self, run_id: str) -> Begun:
        """Note that the run's body is called (again); the status of a finished run stays."""
        change = sa.update(runs).where(runs.c.id == run_id, runs.c.status.not_in(FINISHED))
        with self.engine.begin() as connection:
            connection.execute(change.values(status="running", starts=runs.c.starts + 1))
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id)).one()
        return Begun(_run(row), row.starts)

    def finish(
        self,
        run_id: str,
        status: RunStatus,
        *,
        outputs: JsonObject | None = None,
        error: RunFailure | None = None,
        resume_at: int = 1,
    ) -> None:
        """Set how the run ended, unless it has ended already."""
        change = sa.update(runs).where(runs.c.id == run_id, runs.c.status.not_in(FINISHED))
        failure = (
            None if error is None else canonical({"name": error.name, "message": error.message, "remedy": error.remedy})
        )
        values = {"status": status, "error": failure, "finished_at": now(), "resume_at": resume_at}
        values["outputs"] = None if outputs is None else canonical(outputs)
        with self.engine.begin() as connection:
            connection.execute(change.values(values))

    def request_cancel(self, run_id: str) -> None:
        """Ask for the end of a run that has not ended."""
        change = sa.update(runs).where(runs.c.id == run_id, runs.c.status.not_in(FINISHED))
        with self.engine.begin() as connection:
            connection.execute(change.values(cancel_requested=True))

    def cancel_requested(self, run_id: str) -> bool:
        """Whether someone asked for the end of the run."""
        with self.engine.connect() as connection:
            return bool(connection.execute(sa.select(runs.c.cancel_requested).where(runs.c.id == run_id)).scalar())

    def finished_before(self, moment: str, limit: int) -> Sequence[str]:
        """The ids of runs that ended before a time, the oldest first."""
        query = sa.select(runs.c.id).where(runs.c.finished_at < moment, runs.c.status.in_(FINISHED))
        with self.engine.connect() as connection:
            return list(connection.execute(query.order_by(runs.c.finished_at).limit(limit)).scalars())

    def forget(self, run_ids: Sequence[str]) -> None:
        """Remove runs with their logs."""
        with self.engine.begin() as connection:
            connection.execute(sa.delete(events).where(events.c.run_id.in_(run_ids)))
            connection.execute(sa.delete(runs).where(runs.c.id.in_(run_ids)))

    def append(self, run_id: str, level: Level, message: str, *, position: str | None = None) -> bool:
        """Add a line to the log. False when it is there already (by `position`) or the log is full."""
        for _ in range(SEQUENCE_ATTEMPTS):
            try:
                return self._append(run_id, level, storable(message[:LONGEST_LINE]), position)
            except IntegrityError:
                # The number or the position was taken meanwhile; the next look sees which.
                continue
        return False

    def _append(self, run_id: str, level: Level, message: str, position: str | None) -> bool:
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "sqlite":
                # Take the writer's place before the look, or the look is of a state that is gone.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            if position is not None:
                known = sa.select(events.c.sequence).where(events.c.run_id == run_id, events.c.position == position)
                if connection.execute(known).first() is not None:
                    return False
            last = sa.select(sa.func.max(events.c.sequence)).where(events.c.run_id == run_id)
            sequence = (connection.execute(last).scalar() or 0) + 1
            if sequence > MOST_EVENTS:
                return False
            if sequence == MOST_EVENTS:
                level, message = "warn", f"The log ends here: it has {MOST_EVENTS} lines."
            row = {"run_id": run_id, "sequence": sequence, "at": now(), "level": level, "message": message}
            connection.execute(sa.insert(events).values(row | {"position": position}))
            return True

    def events(self, run_id: str, after: int = 0, limit: int = 1_000) -> Sequence[RunEvent]:
        """The log lines with a higher sequence than `after`, in order, at most `limit`."""
        query = sa.select(events.c.sequence, events.c.at, events.c.level, events.c.message)
        query = query.where(events.c.run_id == run_id, events.c.sequence > after)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(events.c.sequence).limit(limit))
            return [RunEvent(row.sequence, row.at, cast("Level", row.level), row.message) for row in rows]


def body_position(step: int, index: int, message: str) -> str:
    """The place of a line that a body writes outside steps: after which step, as which line, saying what."""
    return f"{step}:{index}:{hashlib.sha256(message.encode(errors='replace')).hexdigest()[:16]}"


def _run(row: sa.Row[tuple[object, ...]]) -> Run:
    error = None if row.error is None else RunFailure(**json.loads(row.error))
    payload: dict[str, Json] = json.loads(row.payload)
    outputs: dict[str, Json] = json.loads(row.outputs or "{}")
    return Run(
        id=row.id,
        kind=row.kind,
        status=row.status,
        caller=row.caller,
        payload=payload,
        outputs=outputs,
        error=error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
