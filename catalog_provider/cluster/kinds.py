"""The kinds that are watched, and where an API server serves them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of object; `plural` is its name in addresses and in RBAC rules."""

    name: str
    api_version: str
    plural: str

    @property
    def path(self) -> str:
        """The address of the collection over all namespaces."""
        root = "apis" if "/" in self.api_version else "api"
        return f"/{root}/{self.api_version}/{self.plural}"


DEPLOYMENT = Kind("Deployment", "apps/v1", "deployments")
STATEFUL_SET = Kind("StatefulSet", "apps/v1", "statefulsets")
DAEMON_SET = Kind("DaemonSet", "apps/v1", "daemonsets")
REPLICA_SET = Kind("ReplicaSet", "apps/v1", "replicasets")
POD = Kind("Pod", "v1", "pods")
JOB = Kind("Job", "batch/v1", "jobs")
CRON_JOB = Kind("CronJob", "batch/v1", "cronjobs")

KINDS = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, POD, JOB, CRON_JOB)
