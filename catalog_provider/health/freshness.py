"""What cannot be said, because the cluster was not heard: stale is never shown as healthy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from catalog_provider.cluster.kinds import KINDS
from catalog_provider.cluster.state import ClusterState, Connectivity, KindState
from catalog_provider.health.model import WorkloadHealth
from foundation.health.verdict import Status, Verdict

# What must be seen to judge a workload: itself, and what stands between it and its pods.
NEEDED = {
    "Deployment": ("Deployment", "ReplicaSet", "Pod"),
    "StatefulSet": ("StatefulSet", "Pod"),
    "DaemonSet": ("DaemonSet", "Pod"),
    "ReplicaSet": ("ReplicaSet", "Pod"),
    "Job": ("Job", "Pod"),
    "CronJob": ("CronJob", "Job", "Pod"),
    "Pod": ("Pod",),
}
# What must be seen to say that there is nothing.
WORKLOAD_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
# The reason of what is being listed for the first time: how it is, nobody knows yet.
STARTING = "Starting"
_PLURALS = {each.key: each.plural for each in KINDS}


def blindness(cluster: str, state: ClusterState, kinds: Iterable[str], now: datetime) -> Verdict | None:
    """Why nothing can be said from `kinds` of this cluster; None where they are all fresh."""
    for kind in kinds:
        watch = state.kinds.get(kind, KindState())
        if watch.is_fresh(now):
            continue
        if state.connectivity is Connectivity.UNREACHABLE:
            said = _sentence(state.message) or f"Cluster {cluster} does not answer"
            return Verdict(Status.UNKNOWN, said, "ClusterUnreachable", state.last_seen_at)
        return _blind(cluster, _PLURALS.get(kind, kind), watch)
    return None


def unseen(workload: WorkloadHealth, why: Verdict) -> WorkloadHealth:
    """`workload` as it last was, with nothing claimed about it."""
    pods = tuple(replace(each, verdict=why) for each in workload.pods)
    return replace(workload, verdict=why, pods=pods)


def _blind(cluster: str, plural: str, watch: KindState) -> Verdict:
    if watch.refused:
        said = _sentence(watch.trouble) or f"Cluster {cluster} does not let us list {plural}"
        return Verdict(Status.UNKNOWN, said, "Forbidden", watch.heard_at)
    if watch.trouble:
        return Verdict(Status.UNKNOWN, _sentence(watch.trouble), "Stale", watch.heard_at)
    if not watch.synced:
        return Verdict(Status.UNKNOWN, f"The {plural} of cluster {cluster} are being listed", STARTING)
    said = f"The {plural} of cluster {cluster} have not been heard of for over 75 seconds"
    return Verdict(Status.UNKNOWN, said, "Stale", watch.heard_at)


def _sentence(text: str | None) -> str:
    return (text or "").rstrip(".")
