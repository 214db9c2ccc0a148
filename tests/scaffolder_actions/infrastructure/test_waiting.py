"""A stack that somebody else works on is waited for. A resource that is made only when the test says so holds it up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest

from foundation.settings import AwsSettings
from greenroom.local.aws.resources import HANDLERS, Handler, Made, Task
from greenroom.local.aws.server import LocalAws
from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.stacks import Stacks
from tests.scaffolder_actions.infrastructure.conftest import soon

GATE: dict[str, Any] = {"Resources": {"Gate": {"Type": "Test::Gate", "Properties": {"Number": 1}}}}
TAGS = {"service": "gate"}


class Gate(Handler):
    """Takes until `opened`."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def create(self, task: Task) -> Made:
        self.opened.wait()
        return Made(task.name)

    def update(self, task: Task) -> Made:
        self.opened.wait()
        return task.made

    def delete(self, task: Task) -> None:
        self.opened.wait()


@pytest.fixture(scope="module")
def stacks() -> Iterator[Stacks]:
    """An AWS in this process, where the gate is."""
    server = LocalAws("127.0.0.1", 0, region="eu-west-1", environments=["staging"], domain="example.com")
    threading.Thread(target=server.serve, daemon=True).start()
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "local")
        yield Stacks(AwsSettings(endpoint=server.url))
    server.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    monkeypatch.setitem(cast("dict[str, Handler]", HANDLERS), "Test::Gate", made)
    yield made
    made.opened.set()


@pytest.fixture
def working(stacks: Stacks, gate: Gate, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a stack that somebody else is making, and that will not be done before the gate opens."""
    name = request.node.name.replace("_", "-")
    other = threading.Thread(target=stacks.apply, args=(name, GATE, TAGS), kwargs={"say": print, "pause": soon})
    other.start()
    while not ((state := stacks.state(name)) and state.is_moving):
        soon(0)
    yield name
    gate.opened.set()
    other.join()


def test_applying_waits_and_finds_it_done(stacks: Stacks, gate: Gate, working: str) -> None:
    """Nothing is done twice."""
    said: list[str] = []

    def pause(_: float) -> None:
        gate.opened.set()
        soon(0)

    state = stacks.apply(working, GATE, TAGS, say=said.append, pause=pause)
    assert state.is_done
    assert said[0] == f"Stack {working} is being worked on (CREATE_IN_PROGRESS); waiting until that is over"
    assert said[-2:] == [f"Stack {working} is made", f"Stack {working} is as it should be"]


def test_deleting_waits_too(stacks: Stacks, gate: Gate, working: str) -> None:
    """And removes it then."""

    def pause(_: float) -> None:
        gate.opened.set()
        soon(0)

    stacks.delete(working, "run-1", say=print, pause=pause)
    assert stacks.state(working) is None


def test_waiting_can_be_given_up(stacks: Stacks, working: str) -> None:
    """By whoever pauses; AWS goes on."""

    class GivenUpError(Exception):
        pass

    def pause(_: float) -> None:
        raise GivenUpError

    with pytest.raises(GivenUpError):
        stacks.apply(working, GATE, TAGS, say=print, pause=pause)
    state = stacks.state(working)
    assert state is not None
    assert state.is_moving


def test_a_plan_does_not_wait(stacks: Stacks, working: str) -> None:
    """Those who look at one want to know now."""
    with pytest.raises(StackError, match=f"Stack {working} is being worked on"):
        stacks.plan(working, GATE, "staging", pause=soon)
