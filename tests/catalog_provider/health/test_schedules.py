from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog_provider.health import assess
from foundation.health.rulebook import load_rulebook
from foundation.health.schedules import judge_cron_job
from tests.catalog_provider.health.builders import view
from tests.catalog_provider.health.test_assess import judged, service
from tests.foundation.health.objects import NOW, Item, ago, condition, ended, metadata, pod, template, waiting

_TABLE = """
project: Ours
rules:
  - {group: batch, kinds: [CronJob], otherwise: {status: Healthy, message: a failed night is nothing}}
"""
_SCRIPT = "return {status = 'Healthy', message = 'a failed night is nothing'}"
_NEXT = "next run 2026-01-02 03:15 UTC"


def cron_job(schedule: str = "15 3 * * *", *, suspend: bool = False, zone: str = "", **status: Any) -> Item:
    """A schedule, at noon of the first of January."""
    spec = {"schedule": schedule, "suspend": suspend, "jobTemplate": {"spec": {"template": template("nightly:1.4.2")}}}
    if zone:
        spec["timeZone"] = zone
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata("nightly"),
        "spec": spec,
        "status": status,
    }


def run(hours: int, outcome: str = "", reason: str = "", **status: Any) -> Item:
    """A run that was started so many hours ago, and is over where it has an outcome."""
    conditions = [condition(outcome, "True", reason, since=ago(minutes=10))] if outcome else []
    owner = {"kind": "CronJob", "metadata": metadata("nightly")}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(f"nightly-{hours}", owner, creationTimestamp=ago(hours=hours)),
        "spec": {"template": template("nightly:1.4.2")},
        "status": {"startTime": ago(hours=hours), "conditions": conditions, **status},
    }


_WELL: dict[str, Any] = {"lastScheduleTime": ago(hours=9), "lastSuccessfulTime": ago(hours=8)}


@pytest.mark.parametrize(
    ("item", "runs", "status", "reason", "message"),
    [
        (cron_job(), [], "Healthy", None, f"It has not run yet; {_NEXT}"),
        (
            cron_job("0 2 * * *", zone="Europe/Berlin"),
            [],
            "Healthy",
            None,
            "It has not run yet; next run 2026-01-02 01:00 UTC",
        ),
        (cron_job("0 0 31 2 *"), [], "Healthy", None, "It has not run yet; its schedule is never due"),
        (cron_job(zone="Europe/Atlantis"), [], "Healthy", None, "It has not run yet; its schedule is never due"),
        (cron_job(**_WELL), [run(9, "Complete")], "Healthy", None, f"The last run has succeeded; {_NEXT}"),
        # Its Job has been cleared away.
        (cron_job(**_WELL), [], "Healthy", None, f"The last run has succeeded; {_NEXT}"),
        (cron_job(suspend=True, **_WELL), [run(9, "Failed")], "Suspended", "Suspended", "Suspended: no run is started"),
        (cron_job(active=[{}]), [run(1)], "Healthy", None, "It has not run yet; a run is under way"),
        (
            cron_job(active=[{}, {}], **_WELL),
            [run(1), run(2)],
            "Healthy",
            None,
            "The last run has succeeded; 2 runs are under way",
        ),
        (
            cron_job(**_WELL),
            [run(30, "Complete"), run(9, "Failed", "BackoffLimitExceeded")],
            "Degraded",
            "BackoffLimitExceeded",
            f"The last run failed: too many attempts failed; {_NEXT}",
        ),
        # The failure of before stands until another run has ended.
        (
            cron_job(active=[{}], **_WELL),
            [run(9, "Failed", "DeadlineExceeded"), run(1)],
            "Degraded",
            "DeadlineExceeded",
            "The last run failed: it took longer than allowed; a run is under way",
        ),
        (
            cron_job(**_WELL),
            [run(30, "Failed"), run(9, "Complete")],
            "Healthy",
            None,
            f"The last run has succeeded; {_NEXT}",
        ),
        # As Argo CD sees it where the Job is gone: the last start is later than the last success.
        (
            cron_job(lastScheduleTime=ago(hours=9), lastSuccessfulTime=ago(hours=33)),
            [run(33, "Complete")],
            "Degraded",
            "RunLost",
            f"The last run did not succeed, and is gone; {_NEXT}",
        ),
    ],
)
def test_the_rule_for_a_schedule(item: Item, runs: list[Item], status: str, reason: str | None, message: str) -> None:
    """Suspended, failed the last time, or well; with what comes next."""
    verdict = judge_cron_job(item, runs, NOW)
    assert (verdict.status, verdict.reason, verdict.message) == (status, reason, message)


def test_a_schedule_that_is_going_says_so() -> None:
    """As every kind does."""
    item = cron_job()
    item["metadata"]["deletionTimestamp"] = ago(minutes=1)
    assert judge_cron_job(item, [], NOW).status == "Progressing"


def test_a_service_that_is_a_schedule_is_one_workload() -> None:
    """With its runs behind it, the pods of all of them, and the version of the next one."""
    done, now = run(9, "Complete"), run(1, active=1, ready=1)
    pods = [
        pod("nightly-9-x", phase="Succeeded", owner=done, restart_policy="Never"),
        pod("nightly-1-x", owner=now, restart_policy="Never"),
    ]
    schedule = cron_job(active=[{}], **_WELL)
    health = judged(assess("nightly", ["production"], [view(schedule, done, now, *pods)], NOW))
    (environment,) = health.environments
    assert [(each.kind, each.name) for each in environment.workloads] == [("CronJob", "nightly")]
    assert (health.verdict.status, health.verdict.message) == (
        "Healthy",
        "The last run has succeeded; a run is under way",
    )
    assert (environment.version, environment.ready, environment.desired) == ("1.4.2", 1, 1)
    assert [each.name for each in environment.workloads[0].pods] == ["nightly-1-x", "nightly-9-x"]


def test_a_run_in_trouble_is_trouble_now() -> None:
    """What keeps its pod from running is said before the run has failed of it."""
    now = run(1, active=1)
    stuck = pod("nightly-1-x", waiting("CreateContainerConfigError", 'secret "nightly" not found'), owner=now)
    health = judged(assess("nightly", [], [view(cron_job(active=[{}], **_WELL), now, stuck)], NOW))
    assert (health.verdict.status, health.verdict.reason) == ("Degraded", "CreateContainerConfigError")
    assert 'secret "nightly" not found' in health.verdict.message


def test_pods_of_runs_that_are_over_count_for_nothing() -> None:
    """The pod of a failed run stays, so that it can be looked at; the run after it was well."""
    failed, done = run(30, "Failed"), run(9, "Complete")
    left = pod("nightly-30-x", waiting("Error", last=ended(1)), phase="Failed", owner=failed)
    health = judged(assess("nightly", [], [view(cron_job(**_WELL), failed, done, left)], NOW))
    assert health.verdict.status == "Healthy"


def test_a_schedule_beside_a_service_is_no_server() -> None:
    """Version and pods of the service are those of its deployment; a failed run makes it Degraded all the same."""
    objects = [*service(), cron_job(), run(9, "Failed", "BackoffLimitExceeded")]
    health = judged(assess("order-api", [], [view(*objects)], NOW))
    (environment,) = health.environments
    assert (environment.version, environment.ready, environment.desired) == ("1.2.0", 1, 1)
    assert health.verdict.message.startswith("nightly: The last run failed: too many attempts failed")


def test_what_a_deleted_schedule_leaves_behind_is_not_the_service() -> None:
    """Its runs follow it."""
    health = judged(assess("nightly", ["production"], [view(run(9, "Failed"))], NOW))
    assert health.verdict.status == "Missing"


@pytest.mark.parametrize(("suffix", "text"), [("rules", _TABLE), ("scripts", _SCRIPT)])
def test_a_teams_rule_for_schedules_is_heard(tmp_path: Path, suffix: str, text: str) -> None:
    """As a table and as a script; the pods of its runs are counted all the same."""
    if suffix == "rules":
        (tmp_path / "ours.yaml").write_text(text)
        rules = load_rulebook(tmp_path)
    else:
        (tmp_path / "batch" / "CronJob").mkdir(parents=True)
        (tmp_path / "batch" / "CronJob" / "health.lua").write_text(text)
        rules = load_rulebook(scripts=tmp_path)
    schedule, now = cron_job(active=[{}], **_WELL), run(1, active=2, ready=1)
    health = judged(assess("nightly", [], [view(schedule, run(9, "Failed"), now)], NOW, rules))
    (workload,) = health.environments[0].workloads
    assert (workload.verdict.status, workload.verdict.message) == ("Healthy", "a failed night is nothing")
    assert (workload.ready, workload.desired) == (1, 2)
