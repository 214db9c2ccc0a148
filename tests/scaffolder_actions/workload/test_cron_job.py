"""What runs by a schedule."""

from __future__ import annotations

import pytest

from tests.scaffolder_actions.workload.compiled import Data, by_kind, job, pod_of


def spec_of(**schedule: object) -> Data:
    found: Data = by_kind(job(**schedule))["CronJob"]["spec"]
    return found


def test_it_runs_when_the_document_says() -> None:
    """In the time zone of the document."""
    found = spec_of(cron="*/5 8-18 * * 1-5", timeZone="Europe/Berlin")
    assert (found["schedule"], found["timeZone"]) == ("*/5 8-18 * * 1-5", "Europe/Berlin")
    assert spec_of()["timeZone"] == "Etc/UTC"


@pytest.mark.parametrize(
    ("concurrency", "expected"), [("forbid", "Forbid"), ("replace", "Replace"), ("allow", "Allow")]
)
def test_what_happens_when_a_run_is_due_while_another_goes_on(concurrency: str, expected: str) -> None:
    """In Kubernetes' words."""
    assert spec_of(concurrency=concurrency)["concurrencyPolicy"] == expected


def test_a_run_ends_in_time_and_is_tried_again_as_often_as_is_said() -> None:
    """The deadline holds for all tries together."""
    found = spec_of(deadlineMinutes=30, retries=5)["jobTemplate"]["spec"]
    assert (found["activeDeadlineSeconds"], found["backoffLimit"]) == (1800, 5)


def test_a_node_that_goes_costs_no_try() -> None:
    """What the platform takes away is not the job's failure."""
    rules = spec_of()["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
    assert rules == [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}]
    assert pod_of(by_kind(job()))["spec"]["restartPolicy"] == "Never"


def test_a_run_that_was_missed_is_made_up_for_within_an_hour() -> None:
    """A hundred missed runs would stop the schedule for good, and there are sixty in an hour at most."""
    assert spec_of(cron="* * * * *")["startingDeadlineSeconds"] == 3600


def test_what_has_ended_goes_after_a_while() -> None:
    """The last runs stay to be looked at, for ten days at most."""
    found = spec_of()
    assert (found["successfulJobsHistoryLimit"], found["failedJobsHistoryLimit"]) == (3, 3)
    assert found["jobTemplate"]["spec"]["ttlSecondsAfterFinished"] == 864_000
