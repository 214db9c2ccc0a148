"""How long a catalog of 100,000 entities takes to its reader, in how much memory, and one changed entity after that.

    python -m benchmarks.entity_feed [entities]

A stand-in for a cluster's API server and the server run in processes of their own. Each Deployment is a service that no
document describes, and so an entity; one System and one Group come with them. The reader does as the module in
Backstage's catalog does: all pages of one version over HTTP, one after another, then the stream of changes. Then a
team describes its service anew, one every few seconds; a change is timed from before the API server sends it until it
is read from the stream. What Backstage makes of it is not in the figure: it looks for work once a second and stitches
within 0.2 s, so that half of the product's two seconds are left to it.

The baseline, in the same run, is a reader without a stream: it takes the whole again and again, as providers
do that give the catalog full mutations. Memory is what the server holds at most while pages are taken, beyond what it
held before, beside what a single answer of everything would take. Prints all and their ratios; exits 1 past a limit.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measuring import percentile
from benchmarks.measuring.serving import Served, served, settings
from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.process import RunningStandIn, running

ENTITIES = 100_000
# The System that all Deployments are a part of, and the Group of what nobody owns.
BESIDE = 2
# Entities a page, as the catalog's module asks for.
PAGE = 500
# Times that the snapshot is taken: a server that kept what it sends would outgrow what it had free.
TURNS = 10
# Changes, and how many seconds one comes after another: not in step with anything that looks once a second.
CHANGES, EVERY = 20, 1.7
# Changes that the baseline is timed with: it takes the whole catalog for each.
OF_BASELINE = 3
# From the product's figures: seconds for a snapshot, and until a change is read; the other second is Backstage's.
SNAPSHOT, CHANGE = 20.0, 1.0
# Bytes of growth that count as none: one page as JSON, its entities' references, and what the allocator keeps.
GROWTH = 32_000_000
MEGABYTE = 1_000_000
# Seconds.
PATIENCE = 1800.0


@dataclass
class Snapshot:
    """All pages of one version: seconds, bytes on the wire, the most that the server held meanwhile, and how much more."""

    version: str = ""
    entities: int = 0
    bytes: int = 0
    seconds: float = 0.0
    growth: int = 0
    memory: int = 0
    descriptions: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Measure and print; 0 when the limits are kept."""
    entities = int(sys.argv[1]) if len(sys.argv) > 1 else ENTITIES
    size = Fleet(entities - BESIDE, 0, 0)
    with tempfile.TemporaryDirectory() as folder, running(size) as cluster:
        chosen = settings(Path(folder), 0, cluster.cluster(Path(folder)))
        with served(chosen) as server:
            began = time.monotonic()
            # That also says that all are in the catalog, without a look at its snapshot.
            server.wait_until_all("Healthy", entities - BESIDE)
            print(f"{entities} entities listed, collated and judged after {time.monotonic() - began:.0f} s", flush=True)
            snapshots = [measured(server) for _ in range(TURNS)]
            stream = changes(server, cluster, follow, CHANGES, EVERY)
            slowest = max(each.seconds for each in snapshots)
            again = changes(server, cluster, take_again, OF_BASELINE, 3 * slowest)
    assert all(each.entities == entities for each in snapshots)
    return report(snapshots, stream, again)


def pages(server: Served) -> Iterator[tuple[Any, int]]:
    """Each page of a snapshot, and how many bytes it was."""
    connection, cursor = server.connection(), ""
    while True:
        body = server.open(f"/v1/entities?limit={PAGE}{cursor}", connection=connection).read()
        page = json.loads(body)
        yield page, len(body)
        if not page["nextCursor"]:
            return
        cursor = f"&cursor={page['nextCursor']}"


def measured(server: Served) -> Snapshot:
    """Take the whole, and look at the server's memory meanwhile."""
    with growing(server.pid) as grown:
        found = taken(server)
    found.growth, found.memory = grown()
    return found


def taken(server: Served) -> Snapshot:
    """Take the whole, and keep of it what tells a change."""
    found, began = Snapshot(), time.monotonic()
    for page, size in pages(server):
        assert found.version in {"", page["version"]}, "pages of two versions"
        found.version = page["version"]
        found.entities += len(page["items"])
        found.bytes += size
        found.descriptions |= described(page["items"])
    found.seconds = time.monotonic() - began
    return found


def described(entities: Any) -> dict[str, str]:
    """Service → its description, of those that have one."""
    of = (each["metadata"] for each in entities)
    return {
        each["name"]: each["description"]
        for each in of
        if each["name"].startswith("service-") and "description" in each
    }


@contextmanager
def growing(pid: int) -> Iterator[Callable[[], tuple[int, int]]]:
    """Look at the memory of a process all the time; gives what says by how many bytes it grew at most, and to how many."""
    process, stop = psutil.Process(pid), threading.Event()
    before = most = process.memory_info().rss

    def look() -> None:
        nonlocal most
        while not stop.wait(0.02):
            most = max(most, process.memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield lambda: (most - before, most)
    finally:
        stop.set()
        looking.join()


# Calls back with the moment at which a service's description became known, until it is told to stop.
Seen = Callable[[str, str, float], None]
Read = Callable[[Served, Seen, threading.Event], None]


def changes(server: Served, cluster: RunningStandIn, read: Read, count: int, every: float) -> list[float]:
    """Seconds from each of `count` changes, one `every` seconds, until the reader knew of it."""
    known: dict[str, list[tuple[str, float]]] = {}
    ready, stop, first = threading.Event(), threading.Event(), taken(server).descriptions

    def seen(service: str, description: str, at: float) -> None:
        told = known.setdefault(service, [(first.get(service, ""), 0.0)])
        if told[-1][0] != description:
            told.append((description, at))
        ready.set()

    cluster.log()
    reader = threading.Thread(target=read, args=(server, seen, stop), daemon=True)
    reader.start()
    # One that nobody looks at: it says that the reader reads.
    cluster.change("deployments", "describe", count=1, rate=1, among=1)
    assert ready.wait(PATIENCE)
    cluster.log()
    cluster.change("deployments", "describe", count=count, rate=1 / every, among=count + 1)
    made = cluster.log()
    end = time.monotonic() + PATIENCE
    while any(not later(known, each.service, each.at) for each in made) and time.monotonic() < end:
        time.sleep(0.1)
    stop.set()
    reader.join()
    return [later(known, each.service, each.at)[0] - each.at for each in made]


def later(known: dict[str, list[tuple[str, float]]], service: str, at: float) -> list[float]:
    """When something else became known of the service after this moment."""
    return [moment for _, moment in list(known.get(service, ())) if moment > at]


def follow(server: Served, seen: Seen, stop: threading.Event) -> None:
    """Read the stream of changes, from the current version on."""
    current = next(pages(server))[0]["version"]
    for at, told in server.events(f"/v1/entities/stream?since={current}", "changes", stop):
        for service, description in described(told["upserted"]).items():
            seen(service, description, at)


def take_again(server: Served, seen: Seen, stop: threading.Event) -> None:
    """Take the whole again and again; what is different is known when all of it was read."""
    while not stop.is_set():
        for service, description in taken(server).descriptions.items():
            seen(service, description, time.monotonic())


def report(snapshots: list[Snapshot], stream: list[float], again: list[float]) -> int:
    """Print the figures; 1 where one passes its limit."""
    seconds = [each.seconds for each in snapshots]
    whole, memory = snapshots[0].bytes, max(each.memory for each in snapshots)
    growth = max(memory - snapshots[0].memory, *(each.growth for each in snapshots))
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{snapshots[0].entities} entities of one cluster, {whole / MEGABYTE:.0f} MB, {load}")
    print(
        f"snapshot            p50 {percentile(seconds, 50):6.2f} s   max {max(seconds):6.2f} s   {len(seconds)} taken"
    )
    print(f"server meanwhile    {memory / MEGABYTE:.0f} MB, grew by {growth / MEGABYTE:.1f} MB")
    for name, told in (("stream", stream), ("whole again", again)):
        print(f"change, {name:12} p50 {percentile(told, 50):6.2f} s   max {max(told):6.2f} s   {len(told)} changes")
    sooner = percentile(again, 50) / percentile(stream, 50)
    print(f"entity_feed   a change is read {sooner:.0f} times sooner than by taking the whole again")
    # Less than a megabyte is a matter of what happened to be free.
    less = whole / max(growth, MEGABYTE)
    print(f"entity_feed   pages take {less:.0f} times less memory than one answer of everything, or better")
    limits = f"{SNAPSHOT:.0f} s, {GROWTH / MEGABYTE:.0f} MB, {CHANGE:g} s for each change"
    kept = max(seconds) <= SNAPSHOT and growth <= GROWTH and max(stream) <= CHANGE
    print(f"limits: {limits}: {'kept' if kept else 'NOT kept'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
