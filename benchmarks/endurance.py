"""Watches through 1,000 expired versions, 1,000 broken connections and ten minutes without an API server.

    python -m benchmarks.endurance

Two hundred times as fast as in life: the clock of the watches runs so, and their waits are as much shorter, while
the stand-in and the network are real. Pods are replaced all the while. At the end what is kept has to equal what the
server has, with one watch for each kind, no more threads and open files than before, and no memory to speak of.
The baseline is a loop that lists again whenever a watch ends, as many do; an API server may be asked for a list once
in four seconds. Exits 1 where anything is lost, doubled or grown.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import SystemRandom

import psutil

from benchmarks.measuring import settled_bytes
from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.process import RunningStandIn, running
from catalog_provider.cluster.kinds import DEPLOYMENT, POD
from catalog_provider.cluster.reflector import Reflector, Surroundings
from catalog_provider.cluster.store import ClusterStore
from foundation.connections.kubernetes import connect_cluster
from foundation.json_fields import text_at
from foundation.logging import configure_logging
from foundation.settings import ClusterSettings

# A list of pods is one page.
SIZE = Fleet(300, 300, 400)
TIMES = 1000
FASTER = 200
OUTAGE = 600.0
# Seconds of the watches' clock between troubles: a watch that ended within five is taken for one that cannot hold.
APART = 6.0
BETWEEN_LISTS = 4.0
# Seconds of the watches' clock, as API servers send one each minute, and some room for a busy machine.
BOOKMARKS = 20.0
CHANGES = 100
# Bytes. What a process that does nothing wanders about.
WANDERING = 8_000_000
# Seconds.
PATIENCE = 30.0
KINDS = (POD, DEPLOYMENT)


@dataclass(frozen=True)
class Held:
    """What this process holds."""

    threads: int
    files: int
    memory: int


def main() -> int:
    """Measure and print; 0 when nothing is lost, doubled or grown."""
    configure_logging("critical", json=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(SIZE, bookmarks=BOOKMARKS / FASTER) as stand_in,
        watched(stand_in.cluster(Path(folder))) as store,
    ):
        wait_for(lambda: differences(store, stand_in) == 0)
        with changing(stand_in):
            # What the first troubles leave behind, as code that is loaded, is no growth.
            trouble(stand_in, stand_in.expire, TIMES // 10)
            trouble(stand_in, stand_in.disconnect, TIMES // 10)
            before, listed, began = held(), lists(stand_in), time.monotonic()
            ended = trouble(stand_in, stand_in.expire, TIMES) + trouble(stand_in, stand_in.disconnect, TIMES)
            stand_in.go_away()
            time.sleep(OUTAGE / FASTER)
            stand_in.come_back()
            wait_for(lambda: one_watch_each(stand_in))
        seconds = (time.monotonic() - began) * FASTER
        settled = wait_for(lambda: differences(store, stand_in) == 0)
        after = held()
        return report(
            ended=ended,
            lists=lists(stand_in) - listed,
            seconds=seconds,
            different=0 if settled else differences(store, stand_in),
            single=wait_for(lambda: one_watch_each(stand_in)),
            before=before,
            after=after,
        )


@contextmanager
def watched(cluster: ClusterSettings) -> Iterator[ClusterStore]:
    """The watches of a cluster, by a clock that is faster than life."""
    began, origin, stopped = time.monotonic(), datetime.now(UTC), threading.Event()
    surroundings = Surroundings(
        clock=lambda: origin + timedelta(seconds=(time.monotonic() - began) * FASTER),
        pause=lambda seconds: stopped.wait(seconds / FASTER),
        random=SystemRandom().random,
    )
    store, api = ClusterStore(), connect_cluster(cluster)
    watches = [
        Reflector(kind, api, store, surroundings, on_change=lambda _: None, on_state=lambda: None) for kind in KINDS
    ]
    threads = [threading.Thread(target=each.run, daemon=True) for each in watches]
    for thread in threads:
        thread.start()
    try:
        yield store
    finally:
        stopped.set()
        for each in watches:
            each.interrupt()
        for thread in threads:
            thread.join(5)


@contextmanager
def changing(stand_in: RunningStandIn) -> Iterator[None]:
    """Replace pods, at an even rate, for as long as this lasts."""
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            stand_in.change("pods", "replace", count=CHANGES // 2, rate=CHANGES, among=SIZE.pods)
            stand_in.log()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def trouble(stand_in: RunningStandIn, make: Callable[[str], int], times: int) -> int:
    """End the watch of pods so often, each time once it is there again."""
    for _ in range(times):
        if not wait_for(lambda: one_watch_each(stand_in)):
            raise SystemExit("A watch did not come back.")
        time.sleep(APART / FASTER)
        make("pods")
    return times


def differences(store: ClusterStore, stand_in: RunningStandIn) -> int:
    """Objects that are kept in another version than the server has, or that only one of the two has."""
    found = 0
    for kind in KINDS:
        kept = [
            (
                f"{text_at(each, 'metadata', 'namespace')}/{text_at(each, 'metadata', 'name')}",
                text_at(each, "metadata", "resourceVersion"),
            )
            for each in store.objects(kind.name)
        ]
        there = stand_in.objects(kind.plural)
        found += len(kept) - len(set(kept)) + len(set(kept) ^ set(there.items()))
    return found


def one_watch_each(stand_in: RunningStandIn) -> bool:
    """Whether each kind is watched, and none twice."""
    watches = stand_in.counts().watches
    return all(watches[kind.path] == 1 for kind in KINDS)


def lists(stand_in: RunningStandIn) -> int:
    """Lists of pods; one of a single object asks whether the server is the same, and costs next to nothing."""
    return stand_in.counts().requests.get("list pods", 0)


def held() -> Held:
    """What this process holds at this moment."""
    return Held(threading.active_count(), psutil.Process().num_fds(), settled_bytes())


def wait_for(condition: Callable[[], bool]) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def report(*, ended: int, lists: int, seconds: float, different: int, single: bool, before: Held, after: Held) -> int:
    """Print the figures; 1 where anything is lost, doubled or grown."""
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(
        f"{ended} watches ended and {OUTAGE / 60:.0f} minutes of outage, in {seconds / 60:.0f} minutes of the watches, {load}"
    )
    grown = after.memory - before.memory
    print(f"different from the server {different}, one watch for each kind: {single}")
    print(
        f"threads {before.threads} → {after.threads}, files {before.files} → {after.files}, memory {grown / 1e6:+.1f} MB"
    )
    most = seconds / BETWEEN_LISTS + 1
    print(f"endurance: {lists} lists of pods, {ended / max(lists, 1):.1f} times fewer than one for each end of a watch")
    print(
        f"limits: {most:.0f} lists (one in {BETWEEN_LISTS:g} s), memory {WANDERING / 1e6:.0f} MB, no thread or file more"
    )
    kept = lists <= most and not different and single and grown <= WANDERING
    return 0 if kept and after.threads <= before.threads and after.files <= before.files else 1


if __name__ == "__main__":
    sys.exit(main())
