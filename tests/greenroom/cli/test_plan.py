"""`greenroom service plan` against a running platform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.greenroom.cli.conftest import Greenroom

NEW = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: almanac-api
  team: commerce
spec:
  environments: [staging]
"""


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The document of a service that stands nowhere, and that no other test makes."""
    file = tmp_path / "service.yaml"
    file.write_text(NEW)
    return file


def test_a_new_service_is_all_changes(greenroom: Greenroom, new: Path) -> None:
    """Exit code 2, a table of what would be made, and nothing is made by it."""
    done = greenroom("service", "plan", str(new))
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("staging\n")
    assert "  + Deployment/almanac-api" in done.stdout
    assert "files below deploy/staging/kubernetes" in done.stdout
    assert greenroom("service", "plan", str(new)).stdout == done.stdout


def test_for_programs(greenroom: Greenroom, new: Path) -> None:
    """The whole plan as one JSON document, with the same exit code."""
    done = greenroom("service", "plan", str(new), "--output", "json", "--environment", "staging")
    plan: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 2
    assert (plan["service"], plan["hasChanges"], plan["unknown"]) == ("almanac-api", True, {})
    assert {each["environment"] for each in plan["changes"]} == {"staging"}


def test_a_service_by_its_name(greenroom: Greenroom) -> None:
    """The document of the catalog is compared, wherever its repository is; by that repository, it is the same."""
    by_name = greenroom("service", "plan", "order-api", "--output", "json")
    assert by_name.returncode in {0, 2}
    plan = json.loads(by_name.stdout)
    assert plan["service"] == "order-api"
    assert json.loads(greenroom("service", "plan", "commerce/order-api", "-o", "json").stdout) == plan


def test_a_wrong_document(greenroom: Greenroom, new: Path) -> None:
    """Every error with its place in the file as it was named, and exit code 1."""
    new.write_text(NEW + "  deployment:\n    replicas: {min: 4, max: 2}\n")
    done = greenroom("service", "plan", str(new))
    assert done.returncode == 1
    assert f"{new}:9:21  deployment.replicas: min 4 is above max 2" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("absent.yaml",), "absent.yaml: No such file"),
        (("ordr-api",), "There is no entity component:default/ordr-api"),
        (("commerce/ordr-api",), 'Did you mean "commerce/order-api"?'),
        ((".",), "is a folder"),
        (("order-api", "--environment", "prodction"), 'Did you mean "production"?'),
        (("order-api", "--version", "latest"), "is not a version"),
    ],
)
def test_wrong_input(greenroom: Greenroom, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 1, and one sentence."""
    done = greenroom("service", "plan", *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
