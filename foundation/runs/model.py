"""What callers see of a run, and what a body is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, TypeVar

from foundation.jsontypes import JsonObject

RunStatus: TypeAlias = Literal["queued", "running", "succeeded", "failed", "cancelled"]
Level: TypeAlias = Literal["info", "warn", "error"]
FINISHED: frozenset[str] = frozenset({"succeeded", "failed", "cancelled"})

T = TypeVar("T")


@dataclass(frozen=True)
class RunFailure:
    """Why a run failed, in words for its caller."""

    name: str
    message: str
    remedy: str | None = None


@dataclass(frozen=True)
class Run:
    """One call of a body. Times are ISO 8601 in UTC."""

    id: str
    kind: str
    status: RunStatus
    caller: str
    payload: JsonObject
    outputs: JsonObject
    error: RunFailure | None
    created_at: str
    finished_at: str | None

    @property
    def finished(self) -> bool:
        return self.status in FINISHED


@dataclass(frozen=True)
class RunEvent:
    """One line of a run's log; `sequence` counts from 1 within the run."""

    sequence: int
    at: str
    level: Level
    message: str


class RunContext(Protocol):
    """What a body is given besides its payload."""

    @property
    def run_id(self) -> str: ...

    @property
    def caller(self) -> str: ...

    def log(self, message: str, level: Level = "info") -> None:
        """Add a line to the run's log. Outside steps, a line is not repeated when the run goes on after a fault."""

    def step(self, name: str, function: Callable[[], T]) -> T:
        """Do `function` and keep its result, which must be JSON; once kept, it is never done again.

        A step that was interrupted is done anew, so its effect must be idempotent. Steps must come in the same
        order and under the same names each time the body runs with the same payload and the same results.
        A step within a step is a part of it and not kept by itself. Raises RunCancelledError before a step when the
        run was cancelled.
        """

    def raise_if_cancelled(self) -> None:
        """Raise RunCancelledError when the run was cancelled; for long work inside a step."""

    def pause(self, seconds: float) -> None:
        """Wait inside a step; ends at once with RunCancelledError when the run is cancelled."""


RunBody: TypeAlias = Callable[[RunContext, JsonObject], JsonObject]
