"""Deployment and promotion through Git: the scripts, run on real repositories."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from foundation.settings import PlatformSettings
from scaffolder_actions.workload import render_service
from scaffolder_actions.workload.delivery.steps import script
from tests.scaffolder_actions.delivery.conftest import VERSION, Job
from tests.scaffolder_actions.delivery.pipelines import service

TAG = "12e456789012"
DIGEST = "sha256:" + "1a" * 32
STAGING = "deploy/staging/kubernetes/kustomization.yaml"
PRODUCTION = "deploy/production/kubernetes/kustomization.yaml"
IMAGE = "registry.localhost/commerce/order-api"

MakeJob = Callable[..., Job]


def deploy(job: Job, tag: str = TAG, digest: str = DIGEST) -> None:
    ran = job.run(
        script("deploy"), SERVICE="order-api", ENVIRONMENT="staging", IMAGE=IMAGE, TAG=tag, DIGEST=digest, GH_TOKEN="t"
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def promote(job: Job) -> str:
    # As each job does, from a checkout of its own.
    job.git("fetch", "--quiet", "origin", "main")
    job.git("checkout", "--quiet", "--force", "--detach", "FETCH_HEAD")
    ran = job.run(script("promote"), SERVICE="order-api", SOURCE="staging", TARGET="production", GH_TOKEN="t")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def rendered(environment: str, version: str) -> str:
    path = f"deploy/{environment}/kubernetes/kustomization.yaml"
    return render_service(service(), {environment: version}, PlatformSettings())[path].text


def test_deploying_commits_what_rendering_would_write(make_job: MakeJob) -> None:
    """Byte by byte, so that what is deployed is never out of step with the document; a tag that reads as a number too."""
    job = make_job()
    deploy(job)
    assert job.on_remote(STAGING) == rendered("staging", f"{TAG}@{DIGEST}")
    assert job.on_remote(PRODUCTION) == rendered("production", VERSION)
    assert job.git("log", "-1", "--format=%an: %s").strip() == f"github-actions[bot]: Deploy order-api {TAG} to staging"


def test_a_second_deployment_replaces_the_first(make_job: MakeJob) -> None:
    """Its lines are exchanged, not added to; and to deploy what runs changes nothing."""
    job = make_job()
    deploy(job)
    deploy(job, "0123456789ab", "sha256:" + "2b" * 32)
    assert job.on_remote(STAGING) == rendered("staging", f"0123456789ab@sha256:{'2b' * 32}")
    before = job.git("rev-parse", "origin/main", "HEAD")
    deploy(job, "0123456789ab", "sha256:" + "2b" * 32)
    assert job.git("rev-parse", "origin/main", "HEAD") == before


def test_deploys_on_top_of_what_others_pushed_meanwhile(make_job: MakeJob) -> None:
    """The job's checkout is minutes old by then."""
    job = make_job()
    behind = job.git("rev-parse", "HEAD").strip()
    (job.root / "README.md").write_text("Orders\n")
    job.git("add", "README.md")
    job.git("commit", "--quiet", "--message", "Say what it is")
    job.git("push", "--quiet", "origin", "HEAD:main")
    job.git("reset", "--quiet", "--hard", behind)
    deploy(job)
    assert job.on_remote("README.md") == "Orders\n"
    assert DIGEST in job.on_remote(STAGING)


def test_says_so_where_a_rule_forbids_the_push(make_job: MakeJob) -> None:
    """After three tries, and with what to look at."""
    job = make_job()
    hook = job.remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    env = {"SERVICE": "order-api", "ENVIRONMENT": "staging", "IMAGE": IMAGE, "TAG": TAG, "DIGEST": DIGEST}
    ran = job.run(script("deploy"), **env)
    assert ran.returncode == 1
    assert "::error::The version cannot be pushed to main." in ran.stdout


def test_production_gets_the_bytes_that_staging_runs(make_job: MakeJob) -> None:
    """On a branch, by a pull request, with nothing else in it."""
    job = make_job()
    deploy(job)
    promote(job)
    assert job.on_remote(PRODUCTION, "promote/production") == rendered("production", f"{TAG}@{DIGEST}")
    assert job.git("diff", "--name-only", "main@{upstream}", "HEAD").split() == [PRODUCTION]
    (created,) = [line for line in job.called if line.startswith("gh pr create")]
    assert f"--base main --head promote/production --title Promote order-api {TAG} to production" in created
    assert DIGEST not in job.on_remote(PRODUCTION)


def test_a_proposal_that_stands_is_left_alone(make_job: MakeJob) -> None:
    """Pushed again it would lose its approvals."""
    job = make_job()
    deploy(job)
    promote(job)
    before = job.git("ls-remote", "origin", "promote/production")
    assert f"{TAG} is proposed for production already." in promote(job)
    assert job.git("ls-remote", "origin", "promote/production") == before


def test_a_newer_version_takes_the_place_of_an_open_proposal(make_job: MakeJob) -> None:
    """There is one pull request for an environment, with the newest version in it."""
    job = make_job()
    deploy(job)
    promote(job)
    (job.programs / "open").write_text("1")
    deploy(job, "0123456789ab", "sha256:" + "2b" * 32)
    promote(job)
    assert job.on_remote(PRODUCTION, "promote/production") == rendered("production", f"0123456789ab@sha256:{'2b' * 32}")
    assert any(
        line.startswith("gh pr edit promote/production --title Promote order-api 0123456789ab") for line in job.called
    )


@pytest.mark.parametrize("merged", [False, True])
def test_nothing_is_promoted_that_was_not_built_or_runs_already(make_job: MakeJob, *, merged: bool) -> None:
    """The version that golden paths begin with was never built; and a merged proposal is done."""
    job = make_job()
    if merged:
        deploy(job)
        promote(job)
        job.git("push", "--quiet", "origin", "HEAD:main")
    said = promote(job)
    assert ("production runs" if merged else "staging runs nothing that was built here yet.") in said
    assert len([line for line in job.called if line.startswith("gh pr create")]) == int(merged)


def test_what_runs_is_scanned_by_its_digest(make_job: MakeJob) -> None:
    """The weekly scan looks at the image of each environment, where there is one."""
    job = make_job()
    job.pretend("grype")
    env = {"IMAGE": IMAGE, "GRYPE": str(job.programs / "grype")}
    assert "staging runs nothing" in job.run(script("scan-deployed"), ENVIRONMENT="staging", **env).stdout
    deploy(job)
    assert job.run(script("scan-deployed"), ENVIRONMENT="staging", **env).returncode == 0
    assert job.called[-1] == f"grype registry:{IMAGE}@{DIGEST} --only-fixed --fail-on high"
