"""The real scaffolder, running the golden path through durable runs in Python."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.running_platform import Platform, eventually

pytestmark = pytest.mark.contract


def test_the_scaffolder_lists_both_kinds_of_actions(platform: Platform) -> None:
    """Runs are registered in process, short actions come over the actions registry, none twice."""
    ids = [each["id"] for each in platform.backstage("scaffolder/v2/actions").json()]
    for wanted in (
        "greenroom:golden-path:render",
        "greenroom:service:apply",
        "platform:validate-service",
        "live:get-health",
    ):
        assert ids.count(wanted) == 1


def test_a_template_makes_a_service(platform: Platform, tmp_path: Path) -> None:
    """One task: repository, catalog entry, deployment; its log holds the lines of Python's runs."""
    task = start(platform, "invoice-api")
    done = finished(platform, task)
    assert done["status"] == "completed", events(platform, task)[-8:]
    links = {each["title"]: each for each in done["output"]["links"]}
    assert links
    text = "\n".join(events(platform, task))
    assert "Deployment" in text
    eventually(
        lambda: platform.backstage("catalog/entities/by-name/component/default/invoice-api").ok,
        "invoice-api in the catalog",
    )
    url = f"{platform.layout.ports.url('git')}/commerce/invoice-api.git"
    subprocess.run(["git", "clone", "-q", url, str(tmp_path / "clone")], check=True)
    assert (tmp_path / "clone" / "service.yaml").is_file()
    health = platform.client.get("live/v1/health/component/default/invoice-api")
    assert {each["name"]: each["status"] for each in health["environments"]}["staging"] == "Healthy"


@pytest.mark.parametrize(("part", "name"), [("server", "parcel-api"), ("portal", "letter-api")])
def test_what_is_killed_goes_on_and_repeats_nothing(platform: Platform, part: str, name: str) -> None:
    """Greenroom or Backstage is killed in mid-run; started again, the task completes, with one commit."""
    task = start(platform, name)
    eventually(lambda: any("Deployment" in line for line in events(platform, task)), "the deployment's log")
    platform.kill(part)
    platform.start(part)
    assert finished(platform, task)["status"] == "completed", events(platform, task)[-8:]
    repository = platform.layout.git / "commerce" / f"{name}.git"
    count = subprocess.run(
        ["git", "-C", str(repository), "rev-list", "--count", "main"], capture_output=True, check=True
    )
    assert count.stdout.strip() == b"1"
    runs = platform.client.get("platform/v1/runs", limit="200")["items"]
    published = [run for run in runs if run["input"].get("name") == name]
    assert [run["status"] for run in published] == ["succeeded"]


def test_a_wrong_answer_in_the_form_fails_with_the_reason(platform: Platform) -> None:
    """A value that carries template code is refused, and the task page says which."""
    task = start(platform, "evil-api", description="{{ cycler.__init__.__globals__.os.popen('id') }}")
    done = finished(platform, task)
    assert done["status"] in {"failed", "completed"}
    if done["status"] == "failed":
        assert any("description" in line for line in events(platform, task)), events(platform, task)[-8:]
    assert not any("uid=" in line for line in events(platform, task))


def start(platform: Platform, name: str, **values: str) -> str:
    """Start the golden path's task."""
    body = {
        "templateRef": "template:default/python-service",
        "values": {"name": name, "team": "commerce", "description": "Made by a test", **values},
    }
    eventually(
        lambda: platform.backstage("catalog/entities/by-name/template/default/python-service").ok, "the golden path"
    )
    answer = platform.backstage("scaffolder/v2/tasks", method="POST", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def finished(platform: Platform, task: str) -> dict[str, Any]:
    """The task once it has ended, with its output."""

    def look() -> dict[str, Any] | None:
        answer = platform.backstage(f"scaffolder/v2/tasks/{task}").json()
        return dict(answer) if answer["status"] in {"completed", "failed", "cancelled"} else None

    done = eventually(look, f"the end of task {task}", patience=120)
    for event in platform.backstage(f"scaffolder/v2/tasks/{task}/events").json():
        if event["type"] == "completion":
            done["output"] = event["body"].get("output", {})
    return done


def events(platform: Platform, task: str) -> list[str]:
    """The lines of the task's log so far."""
    return [
        str(event["body"].get("message", ""))
        for event in platform.backstage(f"scaffolder/v2/tasks/{task}/events").json()
    ]
