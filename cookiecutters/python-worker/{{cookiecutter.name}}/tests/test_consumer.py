"""What becomes of messages."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import generate_latest

from tests.conftest import Bench
from worker.alive import LONGEST, is_alive

MakeBench = Callable[..., Bench]


def test_a_message_that_was_handled_is_gone(make_bench: MakeBench) -> None:
    """It does not come again."""
    bench = make_bench()
    bench.send("one")
    assert bench.work() == 1
    assert bench.work() == 0
    assert bench.handled == ["one"]


def test_a_message_that_failed_comes_again(make_bench: MakeBench) -> None:
    """Those beside it are worked on meanwhile."""
    bench = make_bench()
    bench.send("bad", "good")
    bench.refused = {"bad"}
    bench.work()
    assert bench.handled == ["good"]
    bench.refused = set()
    bench.work()
    assert bench.handled == ["good", "bad"]


def test_behind_a_message_that_failed_its_group_waits(make_bench: MakeBench) -> None:
    """Where order matters, the next of that group must not be done before it."""
    bench = make_bench(fifo=True)
    bench.send("a1", "a2", group="a")
    bench.send("b1", group="b")
    bench.refused = {"a1"}
    assert bench.work() == 1
    assert bench.handled == ["b1"]


def test_the_work_is_counted_by_how_it_ended(make_bench: MakeBench) -> None:
    """Under the names of OpenTelemetry's conventions for messaging."""
    bench = make_bench()
    bench.send("bad", "good")
    bench.refused = {"bad"}
    bench.work()
    metrics = generate_latest(bench.telemetry.registry).decode()
    count = "messaging_process_duration_seconds_count"
    counted = [line for line in metrics.splitlines() if line.startswith(count)]
    assert len(counted) == 2
    assert any('error_type="ValueError"' in line for line in counted)
    assert all('messaging_destination_name="work"' in line for line in counted)


def test_it_is_alive_while_it_goes_on(make_bench: MakeBench) -> None:
    """Also when there is nothing to do; not when it has hung for longer than work takes."""
    bench = make_bench()
    alive = bench.settings.alive
    assert not is_alive(alive, 0)
    bench.work()
    touched = alive.stat().st_mtime
    assert is_alive(alive, touched + 1)
    assert not is_alive(alive, touched + LONGEST)
