"""Engines of runs."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

from foundation.jsontypes import JsonObject
from foundation.runs import Run, RunContext, RunEngine, RunEvent
from foundation.settings import StateSettings

Body = Callable[[RunContext, JsonObject], JsonObject]


class Kinds:
    """One engine for the module, whose one body does what the test at hand says."""

    def __init__(self, state: StateSettings) -> None:
        self.body: Body = lambda _context, _payload: {}
        self.engine = RunEngine(state, executor="test")
        self.engine.register("kind", self._do)
        self.engine.register("other", lambda _context, _payload: {})

    def _do(self, context: RunContext, payload: JsonObject) -> JsonObject:
        return self.body(context, payload)

    def submit(self, payload: JsonObject | None = None, run_id: str | None = None) -> Run:
        return self.engine.submit("kind", run_id or f"run-{uuid.uuid4()}", payload or {}, caller="user:default/ann")

    def collect(self, run_id: str, after: int = 0) -> tuple[list[RunEvent], Run]:
        """The lines and the end of a run."""

        async def follow() -> tuple[list[RunEvent], Run]:
            lines: list[RunEvent] = []
            async for each in self.engine.follow(run_id, after):
                if isinstance(each, Run):
                    return lines, each
                lines.append(each)
            raise AssertionError

        return asyncio.run(asyncio.wait_for(follow(), 30))

    def finish(self, payload: JsonObject | None = None) -> Run:
        """Submit a run and wait for its end."""
        return self.collect(self.submit(payload).id)[1]
