"""What is left of a run when its server is killed, and who goes on with it."""

from __future__ import annotations

import asyncio
import itertools
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foundation.runs import Run, RunEngine
from foundation.settings import StateSettings

PROGRAM = Path(__file__).with_name("server_process.py")
RUN = "run-of-the-test"
MOMENTS = [f"{when}-{number}" for number, when in itertools.product((1, 2, 3), ("before", "after", "between"))]

StartServer = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start_server(state: StateSettings) -> Iterator[StartServer]:
    """`start_server(executor, kinds)`: a server process on the state; killed with the test."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(executor: str = "one", kinds: str = "build") -> subprocess.Popen[bytes]:
        arguments = [str(state.directory), state.database.reveal(), executor, kinds]
        processes.append(subprocess.Popen([sys.executable, str(PROGRAM), *arguments]))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def effects(state: StateSettings) -> Counter[str]:
    """How often each step of a run had its effect: `run step` → times."""
    file = state.directory / "effects"
    lines = file.read_text().splitlines() if file.exists() else []
    return Counter(line.split(" ", 1)[1] for line in lines)


async def wait_for(path: Path) -> None:
    # A file made by another process has no event to wait for.
    while not path.exists():  # noqa: ASYNC110, ASYNC240
        await asyncio.sleep(0.02)


async def finished(engine: RunEngine, run_id: str) -> Run:
    while True:
        try:
            async for each in engine.follow(run_id):
                if isinstance(each, Run):
                    return each
        except LookupError:
            await asyncio.sleep(0.02)
    raise AssertionError


def onlooker(state: StateSettings) -> RunEngine:
    """An engine that sees every run of the state and executes none."""
    engine = RunEngine(state, executor="onlooker")
    engine.register("nothing", lambda _context, _payload: {})
    engine.start()
    return engine


def hold(state: StateSettings, *moments: str) -> None:
    """Let runs stay at these moments, each `<run>-<moment>`."""
    for moment in moments:
        (state.directory / f"hold-{moment}").touch()


def wait_and_kill(state: StateSettings, server: subprocess.Popen[bytes], *moments: str) -> None:
    """Kill the server once all these moments are reached, and hold nothing from then on."""

    async def reached() -> None:
        for moment in moments:
            await wait_for(state.directory / f"reached-{moment}")

    asyncio.run(asyncio.wait_for(reached(), 60))
    server.send_signal(signal.SIGKILL)
    server.wait()
    for file in state.directory.glob("hold-*"):
        file.unlink()


def test_goes_on_at_the_interrupted_step(state: StateSettings, start_server: StartServer) -> None:
    """Killed with SIGKILL at any moment and started again, a run ends well; only the interrupted step is done anew."""
    runs = {f"run-{moment}": moment for moment in MOMENTS}
    (state.directory / "submit").write_text("".join(f"build {run}\n" for run in runs))
    held = [f"{run}-{moment}" for run, moment in runs.items()]
    hold(state, *held)
    wait_and_kill(state, start_server(), *held)

    start_server()
    engine = onlooker(state)
    try:
        for run_id, moment in runs.items():
            run = asyncio.run(asyncio.wait_for(finished(engine, run_id), 60))
            assert run.status == "succeeded", (run_id, run.error)
            assert run.outputs == {"results": [10, 20, 30], "payload": {"for": "build"}}
            assert [event.message for event in engine.events(run_id)] == ["step 1", "step 2", "step 3"], run_id
            when, number = moment.split("-")
            expected = {f"{run_id} {each}": 2 if (when, number) == ("after", str(each)) else 1 for each in (1, 2, 3)}
            assert {key: times for key, times in effects(state).items() if key.startswith(f"{run_id} ")} == expected
    finally:
        engine.stop()


def test_another_server_takes_over(state: StateSettings, start_server: StartServer) -> None:
    """A run whose server never comes back is finished by another server of its kind, without anyone's doing."""
    (state.directory / "submit").write_text(f"build {RUN}\n")
    hold(state, f"{RUN}-before-2")
    first = start_server("one")
    asyncio.run(asyncio.wait_for(wait_for(state.directory / f"reached-{RUN}-before-2"), 60))
    (state.directory / "submit").write_text("")
    start_server("two")
    asyncio.run(asyncio.wait_for(wait_for(state.directory / "started-two"), 60))
    wait_and_kill(state, first, f"{RUN}-before-2")

    engine = onlooker(state)
    try:
        run = asyncio.run(asyncio.wait_for(finished(engine, RUN), 60))
    finally:
        engine.stop()

    assert run.status == "succeeded", run.error
    lines = (state.directory / "effects").read_text().splitlines()
    assert lines == [f"one {RUN} 1", f"two {RUN} 2", f"two {RUN} 3"]


def test_a_living_server_keeps_its_run(state: StateSettings, start_server: StartServer) -> None:
    """Servers of one name on one database leave one another's runs alone, while runs of theirs start and end."""
    (state.directory / "submit").write_text(f"build {RUN}\n")
    hold(state, f"{RUN}-before-1")
    start_server("same")
    asyncio.run(asyncio.wait_for(wait_for(state.directory / f"reached-{RUN}-before-1"), 60))
    (state.directory / "submit").write_text("build second-run\n")
    start_server("same")
    engine = onlooker(state)
    try:
        asyncio.run(asyncio.wait_for(finished(engine, "second-run"), 60))
        assert engine.get(RUN).status == "running"
    finally:
        engine.stop()
    assert effects(state)[f"{RUN} 1"] == 0


def test_no_run_without_its_body(state: StateSettings, start_server: StartServer) -> None:
    """A server takes only runs of the kinds that it has, also when it recovers those of a dead one."""
    (state.directory / "submit").write_text(f"build {RUN}\ndeploy other-run\n")
    hold(state, f"{RUN}-before-2", "other-run-before-2")
    both = start_server("both", "build,deploy")
    wait_and_kill(state, both, f"{RUN}-before-2", "other-run-before-2")
    (state.directory / "submit").write_text("")

    engine = onlooker(state)
    try:
        start_server("deployer", "deploy")
        deployed = asyncio.run(asyncio.wait_for(finished(engine, "other-run"), 60))
        assert deployed.status == "succeeded"
        assert engine.get(RUN).status == "running"
        start_server("builder", "build")
        built = asyncio.run(asyncio.wait_for(finished(engine, RUN), 60))
        assert built.status == "succeeded"
    finally:
        engine.stop()
    who = {line.split()[0] for line in (state.directory / "effects").read_text().splitlines() if RUN in line}
    assert who == {"both", "builder"}
