"""A place like a job's of GitHub: a checkout of a rendered repository, its remote, and programs that only take notes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from foundation.settings import PlatformSettings
from scaffolder_actions.workload import render_service
from tests.scaffolder_actions.delivery.pipelines import service

VERSION = "0.1.0"


@dataclass(frozen=True)
class Job:
    """`root` is the checkout, `remote` what it came from; `programs` are stand-ins, found ahead of real ones."""

    root: Path
    remote: Path
    programs: Path

    def run(self, text: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a script as a step with `shell: bash`."""
        given = {**self.environment, **env}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
        return subprocess.run(command, cwd=self.root, env=given, capture_output=True, text=True, check=False)

    def pretend(self, program: str, text: str = "") -> None:
        """Put a program in place that writes down how it was called, and then does `text`."""
        file = self.programs / program
        file.write_text(f'#!/bin/bash\necho "{program} $*" >> "{self.programs}/called"\n{text}\n')
        file.chmod(0o755)

    @property
    def called(self) -> list[str]:
        """How the stand-ins were called."""
        file = self.programs / "called"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def environment(self) -> Mapping[str, str]:
        """What GitHub sets for each step, as far as scripts read it."""
        temporary = self.root.parent / "temporary"
        temporary.mkdir(exist_ok=True)
        return {
            # What runs the tests may be make itself, and would be told of by the one that is run here.
            **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(temporary),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "RUNNER_TEMP": str(temporary),
            "RUNNER_ENVIRONMENT": "github-hosted",
            "GITHUB_OUTPUT": str(temporary / "output"),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "acme/order-api",
            "GITHUB_REPOSITORY_ID": "4711",
            "GITHUB_REPOSITORY_OWNER_ID": "42",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_WORKFLOW_REF": "acme/order-api/.github/workflows/delivery.yaml@refs/heads/main",
            "GITHUB_RUN_ID": "100",
            "GITHUB_RUN_ATTEMPT": "2",
        }

    def git(self, *command: str) -> str:
        """What git says in the checkout."""
        options = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
        ran = subprocess.run(
            ["git", *options, *command], cwd=self.root, env=self.environment, capture_output=True, text=True, check=True
        )
        return ran.stdout

    def on_remote(self, path: str, branch: str = "main") -> str:
        """The text of a file as it was pushed."""
        return subprocess.check_output(["git", "show", f"{branch}:{path}"], cwd=self.remote, text=True)


@pytest.fixture
def make_job(tmp_path: Path) -> Callable[..., Job]:
    """Makes a job in the repository of the service with these fields, with a stand-in for `gh`."""

    def make(**spec: object) -> Job:
        job = Job(tmp_path / "checkout", tmp_path / "remote.git", tmp_path / "programs")
        job.programs.mkdir()
        job.pretend("gh", '[[ "$*" != *"pr list"* ]] || cat "$(dirname "$0")/open" 2> /dev/null || echo 0')
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", job.remote], check=True)
        subprocess.run(["git", "clone", "--quiet", job.remote, job.root], check=True, capture_output=True)
        of = service(**spec)
        for path, file in render_service(of, dict.fromkeys(of.environments, VERSION), PlatformSettings()).items():
            target = job.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.text)
        job.git("add", "--all")
        job.git("commit", "--quiet", "--message", "Add order-api")
        job.git("push", "--quiet", "origin", "HEAD:main")
        return job

    return make
