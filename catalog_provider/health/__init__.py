"""Health: pure rules from Kubernetes objects to verdicts, rolled up to the service.

`verdict`     the words and their order
`findings`    a verdict on a pod, and how to speak of several
`containers` `pods` `rollouts` `jobs`  the rules, one object each
`schedules`   the rule for a CronJob, which looks at its runs
`rollup`      pods → workload
`ownership`   which objects are workloads, and whose the pods are
`freshness`   what cannot be said, because the cluster was not heard
`assess`      workloads → environment → entity
`advice`      what to do next, by reason
`continuity`  keeps `since` steady from one assessment to the next
`model`       the health of an entity down to its containers, and its JSON

`assess(name, environments, views, now)` is all that the feed needs; a view is
`ClusterWatcher.view(name)`. It reads no clock and asks nobody, so it may run anywhere, any time.
Some verdicts change as time passes (a cluster gone silent, a pod that has waited too long), so
assess again now and then, and not only on changes. `continued(before, now)` keeps `since` steady.
"""

from __future__ import annotations

from catalog_provider.health.assess import assess
from catalog_provider.health.continuity import continued, recalled
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
