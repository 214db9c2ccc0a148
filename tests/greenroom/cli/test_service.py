"""`greenroom service` without a server."""

from __future__ import annotations

import json
import subprocess
import sys
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


def greenroom(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, outside of any terminal."""
    return subprocess.run([sys.executable, "-m", "greenroom", *arguments], capture_output=True, text=True, check=False)


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


def test_rendering_is_deterministic_and_needs_no_server(examples: Path, tmp_path: Path) -> None:
    """The same input gives the same bytes, on standard output and in a folder."""
    arguments = (
        "service",
        "render",
        str(examples / "order-api" / "service.yaml"),
        "-e",
        "staging",
        "--version",
        "1.0.0",
    )
    first, second = greenroom(*arguments), greenroom(*arguments)
    assert first.stdout == second.stdout
    assert "kind: Deployment" in first.stdout
    assert greenroom(*arguments, "-d", str(tmp_path / "out")).returncode == 0
    assert list((tmp_path / "out" / "staging").rglob("*.yaml"))


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
