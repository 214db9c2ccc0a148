"""`greenroom actions` against a running platform: short actions and runs look the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.greenroom.cli.conftest import Greenroom


def test_every_listed_action_can_be_shown(greenroom: Greenroom) -> None:
    """Both kinds, each with its inputs and an example that is YAML."""
    listed = json.loads(greenroom("actions", "list", "--output", "json").stdout)
    assert {each["kind"] for each in listed} == {"run", "registry"}
    for each in listed:
        done = greenroom("actions", "show", each["id"])
        assert (done.returncode, done.stderr) == (0, "")
        assert each["id"] in done.stdout
        assert "required" in done.stdout or "optional" in done.stdout


def test_an_example_of_a_short_action_can_be_pasted(greenroom: Greenroom) -> None:
    """It is a template's step: the action and its input."""
    shown = greenroom("actions", "show", "live:get-health").stdout
    example = yaml.safe_load(shown[shown.index("action: ") :])
    assert example == {"action": "live:get-health", "input": {"entityRef": "component:default/order-api"}}


def test_a_short_action_answers_at_once(greenroom: Greenroom, examples: Path) -> None:
    """`@file` is a file's text; outputs are lines for people and one document for programs."""
    document = f"document=@{examples / 'order-api' / 'service.yaml'}"
    arguments = ("actions", "run", "platform:validate-service", "-i", document)
    assert "valid: true" in greenroom(*arguments).stdout
    assert json.loads(greenroom(*arguments, "-o", "json").stdout)["service"]["name"] == "order-api"


def test_a_run_tells_its_log_beside_its_outputs(greenroom: Greenroom, examples: Path) -> None:
    """A dry run on a folder: the log on standard error, the outputs alone on standard output."""
    workspace = ("--workspace", str(examples / "order-api"))
    done = greenroom(
        "actions", "run", "greenroom:service:apply", "-i", "environment=staging", *workspace, "--dry-run", "-o", "json"
    )
    assert json.loads(done.stdout)["status"] == "Planned"
    assert "staging: Deployment order-api" in done.stderr


def test_inputs_come_from_a_file_too(greenroom: Greenroom, tmp_path: Path) -> None:
    """YAML or JSON, and single inputs lie over it."""
    file = tmp_path / "inputs.yaml"
    file.write_text("entityRef: component:default/absent\n")
    arguments = ("actions", "run", "live:get-health", "--input-file", str(file))
    assert "There is no entity component:default/absent" in greenroom(*arguments).stderr
    assert "order-api" in greenroom(*arguments, "-i", "entityRef=order-api").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "platform:validate-servce"), 'Did you mean "platform:validate-service"?'),
        (("run", "platform:validate-service"), "'document' is a required property"),
        (("run", "platform:validate-service", "-i", "document"), '"document" is not NAME=VALUE.'),
        (("run", "platform:validate-service", "-i", "document={"), "document is not YAML."),
        (("run", "platform:validate-service", "-i", "document=@absent.yaml"), "absent.yaml cannot be read"),
        (("run", "platform:validate-service", "--input-file", "absent.yaml"), "absent.yaml cannot be read"),
        (("run", "greenroom:service:apply", "-i", "environment=staging"), "Add --workspace FOLDER."),
    ],
)
def test_wrong_input_is_one_sentence(greenroom: Greenroom, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 1, nothing on standard output, no stack trace."""
    done = greenroom("actions", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
