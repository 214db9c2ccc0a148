"""Environments with what a golden path depends on, made once and kept, so that its project can be run for real."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from foundation.service import load_service
from foundation.settings import PlatformSettings
from greenroom import bootstrap
from scaffolder_actions.workload import compile_environment

HOME = Path(__file__).parents[3] / ".tools" / "golden-paths"


def python_for(project: Path) -> Path:
    """A Python that has what the project's pyproject.toml asks for, its tests included; the newest there is.

    Raises SetupError where it cannot be installed.
    """
    described = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*described["dependencies"], *described["optional-dependencies"]["test"]]
    home = HOME / hashlib.sha256(json.dumps([sys.version, wanted]).encode()).hexdigest()[:16]
    python = home / "bin" / "python"
    stamp = home / "complete"
    if not stamp.exists():
        shutil.rmtree(home, ignore_errors=True)
        bootstrap.run(sys.executable, "-m", "venv", str(home))
        index = bootstrap.index_of_pip(str(python))
        uv = Path(sys.executable).with_name("uv")
        bootstrap.run(str(uv), "pip", "install", "--quiet", "--python", str(python), *index, *wanted)
        stamp.touch()
    return python


def run(
    project: Path, command: Sequence[str], env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of the project's environment in its folder."""
    python = python_for(project)
    given = {
        **os.environ,
        **(env or {}),
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(command, cwd=project, env=given, capture_output=True, text=True, check=False)


def container_environment(project: Path, platform: PlatformSettings) -> dict[str, str]:
    """The variables that the project's container has in staging, but for those that come from a Secret."""
    service = load_service((project / "service.yaml").read_bytes(), "service.yaml", platform)
    objects = compile_environment(service, "staging", "0.1.0", platform).objects
    (workload,) = [cast("Any", each)["spec"] for each in objects if each["kind"] in {"Deployment", "CronJob"}]
    pods = workload["jobTemplate"]["spec"] if "jobTemplate" in workload else workload
    variables = pods["template"]["spec"]["containers"][0]["env"]
    return {each["name"]: each["value"] for each in variables if "value" in each}


def patient() -> requests.Session:
    """A client that asks again until there is a server, which takes a second or two to start."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=300, backoff_factor=0.1, backoff_max=0.2)))
    return session
