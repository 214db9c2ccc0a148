from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from catalog_provider.cluster import ClusterChange, ClusterWatcher, Connectivity
from catalog_provider.cluster.watcher import STOP_WITHIN
from foundation.connections.kubernetes import connect_cluster
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
        view = watcher.view("order-api")
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
