"""However many workers serve, one of them watches clusters and counts versions, and another takes over when it dies."""

from __future__ import annotations

import os
import signal
from http.client import IncompleteRead

from benchmarks.stand_in.process import RunningStandIn
from tests.greenroom.server.conftest import Server, wait_for


def once_each(cluster: RunningStandIn) -> bool:
    """Whether there is a watch of pods, and of no kind more than one."""
    watches = cluster.counts().watches
    return watches["/api/v1/pods"] == 1 and max(watches.values()) == 1


def test_one_worker_watches_and_another_takes_over(server: Server, cluster: RunningStandIn) -> None:
    """The same picture from each worker, out of one watch a kind; `kill -9` of who watches costs a moment."""
    wait_for(server.is_ready)
    wait_for(lambda: once_each(cluster))
    holder = wait_for(server.holder)
    workers = server.workers()

    pages = [server.get(each, "/api/live/v1/entities?limit=2") for each in workers]
    assert {status for status, _ in pages} == {200}
    assert len({page["version"] for _, page in pages}) == 1
    cursor = pages[0][1]["nextCursor"]
    following = [server.get(each, f"/api/live/v1/entities?limit=2&cursor={cursor}")[1] for each in workers]
    assert following[0]["items"]
    assert all(each == following[0] for each in following)
    listings = [server.get(each, "/api/live/.backstage/actions/v1/actions") for each in workers]
    assert all(each == listings[0] for each in listings)
    assert {server.get(each, "/api/platform/v1/runs")[0] for each in workers} == {200}

    streams = [server.open(each, "/api/live/v1/health/stream") for each in workers]
    for each in streams:
        assert each.status == 200
        assert each.readline() == b"event: snapshot\n"
    os.kill(holder, signal.SIGKILL)
    for each in streams:
        try:
            each.read()
        except (OSError, IncompleteRead):
            # That of the killed worker itself broke off; the others ended.
            assert each is streams[list(workers).index(holder)]

    successor = wait_for(lambda: (found := server.holder()) != holder and found)
    assert successor in workers
    wait_for(server.is_ready)
    wait_for(lambda: once_each(cluster))
    now = {server.get(each, "/api/live/v1/entities")[1]["version"] for each in server.workers()}
    assert len(now) == 1
    assert now != {pages[0][1]["version"]}


def test_a_server_told_to_stop_ends_its_streams(server: Server) -> None:
    """Those that pass through another worker too; nothing waits for them to end by themselves."""
    wait_for(server.is_ready)
    streams = [server.open(each, "/api/live/v1/health/stream") for each in server.workers()]
    for each in streams:
        assert each.readline() == b"event: snapshot\n"
    server.process.send_signal(signal.SIGTERM)
    for each in streams:
        each.read()
    assert server.process.wait(30) == 0
