"""What a stop of the server means for its runs."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from foundation.errors import NotFoundError, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.runs import RunContext
from foundation.runs.worker import KEPT_DAYS
from foundation.settings import StateSettings

from .conftest import Kinds


def test_stop_interrupts_and_start_goes_on(tmp_path: Path) -> None:
    """A stop does not wait for a long step, and the run is there again after the next start."""
    kinds = Kinds(StateSettings(directory=tmp_path))
    begun = threading.Event()
    calls: list[str] = []

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        context.step("one", lambda: calls.append("one"))

        def two() -> None:
            calls.append("two")
            begun.set()
            if calls.count("two") == 1:
                context.pause(600)

        context.step("two", two)
        return {}

    kinds.body = body
    kinds.engine.start()
    kinds.engine.start()
    try:
        run = kinds.submit()
        assert begun.wait(30)
        kinds.engine.stop()
        assert kinds.engine.get(run.id).status == "running"
    finally:
        kinds.engine.stop()
    with pytest.raises(ServiceUnavailableError):
        kinds.engine.get(run.id)
    kinds.engine.start()
    try:
        assert kinds.collect(run.id)[1].status == "succeeded"
    finally:
        kinds.engine.stop()
    assert calls == ["one", "two", "two"]


def test_old_runs_are_forgotten(tmp_path: Path) -> None:
    """A run that ended long ago is gone with its log, and its id may be used anew."""
    kinds = Kinds(StateSettings(directory=tmp_path))
    kinds.engine.start()
    try:
        run = kinds.finish({"a": 1})
        worker = kinds.engine._worker
        assert worker is not None
        worker.look_after(datetime.now(UTC) + timedelta(days=KEPT_DAYS - 1))
        assert kinds.engine.get(run.id) == run
        worker.look_after(datetime.now(UTC) + timedelta(days=KEPT_DAYS + 1))
        with pytest.raises(NotFoundError):
            kinds.engine.get(run.id)
        kinds.submit({"a": 2}, run.id)
        assert kinds.collect(run.id)[1].status == "succeeded"
    finally:
        kinds.engine.stop()
