"""A service that runs by a schedule, watched in a simulated cluster from its first run to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from kubernetes import client, config

from catalog_provider.cluster import ClusterWatcher
from catalog_provider.cluster.watcher import utc_now
from catalog_provider.health import EntityHealth, assess
from foundation.connections.kubernetes import connect_cluster
from foundation.settings import ClusterSettings
from greenroom.local.cluster import SimulatedClusters

_LABELS = {"app.kubernetes.io/name": "nightly", "backstage.io/kubernetes-id": "nightly"}
# Seconds that a condition may take on a busy machine; it is met in a fraction of one.
_PATIENCE = 30.0


def _job() -> dict[str, Any]:
    pod = {"restartPolicy": "Never", "containers": [{"name": "nightly", "image": "registry.example/nightly:1.0.0"}]}
    return {"backoffLimit": 0, "template": {"metadata": {"labels": _LABELS}, "spec": pod}}


def _cron_job() -> dict[str, Any]:
    spec = {"schedule": "0 3 1 1 *", "jobTemplate": {"spec": _job()}}
    return {"metadata": {"name": "nightly", "labels": _LABELS}, "spec": spec}


@pytest.fixture
def clusters() -> Iterator[SimulatedClusters]:
    """One, a hundred times quicker than a person wants it."""
    with SimulatedClusters(["production"], pace=0.01) as running:
        yield running


@pytest.fixture
def batch(clusters: SimulatedClusters) -> Iterator[Any]:
    """What a person would do with kubectl. `Any`: the client's types know model classes only."""
    connect: Any = config.new_client_from_config  # without types of its own
    with connect(str(clusters.kubeconfig), context="production") as connection:
        core: Any = client.CoreV1Api(connection)
        core.create_namespace({"metadata": {"name": "commerce"}})
        yield client.BatchV1Api(connection)


@pytest.fixture
def watcher(clusters: SimulatedClusters) -> Iterator[ClusterWatcher]:
    """As the platform watches it."""
    settings = ClusterSettings("production", "production", clusters.kubeconfig, "production", simulated=True)
    watching = ClusterWatcher(settings, connect_cluster(settings), lambda _: None)
    watching.start()
    yield watching
    watching.stop()


def _eventually(watcher: ClusterWatcher, holds: Callable[[EntityHealth], bool]) -> EntityHealth:
    """The health of the service once it is so."""
    end = time.monotonic() + _PATIENCE
    while True:
        found = assess("nightly", ["production"], watcher.views("nightly"), utc_now())
        if found is not None and holds(found):
            return found
        assert time.monotonic() < end, f"still {found}"


def test_health_follows_the_runs_of_a_schedule(
    clusters: SimulatedClusters, batch: Any, watcher: ClusterWatcher
) -> None:
    """Not deployed, waiting for its first run, failed, well again, suspended."""
    _eventually(watcher, lambda health: health.verdict.status == "Missing")
    schedule = batch.create_namespaced_cron_job("commerce", _cron_job())
    waiting = _eventually(watcher, lambda health: health.verdict.status == "Healthy")
    assert waiting.verdict.message.startswith("It has not run yet; next run ")
    assert waiting.environments[0].version == "1.0.0"
    clusters.break_("production", "nightly", "crash")
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": schedule.metadata.uid}
    references = [{**owner, "controller": True}]

    def run(name: str) -> None:
        body = {"metadata": {"name": name, "ownerReferences": references}, "spec": _job()}
        batch.create_namespaced_job("commerce", body)

    run("first")
    failed = _eventually(watcher, lambda health: health.verdict.reason == "BackoffLimitExceeded")
    assert failed.verdict.message.startswith("The last run failed: too many attempts failed; next run ")
    assert [each.name for each in failed.environments[0].workloads] == ["nightly"]
    clusters.heal("production", "nightly")
    since = failed.verdict.since
    assert since is not None
    # Which of two runs is the later one is known to the second.
    _eventually(watcher, lambda _: utc_now() > since + timedelta(seconds=1))
    run("second")
    well = _eventually(
        watcher, lambda health: health.verdict.message.startswith("The last run has succeeded; next run")
    )
    assert well.verdict.status == "Healthy"
    batch.patch_namespaced_cron_job("nightly", "commerce", {"spec": {"suspend": True}})
    _eventually(watcher, lambda health: health.verdict.status == "Suspended")
