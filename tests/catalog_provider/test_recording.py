"""A real API server's answers, replayed over HTTP through the whole way: loop, store, rules."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from catalog_provider.cluster import ClusterChange, ClusterView, ClusterWatcher, Connectivity
from catalog_provider.cluster.kept import keep
from catalog_provider.cluster.kinds import KINDS
from catalog_provider.cluster.slimming import slim
from catalog_provider.cluster.state import KindState, summarise
from catalog_provider.cluster.watcher import utc_now
from catalog_provider.health import assess
from foundation.connections.kubernetes import connect_cluster
from foundation.json_fields import text_at
from foundation.settings import ClusterSettings
from tests.catalog_provider.recording import Item, RecordedCluster, name_of, serve_recording

# When the recording's first second was.
STARTED = datetime(2026, 11, 22, 20, 17, 57, tzinfo=UTC)
SERVICES = ("order-api", "broken-api", "missing-image", "stuck-migration", "paused-api", "asleep", "orders-db")


class Changes:
    """What a watcher told; waits for what is to come of it."""

    def __init__(self) -> None:
        self.told: list[ClusterChange] = []
        self._news = threading.Condition()

    def __call__(self, change: ClusterChange) -> None:
        with self._news:
            self.told.append(change)
            self._news.notify_all()

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """A change of an object without a service is not told, so look now and then without news too."""
        with self._news:
            deadline = 1500
            while not holds():
                deadline -= 1
                assert deadline > 0, "nothing came of it in 15 s"
                self._news.wait(0.01)


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[tuple[RecordedCluster, ClusterSettings]]:
    with serve_recording(tmp_path) as served:
        yield served


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
def cluster(recorded: tuple[RecordedCluster, ClusterSettings]) -> RecordedCluster:
    return recorded[0]


@contextmanager
def watching(settings: ClusterSettings, changes: Changes, clock: Callable[[], datetime]) -> Iterator[ClusterWatcher]:
    watcher = ClusterWatcher(settings, connect_cluster(settings), changes, clock)
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()


@pytest.fixture
def watcher(recorded: tuple[RecordedCluster, ClusterSettings], changes: Changes) -> Iterator[ClusterWatcher]:
    with watching(recorded[1], changes, utc_now) as watcher:
        changes.wait_until(lambda: watcher.state.connectivity is Connectivity.CONNECTED)
        yield watcher


def kept(watcher: ClusterWatcher) -> dict[tuple[str, str, str], object]:
    return {(kind.plural, *name_of(dict(item))): item for kind in KINDS for item in watcher.store.objects(kind.name)}


def served(cluster: RecordedCluster) -> dict[tuple[str, str, str], object]:
    return {
        (kind.plural, *name): keep(slim(kind, item)).item
        for kind in KINDS
        for name, item in cluster.collections[kind.plural].items.items()
    }


def heard_at(moment: datetime, view: ClusterView) -> ClusterView:
    """`view`, where the time of the recording passes, and not that of the test."""
    kinds = {kind: KindState(synced=True, heard_at=moment) for kind in view.state.kinds}
    return replace(view, state=summarise(kinds, moment))


def follow(
    cluster: RecordedCluster, watcher: ClusterWatcher, changes: Changes
) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """The statuses of each service one after another, and all that was said of it."""
    timeline: dict[str, list[str]] = {}
    sentences: dict[str, set[str]] = {}
    for moment in _moments(cluster, watcher, changes):
        for service in SERVICES:
            health = assess(service, ["shop"], [heard_at(moment, each) for each in watcher.views(service)], moment)
            assert health is not None
            statuses = timeline.setdefault(service, [])
            if not statuses or statuses[-1] != health.verdict.status:
                statuses.append(health.verdict.status)
            sentences.setdefault(service, set()).add(health.verdict.message)
    return timeline, sentences


def play_all(cluster: RecordedCluster) -> None:
    for event in cluster.events:
        cluster.play(event)


def test_the_cache_equals_what_the_recording_says(
    cluster: RecordedCluster, watcher: ClusterWatcher, changes: Changes
) -> None:
    """Paged lists, 700 events and bookmarks later, every object is kept exactly as it last was, and no other."""
    assert kept(watcher) == served(cluster)
    play_all(cluster)
    changes.wait_until(lambda: kept(watcher) == served(cluster))
    assert len(watcher.store) == sum(len(each.items) for each in cluster.collections.values())


def test_faults_on_the_way_lose_and_double_nothing(
    cluster: RecordedCluster, watcher: ClusterWatcher, changes: Changes
) -> None:
    """An expiry, a broken connection, a torn line and an early end in the middle leave no trace in the cache."""
    cluster.collections["pods"].faults = {40: "cut", 200: "tear"}
    cluster.collections["deployments"].faults = {50: "expire"}
    cluster.collections["replicasets"].faults = {70: "end"}
    play_all(cluster)
    changes.wait_until(lambda: kept(watcher) == served(cluster))
    assert not any(each.faults for each in cluster.collections.values())
    # Only an expired version is a reason to list again.
    assert cluster.lists.count("deployments") > cluster.lists.count("jobs")


def test_health_follows_the_recording(recorded: tuple[RecordedCluster, ClusterSettings], changes: Changes) -> None:
    """Each chapter of the recording is told as what it is, and as nothing else in between."""
    cluster, settings = recorded
    with watching(settings, changes, utc_now) as watcher:
        changes.wait_until(lambda: watcher.state.connectivity is Connectivity.CONNECTED)
        timeline, sentences = follow(cluster, watcher, changes)
    assert timeline["order-api"] == [
        *("Healthy", "Progressing", "Healthy"),  # a rolling update
        *("Progressing", "Healthy"),  # the node goes, other pods take over
        *("Degraded", "Progressing", "Healthy"),  # every pod crashes after a finished rollout, and recovers
        *("Progressing", "Healthy"),  # scaled up
        *("Progressing", "Degraded", "Progressing", "Healthy"),  # an image that is not there, and undo
        *("Progressing", "Healthy", "Progressing", "Healthy"),  # the node goes twice more
    ]
    assert "3 of 3 pods crash: exit 1" in sentences["order-api"]
    assert "Rollout is stuck: 3 of 7 pods cannot pull image registry.example/order-api:1.2.0" in sentences["order-api"]
    assert "Rollout is stuck: 2 of 2 pods crash in init container migrate: exit 1" in sentences["stuck-migration"]
    assert timeline["broken-api"] == ["Degraded", "Missing"]
    assert timeline["paused-api"] == ["Suspended"]
    assert timeline["asleep"] == ["Healthy"]
    assert set(timeline["orders-db"]) == {"Healthy", "Progressing"}
    assert timeline["orders-db"][-1] == "Healthy"


def test_a_kind_that_may_not_be_listed_hides_no_other(
    recorded: tuple[RecordedCluster, ClusterSettings], changes: Changes
) -> None:
    """Without the right to list Jobs, Deployments have health all the same, and the reason is said."""
    cluster, settings = recorded
    cluster.refused = frozenset({"jobs"})
    with watching(settings, changes, utc_now) as watcher:
        changes.wait_until(lambda: all(each.synced or each.refused for each in watcher.state.kinds.values()))
        assert watcher.state.connectivity is Connectivity.CONNECTED
        now = datetime.now(UTC)
        there = assess("order-api", ["shop"], watcher.views("order-api"), now)
        absent = assess("not-there", ["shop"], watcher.views("not-there"), now)
    assert there is not None
    assert there.verdict.status == "Healthy"
    assert absent is not None
    assert (absent.verdict.status, absent.verdict.reason) == ("Unknown", "Forbidden")
    assert "cannot list resource" in absent.verdict.message


def _moments(cluster: RecordedCluster, watcher: ClusterWatcher, changes: Changes) -> Iterator[datetime]:
    """Play event after event; gives the time of each once the watcher knows of it."""
    yield STARTED
    for event in cluster.events:
        cluster.play(event)
        if event["event"]["type"] != "BOOKMARK":
            changes.wait_until(partial(_is_known, watcher, event))
        yield STARTED + timedelta(seconds=event["t"])


def _is_known(watcher: ClusterWatcher, event: Item) -> bool:
    kind = next(each.name for each in KINDS if each.plural == event["resource"])
    item = event["event"]["object"]
    kept = {name_of(dict(each)): text_at(each, "metadata", "resourceVersion") for each in watcher.store.objects(kind)}
    if event["event"]["type"] == "DELETED":
        return name_of(item) not in kept
    return kept.get(name_of(item)) == text_at(item, "metadata", "resourceVersion")
