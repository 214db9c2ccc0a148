"""What the same picture costs a cluster's API server: requests and bytes in an hour, in three ways of keeping it.

    python -m benchmarks.api_server_load [seconds]

The cluster has 2,000 Deployments, 4,300 ReplicaSets and 6,000 pods, of which 10 change each second. In turn, each for
the same time and under the same changes: Greenroom's watches; Backstage's Kubernetes plugin with 20 open pages, one
list for each of its object types by label each 10 s and both lists that pod metrics take; and a poller that lists
every workload each ten minutes, which is measured once. What was measured is multiplied up to an hour; what happens
once, as the first list of watches, is not, and the opening of watches anew is added as it is set. The stand-in counts
what it sends: lists compressed as API servers do it, watches not. Prints a table and ratios; exits 1 where watches
ask as often as the plugin, or list again.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stand_in.objects import Fleet, service_name
from benchmarks.stand_in.process import Counts, RunningStandIn, running
from catalog_provider.cluster.watcher import ClusterWatcher
from foundation.connections.kubernetes import KubernetesApi, connect_cluster
from foundation.settings import ClusterSettings

SIZE = Fleet(2_000, 4_300, 6_000)
SECONDS = 60
HOUR = 3600
CHANGES = 10
# Seconds for which a watch stays open: five to ten minutes, of which a minute sees too little to be multiplied.
REOPENED = 450
PAGES = 20
# Seconds between the plugin's looks (`useKubernetesObjects.ts`, 10,000 ms) and the poller's (TeraSky's default).
PAGE_POLL = 10
FULL_POLL = 600
# The plugin's object types (`plugins/kubernetes-backend/config.d.ts`).
PLUGIN_PATHS = (
    *("/api/v1/pods", "/api/v1/services", "/api/v1/configmaps", "/api/v1/limitranges", "/api/v1/resourcequotas"),
    *("/apis/apps/v1/deployments", "/apis/apps/v1/replicasets", "/apis/apps/v1/statefulsets"),
    *("/apis/apps/v1/daemonsets", "/apis/autoscaling/v2/horizontalpodautoscalers", "/apis/batch/v1/jobs"),
    *("/apis/batch/v1/cronjobs", "/apis/networking.k8s.io/v1/ingresses"),
)
# For the namespace of the pods it found (`fetchPodMetricsByNamespaces`).
METRICS_PATHS = ("/apis/metrics.k8s.io/v1beta1/namespaces/team/pods", "/api/v1/namespaces/team/pods")
# The poller's kinds, without `limit` (`KubernetesResourceFetcher.ts`).
POLLER_PATHS = (
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/statefulsets",
    "/apis/apps/v1/daemonsets",
    "/apis/batch/v1/cronjobs",
)


@dataclass(frozen=True)
class Load:
    """What an hour costs, after `first` bytes to begin with, and how old the picture is at most."""

    requests: float
    bytes: float
    first: int
    age: str
    lists: int = 0


def main() -> int:
    """Measure and print; 0 when watches are the cheapest in requests."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as folder, running(SIZE) as stand_in:
        cluster = stand_in.cluster(Path(folder))
        watches = watching(stand_in, cluster, seconds)
        api = connect_cluster(cluster)
        plugin = measured(
            stand_in, seconds, lambda until: look_by_pages(api, until), f"{PAGE_POLL} s, open pages alone"
        )
        before = stand_in.counts()
        for path in POLLER_PATHS:
            api.request("GET", path)
        poller = between(before, stand_in.counts(), HOUR / FULL_POLL, f"{FULL_POLL // 60} min, no pods")
    return report(watches, plugin, poller)


def watching(stand_in: RunningStandIn, cluster: ClusterSettings, seconds: int) -> Load:
    """Greenroom's: everything is listed once, and watched from then on."""
    watcher = ClusterWatcher(cluster, connect_cluster(cluster), lambda _: None)
    watcher.start()
    try:
        while not (watcher.state.kinds and all(each.synced or each.refused for each in watcher.state.kinds.values())):
            time.sleep(0.1)
        counts = stand_in.counts()
        first, open_watches = sum(counts.bytes.values()), sum(counts.watches.values())
        load = measured(stand_in, seconds, lambda until: time.sleep(max(0.0, until - time.monotonic())), "none", first)
        return dataclasses.replace(load, requests=load.requests + open_watches * HOUR / REOPENED)
    finally:
        watcher.stop()


def look_by_pages(api: KubernetesApi, until: float) -> None:
    """Each open page of a service asks for all its objects, each 10 s."""
    while True:
        began = time.monotonic()
        for page in range(PAGES):
            query = {"labelSelector": f"backstage.io/kubernetes-id={service_name(page)}"}
            for path in (*PLUGIN_PATHS, *METRICS_PATHS):
                api.request("GET", path, query=query)
        if began + PAGE_POLL >= until:
            return
        time.sleep(max(0.0, began + PAGE_POLL - time.monotonic()))


def measured(stand_in: RunningStandIn, seconds: int, look: Callable[[float], object], age: str, first: int = 0) -> Load:
    """What a look costs for so many seconds, in which the cluster changes, as an hour of it."""
    before = stand_in.counts()
    count = {"count": CHANGES * seconds, "rate": CHANGES, "among": 1000}
    changing = threading.Thread(target=stand_in.change, args=("pods", "touch"), kwargs=count)
    changing.start()
    look(time.monotonic() + seconds)
    changing.join()
    return between(before, stand_in.counts(), HOUR / seconds, age, first)


def between(before: Counts, after: Counts, factor: float, age: str, first: int = 0) -> Load:
    """The difference of two counts, so many times."""
    requests = sum(after.requests.values()) - sum(before.requests.values())
    size = sum(after.bytes.values()) - sum(before.bytes.values())
    lists = after.matching("list") - before.matching("list")
    return Load(requests * factor, size * factor, first, age, lists)


def report(watches: Load, plugin: Load, poller: Load) -> int:
    """Print the table; 1 where watches list again, or ask as often as another."""
    print(f"{SIZE}, {CHANGES} changes a second, in an hour")
    print(f"{'':24}{'requests':>10}{'MB':>10}{'MB at first':>13}   age of the picture")
    rows = {"Greenroom's watches": watches, f"plugin, {PAGES} open pages": plugin, "poller of workloads": poller}
    for name, each in rows.items():
        print(f"{name:24}{each.requests:10.0f}{each.bytes / 1e6:10.1f}{each.first / 1e6:13.1f}   {each.age}")
    fewer = [each.requests / watches.requests for each in (plugin, poller)]
    print(
        f"api_server_load: the plugin asks {fewer[0]:.0f} times as often and gets {plugin.bytes / watches.bytes:.1f} times "
        f"the bytes; the poller asks {fewer[1]:.1f} times as often and gets {poller.bytes / watches.bytes:.1f} times"
    )
    return 0 if watches.lists == 0 and watches.requests < plugin.requests else 1


if __name__ == "__main__":
    sys.exit(main())
