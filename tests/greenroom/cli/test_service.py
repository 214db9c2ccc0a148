"""`greenroom service` without a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

WRONG = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  language: python
  dependencies:
    - type: postgress
  deployment:
    replicas: {min: 12, max: 10}
  environments: [staging]
"""


RIGHT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  environments: [staging]
"""


def greenroom(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, outside of any terminal."""
    command = [sys.executable, "-m", "greenroom", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **(environment or {})}
    )


def test_the_sample_is_valid(examples: Path) -> None:
    """The document that everything starts from is accepted as it stands."""
    done = greenroom("service", "validate", str(examples / "order-api" / "service.yaml"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "order-api is valid" in done.stdout


def test_every_error_has_its_place_and_remedy(tmp_path: Path) -> None:
    """All errors at once, each with line and column; exit code 1."""
    file = tmp_path / "service.yaml"
    file.write_text(WRONG)
    done = greenroom("service", "validate", str(file))
    assert done.returncode == 1
    assert (
        f'{file}:9:13  dependencies[0].type: "postgress" is not a dependency. Did you mean "postgresql"?' in done.stdout
    )
    assert "min 12 is above max 10" in done.stdout
    assert "2 errors" in done.stdout
    found = json.loads(greenroom("service", "validate", str(file), "--output", "json").stdout)
    assert [each["line"] for each in found["problems"]] == [9, 11]


def test_several_documents_are_checked_against_one_another(tmp_path: Path) -> None:
    """A host that two services claim, and a circle of dependencies, are found where each alone is right."""
    for name, other in (("orders", "stock"), ("stock", "orders")):
        text = f"""\
apiVersion: platform.company.com/v1
kind: Service
metadata: {{name: {name}, team: commerce}}
spec:
  exposure: {{host: shop.example.com}}
  dependencies: [{{type: service, name: {other}}}]
"""
        (tmp_path / f"{name}.yaml").write_text(text)
    files = [str(tmp_path / f"{name}.yaml") for name in ("orders", "stock")]
    assert all(greenroom("service", "validate", file).returncode == 0 for file in files)
    done = greenroom("service", "validate", *files)
    assert done.returncode == 1
    assert "shop.example.com in production is claimed by orders too" in done.stdout
    assert "orders → stock → orders" in done.stdout
    assert "#specexposure" in done.stdout
    assert "#specdependencies" in done.stdout


def test_what_only_compiling_finds(tmp_path: Path) -> None:
    """A patch that hits nothing is an error of the document, with its place."""
    file = tmp_path / "service.yaml"
    file.write_text(RIGHT + "  patches:\n    - target: {kind: Deploymen}\n      merge: {spec: {paused: true}}\n")
    done = greenroom("service", "validate", str(file))
    assert done.returncode == 1
    assert f"{file}:9:7  the patch hits nothing" in done.stdout
    assert done.stdout.rstrip().endswith("#specpatches")


def test_every_error_leads_to_its_page(tmp_path: Path) -> None:
    """The reference pages of all wrong fields are named once, below the errors."""
    file = tmp_path / "service.yaml"
    file.write_text(WRONG)
    lines = greenroom("service", "validate", str(file)).stdout.splitlines()
    pages = lines[lines.index("2 errors, explained at") + 1 :]
    assert [page.partition("#")[2] for page in pages] == ["specdependencies", "specdeployment"]


def test_the_schema_is_of_this_platform(tmp_path: Path) -> None:
    """Editors are given the API group that the settings name."""
    config = tmp_path / "greenroom.yaml"
    config.write_text("platform: {api_group: platform.acme.example}\n")
    done = greenroom("service", "schema", environment={"GREENROOM_CONFIG": str(config)})
    assert json.loads(done.stdout)["properties"]["apiVersion"]["const"] == "platform.acme.example/v1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("service", "validate", "absent.yaml"), "absent.yaml"),
        (("service", "render", "{example}", "-e", "stagin"), 'Did you mean "staging"?'),
        (("helth",), 'Did you mean "health"?'),
        (("service", "validate"), "Missing argument"),
        (("serve", "lve"), 'Did you mean "live"?'),
        (("serve", "--config", "absent.yaml"), "absent.yaml"),
    ],
)
def test_wrong_input_is_exit_code_1_and_one_sentence(examples: Path, arguments: tuple[str, ...], words: str) -> None:
    """No stack trace, and what to do."""
    filled = [each.replace("{example}", str(examples / "order-api" / "service.yaml")) for each in arguments]
    done = greenroom(*filled)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_help_teaches() -> None:
    """`--help` leads to every group."""
    text = greenroom("--help").stdout
    for group in ("service", "health", "docs", "actions", "local", "serve"):
        assert group in text
