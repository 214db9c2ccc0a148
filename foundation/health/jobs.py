"""The rule for a Job (Argo CD: gitops-engine/pkg/health/health_job.go)."""

from __future__ import annotations

from foundation.health.conditions import condition_of, terminating
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import moment_at, number_at, text_at
from foundation.jsontypes import JsonObject

# Kubernetes' reasons for giving up (kubernetes/pkg/apis/batch/types.go), in words.
_GIVEN_UP = {
    "BackoffLimitExceeded": "too many attempts failed",
    "DeadlineExceeded": "it took longer than allowed",
    "PodFailurePolicy": "a pod failed in a way that is not tried again",
    "FailedIndexes": "too many of its parts failed",
    "MaxFailedIndexesExceeded": "too many of its parts failed",
}


def judge_job(item: JsonObject) -> Verdict:
    """Failed, suspended, complete or running."""
    early = terminating(item)
    if early:
        return early
    for kind, status in (("Failed", Status.DEGRADED), ("Suspended", Status.SUSPENDED), ("Complete", Status.HEALTHY)):
        condition = condition_of(item, kind)
        if condition.get("status") == "True":
            reason = text_at(condition, "reason")
            since = moment_at(condition, "lastTransitionTime")
            return Verdict(
                status, _sentence(kind, reason, condition), None if kind == "Complete" else reason or kind, since
            )
    wanted, done = number_at(item, "spec", "completions", default=1), number_at(item, "status", "succeeded")
    failed = number_at(item, "status", "failed")
    attempts = f", {failed} attempt{'' if failed == 1 else 's'} failed" if failed else ""
    since = moment_at(item, "status", "startTime")
    return Verdict(Status.PROGRESSING, f"Job runs: {done} of {wanted} done{attempts}", "Running", since)


def _sentence(kind: str, reason: str, condition: JsonObject) -> str:
    if kind == "Complete":
        return "Job has completed"
    if kind == "Suspended":
        return "Job is suspended"
    return f"Job failed: {_GIVEN_UP.get(reason) or text_at(condition, 'message') or reason or 'no reason is given'}"
