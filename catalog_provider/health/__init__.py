"""Health of a service: what is judged of its objects one by one (`foundation.health`), rolled up.

`rollup`      pods → workload
`ownership`   which objects are workloads, whose the pods are, and what stands beside them
`freshness`   what cannot be said, because the cluster was not heard
`assess`      workloads and what stands beside them → environment → entity
`events`      what the cluster warned of
`advice`      what to do next, by reason
`continuity`  keeps `since` steady from one assessment to the next, and over restarts
`offline`     objects judged without a cluster
`model` `containers`  the health of an entity down to its containers, and its JSON

`assess(name, environments, views, now)` is all that the feed needs; a view is
`ClusterWatcher.views(name)`. It reads no clock and asks nobody, so it may run anywhere, any time.
Some verdicts change as time passes (a cluster gone silent, a pod that has waited too long), so
assess again now and then, and not only on changes. `continued(before, now)` keeps `since` steady.
"""

from __future__ import annotations

from catalog_provider.health.assess import assess
from catalog_provider.health.continuity import continued, recalled
from catalog_provider.health.freshness import STARTING
from catalog_provider.health.model import (
    ContainerHealth,
    EntityHealth,
    EnvironmentHealth,
    NextStep,
    PodHealth,
    WorkloadHealth,
)
from foundation.health.verdict import Status, Verdict

__all__ = [
    "STARTING",
    "ContainerHealth",
    "EntityHealth",
    "EnvironmentHealth",
    "NextStep",
    "PodHealth",
    "Status",
    "Verdict",
    "WorkloadHealth",
    "assess",
    "continued",
    "recalled",
]
