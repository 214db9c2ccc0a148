"""What a body sees of the run that it does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from foundation.errors import GreenroomError
from foundation.jsontypes import Json, JsonObject
from foundation.runs.bulletin import Bulletin
from foundation.runs.errors import RunCancelledError, RunInterrupted, describe, rebuild
from foundation.runs.journal import Journal, body_position, canonical
from foundation.runs.model import Level, Run

T = TypeVar("T")

# Seconds. A cancellation that arrives at another server is seen this late.
CANCEL_LOOK_SECONDS = 1.0


class Steps(Protocol):
    """Does a function once and keeps its result."""

    def step(self, name: str, function: Callable[[], Json]) -> Json: ...


class DurableContext:
    """A RunContext whose steps are kept by `steps` and whose log is kept in `journal`."""

    def __init__(self, run: Run, journal: Journal, bulletin: Bulletin, steps: Steps, wake: threading.Event) -> None:
        self._run = run
        self._journal = journal
        self._bulletin = bulletin
        self._steps = steps
        # Set when the run was cancelled in this process, or when the process goes down.
        self._wake = wake
        self.interrupted = threading.Event()
        self._looked_at = 0.0
        self._in_step = False
        self._lines = 0
        # How many steps were begun; the step that failed last, counting from 1.
        self.steps_begun = 0
        self.failed_step: int | None = None

    @property
    def run_id(self) -> str:
        return self._run.id

    @property
    def caller(self) -> str:
        return self._run.caller

    def log(self, message: str, level: Level = "info") -> None:
        position = None
        if not self._in_step:
            self._lines += 1
            position = body_position(self.steps_begun, self._lines, message)
        if self._journal.append(self._run.id, level, message, position=position):
            self._bulletin.post(self._run.id)

    def step(self, name: str, function: Callable[[], T]) -> T:
        self.raise_if_cancelled()
        if self._in_step:
            return function()
        self.steps_begun += 1
        self._lines = 0
        number = self.steps_begun
        raised: list[Exception] = []

        def do() -> Json:
            self._in_step = True
            try:
                # Only JSON can be kept; an object that merely looks like it would come back as something else.
                result = cast("Json", function())
                canonical({"result": result})
            except RunCancelledError as error:
                # Not an outcome of the step: it is done anew when the run is taken up again.
                raise _Cancelled(error.message) from error
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome of the step
                raised.append(error)
                return {"error": describe(error)}
            finally:
                self._in_step = False
            return {"result": result}

        try:
            outcome = cast("JsonObject", self._steps.step(name, do))
        except _Cancelled as cancelled:
            self.failed_step = number
            raise RunCancelledError(str(cancelled)) from cancelled
        if "error" not in outcome:
            return cast("T", outcome["result"])
        self.failed_step = number
        if raised:
            raise raised[0]
        raise _recorded_error(cast("JsonObject", outcome["error"]))

    def raise_if_cancelled(self) -> None:
        if self.interrupted.is_set():
            raise RunInterrupted
        if not self._wake.is_set() and time.monotonic() - self._looked_at < CANCEL_LOOK_SECONDS:
            return
        self._looked_at = time.monotonic()
        if self._journal.cancel_requested(self._run.id):
            raise RunCancelledError("The run was cancelled.")

    def pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            self.raise_if_cancelled()
            left = end - time.monotonic()
            if left <= 0:
                return
            self._wake.wait(min(left, CANCEL_LOOK_SECONDS))


class _Cancelled(BaseException):
    """Carries a cancellation past DBOS, which would record an Exception as the step's outcome."""


def _recorded_error(fields: JsonObject) -> GreenroomError:
    remedy = fields.get("remedy")
    return rebuild(str(fields["name"]), str(fields["message"]), None if remedy is None else str(remedy))
