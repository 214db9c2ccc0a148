"""How long the first look at a large cluster takes, and how much memory: 20,000 Deployments, 60,000 pods.

    python -m benchmarks.fleet_sync

A stand-in for the API server runs in a process of its own, on another processor where the system lets us choose.
The watches list everything once, all kinds at the same time, on one processor. What is kept of a pod is the
difference to the same cluster without pods. Baselines, in the same run, on a twentieth of the cluster and
multiplied by twenty: the objects kept whole as JSON, and as models of the official Python client. Prints all of
them and their ratios; exits 1 past a limit.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.measuring import cores, in_own_process, on_core, peak_bytes, settled_bytes
from benchmarks.stand_in.objects import LARGE, Fleet
from benchmarks.stand_in.process import running
from foundation.settings import ClusterSettings

# From the product's figures: seconds, bytes at the peak, bytes kept for each pod.
LONGEST = 60.0
PEAK = 700_000_000
FOR_EACH_POD = 2_000
# The part of the cluster that baselines look at: whole, as models, it takes minutes and gigabytes.
PART = 20
PAGE = 500
MEGABYTE = 1_000_000
# Seconds.
PATIENCE = 900.0


@dataclass(frozen=True)
class Figures:
    """What a look cost: bytes before it, at its peak, and how many more there were afterwards than before."""

    seconds: float
    before: int
    peak: int
    kept: int

    def times(self, factor: int) -> Figures:
        """The cost of a look at a cluster that many times as large."""
        peak = self.before + (self.peak - self.before) * factor
        return Figures(self.seconds * factor, self.before, peak, self.kept * factor)


Look: TypeAlias = Callable[[ClusterSettings], object]


def main() -> int:
    """Measure and print; 0 when the limits are kept."""
    ours = measure(LARGE, watches)
    without_pods = measure(Fleet(LARGE.deployments, LARGE.replica_sets, 0), watches)
    part = Fleet(LARGE.deployments // PART, LARGE.replica_sets // PART, LARGE.pods // PART)
    baselines = {"whole JSON": measure(part, whole).times(PART), "client's models": measure(part, models).times(PART)}
    return report(ours, (ours.kept - without_pods.kept) / LARGE.pods, baselines)


def measure(size: Fleet, look: Look) -> Figures:
    """One look at a cluster of this size, in a process of its own on a processor of its own."""
    ours, theirs = cores()
    with tempfile.TemporaryDirectory() as folder, running(size, core=theirs) as stand_in:
        return in_own_process(measured, look, stand_in.cluster(Path(folder)), ours)


def measured(look: Look, cluster: ClusterSettings, core: int | None) -> Figures:
    """Look once, and give what it took."""
    on_core(core)
    logging.disable(logging.INFO)
    look_imports()
    before, began = settled_bytes(), time.perf_counter()
    kept = look(cluster)
    seconds = time.perf_counter() - began
    peak, after = peak_bytes(), settled_bytes()
    assert kept is not None
    return Figures(seconds, before, peak, after - before)


def look_imports() -> None:
    """Import what looks need, so that no look is charged for it."""
    import kubernetes.client  # noqa: F401

    import catalog_provider.cluster.watcher  # noqa: F401


def watches(cluster: ClusterSettings) -> object:
    """Greenroom's own: everything is listed, slimmed and kept."""
    from catalog_provider.cluster.watcher import ClusterWatcher
    from foundation.connections.kubernetes import connect_cluster

    watcher = ClusterWatcher(cluster, connect_cluster(cluster), lambda _: None)
    watcher.start()
    end = time.monotonic() + PATIENCE
    while not is_synced(watcher.state.kinds.values()):
        if time.monotonic() > end:
            raise SystemExit(f"The cluster was not listed in {PATIENCE:g} s: {watcher.state.message}")
        time.sleep(0.05)
    return watcher


def is_synced(kinds: Any) -> bool:
    """Whether each kind that the cluster has was listed; before discovery there are none."""
    return bool(kinds) and all(each.synced or each.refused for each in kinds)


def whole(cluster: ClusterSettings) -> object:
    """Every object as the JSON that came."""
    from foundation.connections.kubernetes import connect_cluster

    api = connect_cluster(cluster)
    kept: list[object] = []
    for path in ("/apis/apps/v1/deployments", "/apis/apps/v1/replicasets", "/api/v1/pods"):
        token = ""
        while True:
            query: dict[str, str | int | bool] = {"limit": PAGE, **({"continue": token} if token else {})}
            page: Any = api.request("GET", path, query=query).body
            kept += page["items"]
            token = page["metadata"]["continue"]
            if not token:
                break
    return kept


def models(cluster: ClusterSettings) -> object:
    """Every object as a model of the official client."""
    from kubernetes import client, config

    api = config.new_client_from_config(str(cluster.kubeconfig), context=cluster.context)  # type: ignore[no-untyped-call]
    apps, core = client.AppsV1Api(api), client.CoreV1Api(api)
    kept: list[object] = []
    for listing in (
        apps.list_deployment_for_all_namespaces,
        apps.list_replica_set_for_all_namespaces,
        core.list_pod_for_all_namespaces,
    ):
        token = None
        while True:
            page: Any = listing(limit=PAGE, _continue=token)
            kept += page.items
            token = page.metadata.var_continue
            if not token:
                break
    return kept


def report(ours: Figures, each_pod: float, baselines: Mapping[str, Figures]) -> int:
    """Print the figures; 1 where one passes its limit."""
    print(f"{LARGE}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for name, found in {"fleet_sync": ours, **baselines}.items():
        sizes = f"peak {found.peak / MEGABYTE:7.0f} MB   kept {found.kept / MEGABYTE:7.0f} MB"
        print(f"{name:16} {found.seconds:7.1f} s   {sizes}")
    print(f"kept for each pod {each_pod:.0f} bytes")
    for name, found in baselines.items():
        quicker, less = found.seconds / ours.seconds, found.kept / ours.kept
        print(f"fleet_sync is {quicker:.1f} times as quick as {name}, and keeps {less:.1f} times less")
    limits = f"{LONGEST:.0f} s, peak {PEAK / MEGABYTE:.0f} MB, {FOR_EACH_POD} bytes for each pod"
    kept_to = ours.seconds <= LONGEST and ours.peak <= PEAK and each_pod <= FOR_EACH_POD
    print(f"limits: {limits}: {'kept' if kept_to else 'NOT kept'}")
    return 0 if kept_to else 1


if __name__ == "__main__":
    sys.exit(main())
