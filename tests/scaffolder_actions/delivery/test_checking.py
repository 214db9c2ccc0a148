"""The check of the document in pipelines, with the real command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from foundation.settings import PlatformSettings
from scaffolder_actions.workload.delivery.checking import platform_environment
from scaffolder_actions.workload.delivery.steps import script
from tests.scaffolder_actions.delivery.conftest import Job
from tests.scaffolder_actions.delivery.test_deploying import deploy

DOCUMENT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata: { name: order-api, team: commerce }
spec:
  deployment: { replicas: { min: 2, max: 4 } }
"""
MakeJob = Callable[..., Job]


@pytest.fixture
def job(make_job: MakeJob) -> Job:
    """A job in a repository that holds the document beside what was rendered from it."""
    job = make_job(deployment={"replicas": {"min": 2, "max": 4}})
    job.pretend("pipx")
    job.pretend("greenroom", f'exec "{sys.executable}" -m greenroom "$@"')
    (job.root / "service.yaml").write_text(DOCUMENT)
    job.git("add", "service.yaml")
    job.git("commit", "--quiet", "--message", "Describe it")
    job.git("push", "--quiet", "origin", "HEAD:main")
    return job


def check(job: Job, **env: str) -> subprocess.CompletedProcess[str]:
    return job.run(script("check-document"), GREENROOM="greenroom==0.1.0", **env)


def test_what_was_rendered_from_the_document_passes(job: Job) -> None:
    """Also after a deployment, whose version stands; the command is installed as it is named."""
    assert check(job).returncode == 0
    assert job.called[0] == "pipx install --quiet greenroom==0.1.0"
    deploy(job)
    ran = check(job)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("service.yaml", "max: 4", "max: 8"),
        ("deploy/production/kubernetes/deployment.yaml", "runAsNonRoot: true", "runAsNonRoot: false"),
        (".github/workflows/delivery.yaml", "persist-credentials: false", "persist-credentials: true"),
    ],
)
def test_what_is_out_of_step_stops_the_change(job: Job, path: str, old: str, new: str) -> None:
    """The document alone, or what is made of it alone: both are shown, with the remedy."""
    file = job.root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    job.git("commit", "--quiet", "--all", "--message", "Change it")
    ran = check(job)
    assert ran.returncode == 1
    assert "Run: greenroom service render service.yaml -d ." in ran.stdout


def test_a_file_that_is_missing_or_too_many_is_seen(job: Job) -> None:
    """Neither is part of what git compares by itself."""
    (job.root / "deploy/staging/kubernetes/poddisruptionbudget.yaml").unlink()
    job.git("commit", "--quiet", "--all", "--message", "Take it away")
    assert "+kind: PodDisruptionBudget" in check(job).stdout
    job.git("reset", "--quiet", "--hard", "HEAD~1")
    job.git("clean", "--quiet", "--force", "-d")
    left = job.root / "deploy/staging/kubernetes/left.yaml"
    left.write_text((left.parent / "service.yaml").read_text())
    job.git("add", "--all")
    job.git("commit", "--quiet", "--message", "Leave something")
    assert "-kind: Service" in check(job).stdout


def test_a_wrong_document_says_what_is_wrong_with_it(job: Job) -> None:
    """With its place, as everywhere."""
    (job.root / "service.yaml").write_text(DOCUMENT.replace("max: 4", "max: 1"))
    ran = check(job)
    assert ran.returncode == 1
    assert "service.yaml:5:" in ran.stdout + ran.stderr


def test_it_renders_by_the_settings_of_the_platform(job: Job) -> None:
    """What the platform decided differently, the command is told by its environment."""
    ours = PlatformSettings(gateway_namespace="edge", secret_store="company")
    ran = check(job, **platform_environment(ours))
    assert ran.returncode == 1
    assert "+    namespace: edge" in ran.stdout
    assert "GREENROOM_PLATFORM_GATEWAY_NAMESPACE: edge" in ran.stdout
