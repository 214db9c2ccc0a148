"""What 1,000 open streams of health cost: the time of the API beside them, and memory.

    python -m benchmarks.open_streams

Pages ask for the health of 100 services, one after another, 50 times a second, and changes go on at 50 a second. The
baseline, in the same run, is the same server before a stream is open. Each stream is of 100 of 2,000
services, so that a change reaches 50, and all are read. The
memory of a stream is what the server holds more with them, divided by their number. Exits 1 past a limit.
"""

from __future__ import annotations

import os
import selectors
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.measuring import percentile
from benchmarks.measuring.serving import Served, reference, served, settings
from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.process import RunningStandIn, running

STREAMS = 1000
SERVICES = 2000
# A page of the catalog list.
ROWS = 100
SECONDS = 15
REQUESTS = 50
CHANGES = 50
# How many times as long the API's p99 may take, and bytes of memory for each stream, from the product's figures.
LONGER = 2.0
MEMORY = 50_000
# Milliseconds. Under this, twice as long is noise of the machine: nobody waits for it.
UNNOTICED = 10.0


@dataclass(frozen=True)
class Figures:
    """Milliseconds of requests, and bytes of the server's memory."""

    latencies: list[float]
    memory: int


def main() -> int:
    """Measure and print; 0 when the limits are kept."""
    size = Fleet(SERVICES, SERVICES, SERVICES)
    with tempfile.TemporaryDirectory() as folder, running(size) as cluster:
        chosen = settings(Path(folder), SERVICES, cluster.cluster(Path(folder)))
        with served(chosen) as server:
            server.wait_until_all("Healthy", SERVICES)
            # Once without looking at it: what comes first is charged to nobody.
            ask(server, cluster)
            without = ask(server, cluster)
            with opened(server) as received:
                among = ask(server, cluster)
    return report(without, among, received)


def ask(server: Served, cluster: RunningStandIn) -> Figures:
    """Ask for pages at an even rate while services change."""
    changing = threading.Thread(
        target=cluster.change,
        args=("deployments", "pause"),
        kwargs={"count": CHANGES * SECONDS, "rate": CHANGES, "among": SERVICES},
    )
    changing.start()
    connection, latencies = server.connection(), []
    page = {"entityRefs": [reference(index) for index in range(ROWS)]}
    began = time.perf_counter()
    for number in range(REQUESTS * SECONDS):
        time.sleep(max(0.0, began + number / REQUESTS - time.perf_counter()))
        asked = time.perf_counter()
        server.open("/v1/health/query", method="POST", body=page, connection=connection).read()
        latencies.append((time.perf_counter() - asked) * 1000)
    changing.join()
    return Figures(latencies, psutil.Process(server.pid).memory_info().rss)


@contextmanager
def opened(server: Served) -> Iterator[list[int]]:
    """Open streams, and read them all in a thread; gives a list that holds the events received, at the end."""
    selector, received, stop = selectors.DefaultSelector(), [0], threading.Event()
    answers = [server.open(f"/v1/health/stream?{rows(number)}") for number in range(STREAMS)]
    for each in answers:
        # The socket itself: a thousand of Python's readers would be what is measured.
        selector.register(each.fileno(), selectors.EVENT_READ)

    def read() -> None:
        while not stop.is_set():
            for key, _ in selector.select(timeout=0.2):
                received[0] += os.read(key.fd, 65536).count(b"event: health")

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield received
    finally:
        stop.set()
        reading.join()
        for each in answers:
            each.close()


def rows(number: int) -> str:
    """The query of one of many pages, each of which shows other rows than the one before."""
    chosen = (number * ROWS // 2 + index for index in range(ROWS))
    return "&".join(f"entityRef={reference(index % SERVICES)}" for index in chosen)


def report(without: Figures, among: Figures, received: list[int]) -> int:
    """Print the figures; 1 where one passes its limit."""
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{STREAMS} streams, {SERVICES} services, {CHANGES} changes and {REQUESTS} pages a second, {load}")
    for name, each in (("no stream", without), (f"{STREAMS} streams", among)):
        p50, p99 = percentile(each.latencies, 50), percentile(each.latencies, 99)
        print(f"{name:14} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   {each.memory / 1e6:.0f} MB")
    p99 = percentile(among.latencies, 99)
    longer = p99 / percentile(without.latencies, 99)
    each_stream = (among.memory - without.memory) / STREAMS
    limits = f"limits: {LONGER:g} times, or under {UNNOTICED:g} ms; {MEMORY} bytes"
    print(
        f"open_streams   p99 {longer:.1f} times as long, {each_stream:.0f} bytes a stream, {received[0]} events ({limits})"
    )
    return 0 if (longer <= LONGER or p99 < UNNOTICED) and each_stream <= MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
