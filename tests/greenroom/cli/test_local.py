"""`greenroom local` against a running platform without its portal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.greenroom.cli.conftest import Greenroom


def test_status_says_what_answers(greenroom: Greenroom) -> None:
    """A row a part, the ones that do not run too; simulated parts say so."""
    done = greenroom("local", "status")
    assert done.returncode == 0
    assert "Kubernetes (simulated)" in done.stdout
    parts = {each["name"]: each for each in json.loads(greenroom("local", "status", "-o", "json").stdout)}
    assert (parts["server"]["running"], parts["server"]["ready"]) == (True, True)
    assert parts["portal"]["running"] is False


def test_logs_are_the_last_lines(greenroom: Greenroom) -> None:
    """As many as were asked for."""
    assert len(greenroom("local", "logs", "server", "-n", "2").stdout.splitlines()) == 2


def test_the_token_opens_the_server(greenroom: Greenroom, home: Path, environment: dict[str, str]) -> None:
    """It is what GREENROOM_TOKEN takes, beside the address, in a shell that knows nothing of the platform."""
    token = greenroom("local", "token").stdout.strip()
    port = json.loads((home / "ports.json").read_text())["server"]
    elsewhere = {**environment, "GREENROOM_HOME": os.devnull, "GREENROOM_URL": f"http://localhost:{port}"}
    command = [sys.executable, "-m", "greenroom", "actions", "list"]
    for given, code in ((token, 0), ("x" * 30, 1)):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**elsewhere, "GREENROOM_TOKEN": given}
        )
        assert done.returncode == code, done.stderr


def test_every_way_to_break_has_its_words(greenroom: Greenroom) -> None:
    """Each kind is taken; the answer says where, how, and how to mend it."""
    for how in ("crash", "oom", "init", "slow", "stuck", "secret", "image"):
        said = greenroom("local", "break", "checkout-web", "--how", how, "-e", "production").stdout
        assert said == f"checkout-web is broken in production ({how}). Mend it: greenroom local heal checkout-web\n"
    assert greenroom("local", "heal", "checkout-web", "-e", "production").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("logs", "nope"), 'There is no log of "nope". There are: aws'),
        (("logs", "server", "-n", "0"), "0 is not in the range"),
        (("restart", "nope"), 'There is no part "nope". Parts: postgres'),
        (("break", "nope"), 'No deployment "nope" runs in staging or production.'),
        (("break", "order-api", "-e", "stagin"), 'Did you mean "staging"?'),
        (("break", "order-api", "--how", "fire"), "'fire' is not one of 'crash'"),
        (("heal", "nope"), 'No deployment "nope" runs'),
        (("disconnect", "nope"), "Choose one of staging, production."),
        (("reconnect", "nope"), 'There is no cluster "nope" on this machine.'),
        (("stats",), "'status'"),
    ],
)
def test_wrong_input_is_one_sentence(greenroom: Greenroom, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 1, nothing on standard output, no stack trace."""
    done = greenroom("local", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("health",), ("actions", "list"), ("local", "break", "order-api")])
def test_without_a_platform_the_next_step_is_said(
    environment: dict[str, str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Nothing runs, nothing is made, and `make up` is named."""
    nowhere = {**environment, "GREENROOM_HOME": str(tmp_path / "absent")}
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", *command], capture_output=True, text=True, check=False, env=nowhere
    )
    assert done.returncode == 1
    assert "There is no platform on this machine yet." in done.stderr
    assert "make up" in done.stderr
