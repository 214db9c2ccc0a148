"""What a stop of the server means for its runs."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from foundation.errors import ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.runs import RunContext
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
