"""Jobs are tried again, given up, and cleared away."""

from __future__ import annotations

from typing import Any

from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import CRON_JOBS, EVENTS, JOBS, PODS
from tests.greenroom.cluster.manifests import cron_job, job_spec
from tests.greenroom.cluster.simulation import Simulation, condition


def _job(simulation: Simulation, **spec: Any) -> None:
    """A Job of the schedule `nightly`, as a person starts one, so that it can be broken."""
    schedule = simulation.create(CRON_JOBS, cron_job("0 0 1 1 *"))
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": schedule["metadata"]["uid"]}
    metadata = {"name": "nightly-1", "ownerReferences": [{**owner, "controller": True}]}
    simulation.create(JOBS, {"metadata": metadata, "spec": job_spec(**spec)})


def _get(simulation: Simulation) -> Manifest:
    return simulation.get(JOBS, "nightly-1")


def test_a_job_that_fails_is_tried_again_and_given_up(simulation: Simulation) -> None:
    """So often as `backoffLimit` says, with the kubelet's pauses; then Failed, and told so."""
    _job(simulation, backoffLimit=2)
    simulation.cluster.break_("nightly", "crash")
    simulation.clock.advance(9)
    assert _get(simulation)["status"]["failed"] == 1
    simulation.clock.advance(4)
    assert len(simulation.pods()) == 2
    simulation.clock.advance(60)
    job = _get(simulation)
    assert job["status"]["failed"] == 3
    assert condition(job, "Failed") == ("True", "BackoffLimitExceeded")
    assert {pod["status"]["phase"] for pod in simulation.pods()} == {"Failed"}
    assert any(each["reason"] == "BackoffLimitExceeded" for each in simulation.objects(EVENTS))


def test_a_job_that_is_healed_completes(simulation: Simulation) -> None:
    """The failures of before stay counted."""
    _job(simulation, backoffLimit=6)
    simulation.cluster.break_("nightly", "oom")
    simulation.clock.advance(5)
    simulation.cluster.heal("nightly")
    simulation.clock.advance(30)
    job = _get(simulation)
    assert condition(job, "Complete") == ("True", "CompletionsReached")
    assert (job["status"]["failed"], job["status"]["succeeded"]) == (1, 1)


def test_containers_that_are_restarted_in_place_count_as_tries(simulation: Simulation) -> None:
    """With restartPolicy OnFailure there is one pod, which is ended at last."""
    spec = job_spec(backoffLimit=2)
    spec["template"]["spec"]["restartPolicy"] = "OnFailure"
    _job(simulation, **spec)
    simulation.cluster.break_("nightly", "crash")
    simulation.clock.advance(120)
    assert condition(_get(simulation), "Failed") == ("True", "BackoffLimitExceeded")
    assert not simulation.pods()


def test_a_job_that_takes_too_long_is_ended(simulation: Simulation) -> None:
    """After `activeDeadlineSeconds`, whatever its pods wait for."""
    spec = job_spec(activeDeadlineSeconds=30)
    spec["template"]["spec"]["containers"][0]["envFrom"] = [{"secretRef": {"name": "missing"}}]
    _job(simulation, **spec)
    simulation.clock.advance(29)
    assert _get(simulation)["status"]["active"] == 1
    simulation.clock.advance(3)
    assert condition(_get(simulation), "Failed") == ("True", "DeadlineExceeded")
    assert not simulation.objects(PODS)


def test_a_finished_job_goes_when_it_asked_for_that(simulation: Simulation) -> None:
    """After `ttlSecondsAfterFinished`, with its pods."""
    _job(simulation, ttlSecondsAfterFinished=60)
    simulation.clock.advance(30)
    assert condition(_get(simulation), "Complete")[0] == "True"
    simulation.clock.advance(60)
    assert not simulation.objects(JOBS)
    assert not simulation.pods()


def test_a_suspended_job_waits(simulation: Simulation) -> None:
    """It has no pods until it may go on, and changes nothing meanwhile."""
    _job(simulation, suspend=True)
    simulation.clock.advance(5)
    assert condition(_get(simulation), "Suspended") == ("True", "JobSuspended")
    before = simulation.cluster.store.version
    simulation.clock.advance(3600)
    assert (simulation.pods(), simulation.cluster.store.version) == ([], before)
    simulation.patch(JOBS, "nightly-1", {"spec": {"suspend": False}})
    simulation.clock.advance(10)
    assert condition(_get(simulation), "Complete")[0] == "True"
