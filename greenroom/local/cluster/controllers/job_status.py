"""How a job ends, in the words of the job controller (pkg/controller/job): pure functions."""

from __future__ import annotations

from greenroom.local.cluster.objects import Manifest


def finished_condition(job: Manifest) -> Manifest | None:
    """The condition that says that a job is over, well or not."""
    conditions = job.get("status", {}).get("conditions") or []
    return next((each for each in conditions if each["type"] in {"Complete", "Failed"}), None)


def job_conditions(job: Manifest, failure: tuple[str, str] | None, *, done: bool) -> list[tuple[str, str, str]]:
    """(type, reason, message) of each condition; the last one tells how the job is."""
    if failure is not None:
        return [(kind, *failure) for kind in ("FailureTarget", "Failed")]
    if done:
        said = ("CompletionsReached", "Reached expected number of succeeded pods")
        return [(kind, *said) for kind in ("SuccessCriteriaMet", "Complete")]
    return [("Suspended", "JobSuspended", "Job suspended")] if job["spec"].get("suspend") else []
