from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog_provider.cluster import ClusterChange, ClusterWatcher, Connectivity
from catalog_provider.cluster.discovery import ServedKinds
from catalog_provider.cluster.kinds import DEFINING, Kind
from catalog_provider.cluster.watcher import STOP_WITHIN
from foundation.connections.kubernetes import Response, connect_cluster
from foundation.settings import ClusterSettings
from tests.catalog_provider.recording import serve_recording


class Heard:
    """The changes that were told, and a wait for one."""

    def __init__(self) -> None:
        self.changes: list[ClusterChange] = []
        self.news = threading.Condition()

    def __call__(self, change: ClusterChange) -> None:
        with self.news:
            self.changes.append(change)
            self.news.notify_all()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_stop_ends_reads_that_wait_for_a_line(tmp_path: Path, heard: Heard) -> None:
    """Quiet watches are blocked in a read; none of their threads outlives the stop."""
    with serve_recording(tmp_path) as (_, settings):
        watcher = ClusterWatcher(settings, connect_cluster(settings), heard)
        watcher.start()
        with heard.news:
            assert heard.news.wait_for(lambda: watcher.state.connectivity is Connectivity.CONNECTED, timeout=15)
        began = time.monotonic()
        watcher.stop()
        assert time.monotonic() - began < STOP_WITHIN
        assert not [each for each in threading.enumerate() if each.name.startswith("watch-recorded-")]


def test_a_view_has_one_service_and_what_it_owns(tmp_path: Path, heard: Heard) -> None:
    """A view is the service's objects at one moment, with the cluster's name, environment and state."""
    with serve_recording(tmp_path, environment="staging") as (_, settings):
        watcher = ClusterWatcher(settings, connect_cluster(settings), heard)
        watcher.start()
        with heard.news:
            assert heard.news.wait_for(lambda: watcher.state.connectivity is Connectivity.CONNECTED, timeout=15)
        (view,) = watcher.views("order-api")
        watcher.stop()
    assert (view.name, view.environment, view.simulated) == ("recorded", "staging", False)
    assert sorted(str(each["kind"]) for each in view.objects) == ["Deployment", "Pod", "Pod", "Pod", "ReplicaSet"]
    assert any(change.services and "order-api" in change.services for change in heard.changes)


def test_a_cluster_out_of_reach_is_told_with_its_reason(tmp_path: Path, heard: Heard) -> None:
    """A kubeconfig that is not there is a state of this cluster, and no error at the start."""
    settings = ClusterSettings("lost", "production", tmp_path / "nowhere.yaml")
    watcher = ClusterWatcher(settings, connect_cluster(settings), heard)
    assert watcher.state.connectivity is Connectivity.STARTING
    watcher.start()
    with heard.news:
        assert heard.news.wait_for(lambda: watcher.state.connectivity is Connectivity.UNREACHABLE, timeout=15)
    watcher.stop()
    assert "No such file" in str(watcher.state.message)
    assert heard.changes[0] == ClusterChange("lost", None)


class Definitions:
    """An API server of nothing but definitions, the names of which are told as they come."""

    cluster = "made"

    def __init__(self) -> None:
        self._news: queue.Queue[str] = queue.Queue()

    def define(self, name: str) -> None:
        self._news.put(name)

    def request(self, method: str, path: str, **_: object) -> Response:
        return Response(200, {}, {"metadata": {"resourceVersion": "1"}, "items": []})

    def stream(self, path: str, query: object = None, **_: object) -> Lines:
        return Lines(self._news) if "definitions" in path else Lines(queue.Queue())


class Lines:
    def __init__(self, names: queue.Queue[str]) -> None:
        self._names = names

    def __iter__(self) -> Iterator[bytes]:
        for name in iter(self._names.get, ""):
            metadata = {"name": name, "uid": name, "resourceVersion": "2"}
            yield json.dumps({"type": "ADDED", "object": {"metadata": metadata}}).encode()

    def close(self) -> None:
        self._names.put("")


def test_a_definition_that_changes_leads_to_a_look_at_the_kinds(monkeypatch: pytest.MonkeyPatch, heard: Heard) -> None:
    """Few for many that come together, and long before the next look would be due; nobody's health is touched."""
    monkeypatch.setattr("catalog_provider.cluster.watcher.SETTLED", 0.2)
    api, looks = Definitions(), queue.Queue[int]()

    def discover(_: object) -> ServedKinds:
        looks.put(1)
        return ServedKinds((DEFINING[0],))

    watcher = ClusterWatcher(ClusterSettings("made", "production"), api, heard, discover=discover)
    watcher.start()
    # At the start, and when the definitions that there are have been listed.
    for _ in range(2):
        looks.get(timeout=10)
    for number in range(20):
        api.define(f"kind-{number}")
    looks.get(timeout=10)
    watcher.stop()
    # One, where nothing keeps the threads from running.
    assert looks.qsize() < 5
    assert not [each for each in heard.changes if each.services is not None]


def test_what_is_watched_of_a_group_that_does_not_answer_still_is(
    monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    """Its watch says that it hears nothing; taken away, its objects would look as if they were gone. The group is named."""
    monkeypatch.setattr("catalog_provider.cluster.watcher.SETTLED", 0.0)
    api, looks = Definitions(), queue.Queue[set[str]]()
    rollout = Kind("Rollout", "argoproj.io/v1alpha1", "rollouts")
    without = ServedKinds((DEFINING[0],))
    answers = iter(
        [replace(without, kinds=(DEFINING[0], rollout)), replace(without, unanswered={"argoproj.io": "down"})]
    )

    def discover(_: object) -> ServedKinds:
        looks.put({each for each in watcher.state.kinds if "argoproj.io" in each})
        return next(answers, without)

    watcher = ClusterWatcher(ClusterSettings("made", "production"), api, heard, discover=discover)
    watcher.start()
    # At the start, when the definitions that there are have been listed, and after each one that comes.
    watched = [looks.get(timeout=10), looks.get(timeout=10)]
    for number in range(2):
        api.define(f"kind-{number}")
        watched.append(looks.get(timeout=10))
    watcher.stop()
    assert watched == [set(), {rollout.key}, {rollout.key, "*.argoproj.io"}, set()]


def test_a_listener_that_fails_does_not_end_the_watch(tmp_path: Path, heard: Heard) -> None:
    """A mistake in what listens is logged, and the loop goes on."""
    failed = threading.Event()

    def failing_once(change: ClusterChange) -> None:
        if not failed.is_set():
            failed.set()
            raise ValueError("a mistake")
        heard(change)

    with serve_recording(tmp_path) as (_, settings):
        watcher = ClusterWatcher(settings, connect_cluster(settings), failing_once)
        watcher.start()
        with heard.news:
            assert heard.news.wait_for(lambda: watcher.state.connectivity is Connectivity.CONNECTED, timeout=15)
        watcher.stop()
    assert failed.is_set()
