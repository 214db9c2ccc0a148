"""The CronJob of a service that runs by a schedule."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Schedule
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.pods import ending_pod

# Seconds in which a run that was missed is made up for, as after an outage of the control plane: a daily run is not
# lost. A hundred missed runs would stop the schedule for good, and within an hour there are sixty at most.
LATEST_START = 3600
# Runs that stay to be looked at, each with its pods and their logs.
SUCCESSES, FAILURES = 3, 3
# Seconds after which an ended run goes all the same. What failed on Friday is there on Monday, and on the Monday after.
KEPT = 10 * 24 * 3600


def cron_job(workload: Workload, schedule: Schedule) -> JsonObject:
    """The CronJob. A pod that a node's drain takes away is started again without counting as a try."""
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": workload.metadata(),
        "spec": {
            "schedule": schedule.cron,
            "timeZone": schedule.time_zone,
            "concurrencyPolicy": schedule.concurrency.capitalize(),
            "startingDeadlineSeconds": LATEST_START,
            "successfulJobsHistoryLimit": SUCCESSES,
            "failedJobsHistoryLimit": FAILURES,
            "jobTemplate": {
                "metadata": {"labels": workload.labels()},
                "spec": {
                    "activeDeadlineSeconds": schedule.deadline_minutes * 60,
                    "backoffLimit": schedule.retries,
                    "ttlSecondsAfterFinished": KEPT,
                    "podFailurePolicy": {
                        "rules": [
                            {
                                "action": "Ignore",
                                "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                            }
                        ]
                    },
                    "template": ending_pod(workload),
                },
            },
        },
    }
