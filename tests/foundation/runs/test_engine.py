"""What a caller sees of a run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation.errors import ConflictError, InputError, NotFoundError, Problem
from foundation.jsontypes import JsonObject
from foundation.runs import RunContext, RunEvent, journal
from foundation.runs.journal import LONGEST_LINE
from foundation.settings import StateSettings

from .conftest import Kinds


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kinds]:
    made = Kinds(StateSettings(directory=tmp_path_factory.mktemp("state")))
    made.engine.start()
    yield made
    made.engine.stop()


def test_outputs(kinds: Kinds) -> None:
    """A run gives what its body returns, remembers who asked, and is listed."""
    kinds.body = lambda context, payload: {"twice": context.step("twice", lambda: [payload["x"], payload["x"]])}
    run = kinds.finish({"x": "ä\0"})
    assert (run.status, run.outputs, run.caller) == ("succeeded", {"twice": ["ä\0", "ä\0"]}, "user:default/ann")
    assert run.finished_at is not None
    assert run.created_at <= run.finished_at
    assert kinds.engine.get(run.id) == run
    assert run in kinds.engine.list("kind")
    assert run not in kinds.engine.list("other")


def test_lines_come_as_they_are_written(kinds: Kinds) -> None:
    """A follower gets a line while the body still runs, and from any line on."""
    go = threading.Event()

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        context.log("first")
        context.step("wait", lambda: go.wait(30))
        context.log("second", "warn")
        return {}

    kinds.body = body
    run_id = kinds.submit().id

    async def watch() -> list[str]:
        seen = []
        async for each in kinds.engine.follow(run_id):
            seen.append(each.message if isinstance(each, RunEvent) else each.status)
            go.set()
        return seen

    assert asyncio.run(asyncio.wait_for(watch(), 30)) == ["first", "second", "succeeded"]
    lines, _ = kinds.collect(run_id, after=1)
    assert [(line.sequence, line.level, line.message) for line in lines] == [(2, "warn", "second")]


def test_attaches_to_what_is_known(kinds: Kinds) -> None:
    """The same id with the same payload is the same run; nothing is done twice."""
    calls: list[str] = []

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        context.step("count", lambda: calls.append(context.run_id))
        return {}

    kinds.body = body
    run = kinds.finish({"a": 1, "b": [2]})
    again = kinds.submit({"b": [2], "a": 1}, run.id)
    assert again == run
    assert calls == [run.id]


def test_refuses_an_id_with_other_content(kinds: Kinds) -> None:
    """One id cannot mean two things."""
    run = kinds.finish({"a": 1})
    with pytest.raises(ConflictError, match="asked for something else"):
        kinds.submit({"a": 2}, run.id)
    with pytest.raises(ConflictError):
        kinds.engine.submit("other", run.id, {"a": 1}, caller="user:default/ann")


def test_a_failed_run_goes_on_where_it_failed(kinds: Kinds) -> None:
    """Submitting a failed run again repeats the failed step and none before it."""
    calls: list[str] = []

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        context.log("begin")
        context.step("good", lambda: calls.append("good"))

        def bad() -> str:
            calls.append("bad")
            if calls.count("bad") < 3:
                raise NotFoundError("It is not there yet.", remedy="Wait.")
            return "there"

        context.log("now the bad one")
        return {"result": context.step("bad", bad)}

    kinds.body = body
    first = kinds.finish()
    assert first.status == "failed"
    assert first.error is not None
    assert (first.error.name, first.error.message, first.error.remedy) == (
        "NotFoundError",
        "It is not there yet.",
        "Wait.",
    )
    kinds.submit(run_id=first.id)
    assert kinds.collect(first.id)[1].status == "failed"
    kinds.submit(run_id=first.id)
    lines, last = kinds.collect(first.id)
    assert (last.status, last.outputs, last.error) == ("succeeded", {"result": "there"}, None)
    assert calls == ["good", "bad", "bad", "bad"]
    assert [line.message for line in lines] == ["begin", "now the bad one"]


def test_failing_between_steps(kinds: Kinds) -> None:
    """A body that fails outside a step keeps all of its steps for the next time."""
    calls: list[str] = []

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        context.step("one", lambda: calls.append("one"))
        calls.append("body")
        if calls.count("body") == 1:
            raise InputError("No.")
        return {}

    kinds.body = body
    run = kinds.finish()
    assert run.status == "failed"
    kinds.submit(run_id=run.id)
    assert kinds.collect(run.id)[1].status == "succeeded"
    assert calls == ["one", "body", "body"]


def test_a_body_may_handle_the_error_of_a_step(kinds: Kinds) -> None:
    """The error of a step is raised in the body as it was in the step."""

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        def bad() -> None:
            raise ConflictError("Taken.")

        try:
            context.step("bad", bad)
        except ConflictError as error:
            return {"handled": error.message}
        return {}

    kinds.body = body
    assert kinds.finish().outputs == {"handled": "Taken."}


def test_problems_of_a_document_are_all_told(kinds: Kinds) -> None:
    """Each finding is a line of the error's message."""

    def body(_context: RunContext, _payload: JsonObject) -> JsonObject:
        raise InputError("2 errors", problems=[Problem("a.yaml", 1, 2, "no."), Problem("a.yaml", 3, 4, "nor.")])

    kinds.body = body
    error = kinds.finish().error
    assert error is not None
    assert error.message.splitlines() == ["2 errors", "a.yaml:1:2: no.", "a.yaml:3:4: nor."]


def test_foreign_errors_tell_nothing_of_their_text(kinds: Kinds) -> None:
    """The text of an error that is not meant for users may hold a secret."""

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        def bad() -> None:
            raise RuntimeError("postgresql://user:hunter2@host")

        context.step("bad", bad)
        return {}

    kinds.body = body
    error = kinds.finish().error
    assert error is not None
    assert "hunter2" not in f"{error}"
    assert error.message == "The platform failed with RuntimeError."


@pytest.mark.parametrize("result", [object(), {"a": {1, 2}}, float("nan"), Path("/")])
def test_a_step_gives_json(kinds: Kinds, result: object) -> None:
    """What cannot be kept as JSON fails the run rather than coming back as something else."""
    kinds.body = lambda context, _payload: {"result": str(context.step("odd", lambda: result))}
    assert kinds.finish().status == "failed"


def test_cancel_while_waiting(kinds: Kinds) -> None:
    """A body that pauses ends at once, its later steps are not done, and resubmission goes on with them."""
    calls: list[str] = []
    begun = threading.Event()

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        def wait() -> None:
            calls.append("wait")
            begun.set()
            if len(calls) == 1:
                context.pause(600)

        context.step("wait", wait)
        context.step("after", lambda: calls.append("after"))
        return {}

    kinds.body = body
    run = kinds.submit()
    assert begun.wait(30)
    kinds.engine.cancel(run.id)
    assert kinds.collect(run.id)[1].status == "cancelled"
    assert calls == ["wait"]
    kinds.submit(run_id=run.id)
    assert kinds.collect(run.id)[1].status == "succeeded"
    assert calls == ["wait", "wait", "after"]


def test_cancel_before_the_start(kinds: Kinds) -> None:
    """A run that is cancelled while it waits for its turn does nothing at all."""
    calls: list[str] = []

    def body(_context: RunContext, _payload: JsonObject) -> JsonObject:
        calls.append("body")
        return {}

    kinds.body = body
    run = kinds.submit()
    kinds.engine.cancel(run.id)
    assert kinds.collect(run.id)[1].status == "cancelled"
    assert calls == []


def test_cancel_after_the_end(kinds: Kinds) -> None:
    """What has ended stays as it ended."""
    kinds.body = lambda _context, _payload: {"a": 1}
    run = kinds.finish()
    assert kinds.engine.cancel(run.id) == run


def test_unknown(kinds: Kinds) -> None:
    """An unknown run is not found, an unknown kind is wrong input."""
    with pytest.raises(NotFoundError):
        kinds.engine.get("no-such-run")
    with pytest.raises(NotFoundError):
        kinds.engine.cancel("no-such-run")
    with pytest.raises(InputError):
        kinds.engine.submit("no-such-kind", "run-of-none", {}, caller="x")


def test_lines_are_bounded(kinds: Kinds) -> None:
    """A line is cut, and what a database cannot hold is replaced."""

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        context.log("a\0\ud800" + "x" * LONGEST_LINE)
        return {}

    kinds.body = body
    lines, run = kinds.collect(kinds.submit().id)
    assert run.status == "succeeded"
    assert len(lines[0].message) == LONGEST_LINE
    assert lines[0].message.startswith("a�?xxx")


def test_the_log_is_bounded(kinds: Kinds, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body gone wild ends its log with a line that says so, and still ends well."""
    monkeypatch.setattr(journal, "MOST_EVENTS", 50)

    def body(context: RunContext, _payload: JsonObject) -> JsonObject:
        def wild() -> None:
            for number in range(60):
                context.log(str(number))

        context.step("wild", wild)
        return {}

    kinds.body = body
    lines, run = kinds.collect(kinds.submit().id)
    assert run.status == "succeeded"
    assert len(lines) == 50
    assert "ends here" in lines[-1].message


def test_many_runs_at_once(kinds: Kinds) -> None:
    """Forty runs at once all end, each with its own lines in order."""

    def body(context: RunContext, payload: JsonObject) -> JsonObject:
        for number in range(3):
            context.log(f"{payload['n']}: {number}")
            context.step(f"{number}", lambda: None)
        return {"n": payload["n"]}

    kinds.body = body
    submitted = [kinds.submit({"n": number}).id for number in range(40)]
    for number, run_id in enumerate(submitted):
        lines, run = kinds.collect(run_id)
        assert run.outputs == {"n": number}
        assert [line.message for line in lines] == [f"{number}: {each}" for each in range(3)]
