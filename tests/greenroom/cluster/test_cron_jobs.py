"""Schedules start Jobs in the cluster's time, which is 20:00 UTC of 22 November 2026 at the start."""

from __future__ import annotations

import pytest

from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.objects import Manifest, name_of
from greenroom.local.cluster.resources import CRON_JOBS, EVENTS, JOBS, PODS
from tests.greenroom.cluster.manifests import cron_job, job_spec
from tests.greenroom.cluster.simulation import Simulation

_HOUR = 3600


def _schedule(simulation: Simulation) -> Manifest:
    return simulation.get(CRON_JOBS, "nightly")


def _told(simulation: Simulation, reason: str) -> list[Manifest]:
    return [each for each in simulation.objects(EVENTS) if each["reason"] == reason]


def _slow() -> Manifest:
    """A Job that never ends: it waits for what nobody brings."""
    spec = job_spec()
    spec["template"]["spec"]["containers"][0]["envFrom"] = [{"secretRef": {"name": "missing"}}]
    return spec


def test_a_job_is_started_when_it_is_due(simulation: Simulation) -> None:
    """Not before; named by its minute, owned by the schedule, which says that it runs and when it last did."""
    simulation.create(CRON_JOBS, cron_job("30 20 * * *"))
    simulation.clock.advance(30 * 60 - 1)
    assert not simulation.objects(JOBS)
    simulation.clock.advance(2)
    (job,) = simulation.objects(JOBS)
    assert name_of(job) == "nightly-29922990"
    assert job["metadata"]["annotations"] == {
        "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-11-22T20:30:00+00:00"
    }
    status = _schedule(simulation)["status"]
    assert [each["name"] for each in status["active"]] == [name_of(job)]
    assert status["lastScheduleTime"] == "2026-11-22T20:30:00Z"
    simulation.clock.advance(30)
    status = _schedule(simulation)["status"]
    assert "active" not in status
    assert status["lastSuccessfulTime"] >= status["lastScheduleTime"]
    assert (
        _told(simulation, "SawCompletedJob")[0]["message"] == f"Saw completed job: {name_of(job)}, condition: Complete"
    )


def test_a_schedule_is_in_its_time_zone(simulation: Simulation) -> None:
    """21:30 in Berlin is 20:30 UTC in November."""
    simulation.create(CRON_JOBS, cron_job("30 21 * * *", timeZone="Europe/Berlin"))
    simulation.clock.advance(31 * 60)
    assert _schedule(simulation)["status"]["lastScheduleTime"] == "2026-11-22T20:30:00Z"


def test_a_suspended_schedule_starts_nothing(simulation: Simulation) -> None:
    """And catches up with the latest run when it goes on, as Kubernetes does."""
    simulation.create(CRON_JOBS, cron_job("0 * * * *", suspend=True))
    simulation.clock.advance(5 * _HOUR + 60)
    assert not simulation.objects(JOBS)
    simulation.patch(CRON_JOBS, "nightly", {"spec": {"suspend": False}})
    simulation.clock.advance(1)
    assert _schedule(simulation)["status"]["lastScheduleTime"] == "2026-11-23T01:00:00Z"


@pytest.mark.parametrize(("policy", "jobs"), [("Allow", 3), ("Forbid", 1), ("Replace", 1)])
def test_what_happens_while_another_run_goes_on(simulation: Simulation, policy: str, jobs: int) -> None:
    """They go on side by side, the new one is put off, or the old one is ended."""
    simulation.create(CRON_JOBS, cron_job("0 * * * *", _slow(), concurrencyPolicy=policy))
    simulation.clock.advance(3 * _HOUR + 60)
    started = simulation.objects(JOBS)
    assert len(started) == jobs
    assert len(_schedule(simulation)["status"]["active"]) == jobs
    last = {"Forbid": "2026-11-22T21:00:00Z"}.get(policy, "2026-11-22T23:00:00Z")
    assert _schedule(simulation)["status"]["lastScheduleTime"] == last
    assert len(_told(simulation, "JobAlreadyActive")) == (1 if policy == "Forbid" else 0)


def test_a_run_that_was_put_off_is_started_when_the_other_ends(simulation: Simulation) -> None:
    """The latest of those that were."""
    simulation.create(CRON_JOBS, cron_job("0 * * * *", _slow(), concurrencyPolicy="Forbid"))
    simulation.clock.advance(3 * _HOUR + 60)
    simulation.delete(JOBS, name_of(simulation.objects(JOBS)[0]))
    simulation.clock.advance(5)
    assert _schedule(simulation)["status"]["lastScheduleTime"] == "2026-11-22T23:00:00Z"


def test_old_jobs_are_removed_as_far_as_asked(simulation: Simulation) -> None:
    """Three that succeeded and one that failed by default, the latest of them, with their pods."""
    simulation.create(CRON_JOBS, cron_job("0 * * * *"))
    simulation.cluster.break_("nightly", "crash")
    simulation.clock.advance(2 * _HOUR + 60)
    simulation.cluster.heal("nightly")
    simulation.clock.advance(5 * _HOUR)
    ended = [job["status"]["conditions"][-1]["type"] for job in simulation.objects(JOBS)]
    assert sorted(ended) == ["Complete", "Complete", "Complete", "Failed"]
    assert len(simulation.objects(PODS)) == 4


def test_a_start_that_is_too_late_is_missed(simulation: Simulation) -> None:
    """By `startingDeadlineSeconds`; it is told once."""
    manifest = cron_job("0 * * * *", _slow(), concurrencyPolicy="Forbid", startingDeadlineSeconds=60)
    simulation.create(CRON_JOBS, manifest)
    simulation.clock.advance(2 * _HOUR + 600)
    simulation.delete(JOBS, name_of(simulation.objects(JOBS)[0]))
    simulation.clock.advance(600)
    assert not simulation.objects(JOBS)
    (missed,) = _told(simulation, "MissSchedule")
    assert missed["message"] == "Missed scheduled time to start a job: Sun, 22 Nov 2026 22:00:00 +0000"
    assert missed["count"] == 1


def test_a_restart_makes_up_for_the_latest_run(simulation: Simulation) -> None:
    """The one that was missed while nothing ran, and none of those before it."""
    simulation.create(CRON_JOBS, cron_job("0 * * * *", concurrencyPolicy="Forbid"))
    simulation.clock.advance(60)
    simulation.restart(after=5 * _HOUR)
    simulation.clock.advance(30)
    assert len(simulation.objects(JOBS)) == 1
    assert _schedule(simulation)["status"]["lastScheduleTime"] == "2026-11-23T01:00:00Z"


def test_a_new_schedule_does_not_catch_up(simulation: Simulation) -> None:
    """What it would have started earlier today was never due."""
    simulation.create(CRON_JOBS, cron_job("0 3 * * *"))
    simulation.clock.advance(_HOUR)
    simulation.patch(CRON_JOBS, "nightly", {"spec": {"schedule": "30 20 * * *"}})
    simulation.clock.advance(_HOUR)
    assert not simulation.objects(JOBS)
    simulation.clock.advance(24 * _HOUR)
    assert _schedule(simulation)["status"]["lastScheduleTime"] == "2026-11-23T20:30:00Z"


def test_a_deleted_schedule_takes_its_jobs_along(simulation: Simulation) -> None:
    """And starts nothing any more."""
    simulation.create(CRON_JOBS, cron_job("* * * * *"))
    simulation.clock.advance(70)
    simulation.delete(CRON_JOBS, "nightly")
    simulation.clock.advance(_HOUR)
    assert not simulation.objects(JOBS)
    assert not simulation.pods()


def test_a_schedule_at_rest_changes_nothing(simulation: Simulation) -> None:
    """Looking at the calendar is not writing."""
    simulation.create(CRON_JOBS, cron_job("0 3 1 1 *"))
    simulation.clock.advance(1)
    before = simulation.cluster.store.version
    simulation.clock.advance(6 * _HOUR)
    assert simulation.cluster.store.version == before


def test_a_template_that_makes_no_job_is_told(simulation: Simulation) -> None:
    """Once for each run; when it is mended, the latest run is made up for."""
    manifest = cron_job("0 * * * *")
    manifest["spec"]["jobTemplate"]["metadata"] = {"labels": {"team": "no label!"}}
    simulation.create(CRON_JOBS, manifest)
    simulation.clock.advance(_HOUR + 600)
    (told,) = _told(simulation, "FailedCreate")
    assert told["message"].startswith('Error creating job: Job.batch "nightly-29923020" is invalid: metadata.labels')
    assert told["count"] == 1
    simulation.patch(CRON_JOBS, "nightly", {"spec": {"jobTemplate": {"metadata": {"labels": {"team": "commerce"}}}}})
    simulation.clock.advance(1)
    assert len(simulation.objects(JOBS)) == 1


def test_a_job_of_somebody_else_is_left_alone(simulation: Simulation) -> None:
    """It has the name that the run would have had."""
    simulation.create(JOBS, {"metadata": {"name": "nightly-29923020"}, "spec": job_spec()})
    simulation.create(CRON_JOBS, cron_job("0 * * * *"))
    simulation.clock.advance(_HOUR + 60)
    assert "active" not in _schedule(simulation)["status"]


def test_a_schedule_that_never_comes_is_no_trouble(simulation: Simulation) -> None:
    """The thirty-first of February."""
    simulation.create(CRON_JOBS, cron_job("0 0 31 2 *"))
    simulation.clock.advance(48 * _HOUR)
    assert not simulation.objects(JOBS)


def test_wrong_schedules_are_refused(simulation: Simulation) -> None:
    """With every cause at once."""
    job = job_spec(backoffLimit=-1)
    job["template"]["spec"]["restartPolicy"] = "Always"
    wrong = cron_job("every night", job, timeZone="Europe/Atlantis", concurrencyPolicy="Maybe")
    wrong["metadata"]["name"] = "n" * 53
    with pytest.raises(StatusError) as caught:
        simulation.create(CRON_JOBS, wrong)
    assert [each["field"] for each in caught.value.body()["details"]["causes"]] == [
        "metadata.name",
        "spec.schedule",
        "spec.timeZone",
        "spec.concurrencyPolicy",
        "spec.jobTemplate.spec.template.spec.restartPolicy",
        "spec.jobTemplate.spec.backoffLimit",
    ]


def test_a_schedule_has_no_rollout_to_break(simulation: Simulation) -> None:
    """Its runs can crash, its image be missing; `stuck` means nothing for it."""
    simulation.create(CRON_JOBS, cron_job())
    with pytest.raises(StatusError, match="which a schedule has none of"):
        simulation.cluster.break_("nightly", "stuck")
