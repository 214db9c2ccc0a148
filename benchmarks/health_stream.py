"""How long a change in a cluster takes to the stream of health, at 500 changes a second, and whether each arrives.

    python -m benchmarks.health_stream [seconds]

A stand-in for the cluster's API server and the server run in processes of their own. 1,000 services take turns in
being paused and resumed; a change is timed from before the API server sends it until its verdict is read from an
open stream. A change arrives as one event, or is superseded: a later change of the same service arrived instead, or
led back to what was told before. It is lost where neither happened, and an event that no change led to is one too
many. The baseline, in the same run and under the same changes, is a reader that asks for the same health once a
second. Prints both and their ratio; exits 1 past a limit.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import percentile
from benchmarks.measuring.serving import Served, served, settings
from benchmarks.stand_in.changes import Change
from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.process import RunningStandIn, running

RATE = 500
SERVICES = 1000
SECONDS = 20
# Milliseconds at p50 and p99, from the product's figures.
LIMITS = (20.0, 100.0)
# Seconds. A tenth of what Backstage's own Kubernetes plugin waits between polls, so a demanding baseline.
POLL = 1.0
# Seconds after the last change in which everything has arrived.
SETTLED = 3.0


@dataclass(frozen=True)
class Seen:
    """A reader learnt at this moment that a service has this status."""

    at: float
    service: str
    status: str


@dataclass
class Arrivals:
    """What became of changes: milliseconds of those that arrived, and how many did not, or were told twice."""

    latencies: list[float] = field(default_factory=list)
    superseded: int = 0
    lost: int = 0
    twice: int = 0


def main() -> int:
    """Measure and print; 0 when the limits are kept."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    size = Fleet(SERVICES, 2 * SERVICES, 3 * SERVICES)
    with tempfile.TemporaryDirectory() as folder, running(size) as cluster:
        chosen = settings(Path(folder), SERVICES, cluster.cluster(Path(folder)))
        with served(chosen) as server:
            server.wait_until_all("Healthy", SERVICES)
            stream = measure(server, cluster, follow, seconds)
            polling = measure(server, cluster, poll, seconds)
    return report(seconds, stream, polling)


Read = Callable[[Served, "list[Seen]", threading.Event], None]


def measure(server: Served, cluster: RunningStandIn, read: Read, seconds: int) -> Arrivals:
    """Make changes while one reader reads, after a turn to warm up that leaves all as it was."""
    seen: list[Seen] = []
    stop = threading.Event()
    reader = threading.Thread(target=read, args=(server, seen, stop))
    reader.start()
    try:
        make(cluster, 2 * SERVICES)
        cluster.log()
        seen.clear()
        make(cluster, RATE * seconds)
    finally:
        stop.set()
        reader.join()
    return arrivals(cluster.log(), seen)


def make(cluster: RunningStandIn, count: int) -> None:
    """Pause and resume services in turn, and let all that arrive."""
    cluster.change("deployments", "pause", count=count, rate=RATE, among=SERVICES)
    time.sleep(SETTLED)


def follow(server: Served, seen: list[Seen], stop: threading.Event) -> None:
    """Read the stream, as the portal does."""
    for at, summary in server.events("/v1/health/stream", "health", stop):
        seen.append(Seen(at, summary["entityRef"].rpartition("/")[2], summary["status"]))


def poll(server: Served, seen: list[Seen], stop: threading.Event) -> None:
    """Ask again and again, and note what is different from the answer before."""
    known: dict[str, str] = {}
    while not stop.wait(POLL):
        statuses = server.statuses(SERVICES)
        at = time.monotonic()
        seen += [
            Seen(at, ref.rpartition("/")[2], status) for ref, status in statuses.items() if known.get(ref) != status
        ]
        known = statuses


def arrivals(changes: Iterable[Change], seen: Iterable[Seen]) -> Arrivals:
    """Match what was learnt with what was done, service by service."""
    done: defaultdict[str, list[Change]] = defaultdict(list)
    told: defaultdict[str, list[Seen]] = defaultdict(list)
    for change in changes:
        done[change.service].append(change)
    for each in seen:
        told[each.service].append(each)
    found = Arrivals()
    for service in done.keys() | told.keys():
        match(done[service], told[service], found)
    return found


def match(changes: Sequence[Change], told: Sequence[Seen], found: Arrivals) -> None:
    """The changes and events of one service, each in order of time; counts into `found`."""
    next_one = 0
    for event in told:
        until = next_one + sum(each.at <= event.at for each in changes[next_one:])
        at = next((i for i in reversed(range(next_one, until)) if changes[i].status == event.status), None)
        if at is None:
            found.twice += 1
            continue
        found.latencies.append((event.at - changes[at].at) * 1000)
        found.superseded += at - next_one
        next_one = at + 1
    left = changes[next_one:]
    # Before the first change of a service all was well.
    before = told[-1].status if told else "Healthy"
    if left and left[-1].status == before:
        found.superseded += len(left)
    else:
        found.lost += len(left)


def report(seconds: int, stream: Arrivals, polling: Arrivals) -> int:
    """Print the figures; 1 where p50 or p99 passes its limit, or a change did not arrive once."""
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{RATE * seconds} changes in {seconds} s, {SERVICES} services, one cluster, {load}")
    for name, each in (("stream", stream), (f"poll each {POLL:g} s", polling)):
        p50, p99 = percentile(each.latencies, 50), percentile(each.latencies, 99)
        figures = f"p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   max {max(each.latencies):7.1f} ms"
        counts = f"seen {len(each.latencies)}, superseded {each.superseded}, lost {each.lost}, twice {each.twice}"
        print(f"{name:14} {figures}   {counts}")
    ours = [percentile(stream.latencies, share) for share in (50, 99)]
    p50, p99 = (percentile(polling.latencies, share) / each for share, each in zip((50, 99), ours, strict=True))
    limits = f"limits: p50 {LIMITS[0]:.0f} ms, p99 {LIMITS[1]:.0f} ms, none lost, none twice"
    print(f"health_stream  {p50:.1f} times sooner at p50, {p99:.1f} at p99, than polling ({limits})")
    kept = ours[0] < LIMITS[0] and ours[1] < LIMITS[1] and not stream.lost and not stream.twice
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
