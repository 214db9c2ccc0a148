"""`greenroom service create` against a running platform, with and without a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from greenroom.cli.form import fault
from tests.greenroom.cli.conftest import Greenroom

PATH = ("service", "create", "python-service")


def test_the_golden_paths_and_their_questions_are_listed(greenroom: Greenroom) -> None:
    """Without a terminal there is no one to ask: the list says what to give with --set."""
    done = greenroom("service", "create")
    assert done.returncode == 0
    assert "python-service  New Python service" in done.stdout
    assert "The team that looks after the service." in done.stdout
    assert sorted(each["name"] for each in json.loads(greenroom("service", "create", "-o", "json").stdout)) == [
        "python-service",
        "python-worker",
        "scheduled-job",
    ]


def test_a_service_is_created_from_answers(greenroom: Greenroom) -> None:
    """Repository, catalog entry and a healthy deployment; the log is on standard error."""
    answers = ("-s", "name=invoice-api", "-s", "team=commerce", "-s", "description=Sends invoices")
    done = greenroom(*PATH, *answers, "-o", "json")
    outputs = json.loads(done.stdout)
    assert (outputs["entityRef"], outputs["status"]) == ("component:default/invoice-api", "Healthy")
    assert "Rendering the golden path python-service" in done.stderr
    assert "staging  2 of 2 pods ready" in greenroom("health", "invoice-api").stdout


def test_a_wrong_environment_is_found_before_anything_is_made(greenroom: Greenroom) -> None:
    """No repository and no entity that would have to be cleared away."""
    answers = ("-s", "name=refund-api", "-s", "team=commerce", "-s", "description=Pays back")
    done = greenroom(*PATH, *answers, "-e", "stagin")
    assert (done.returncode, done.stdout) == (1, "")
    assert 'refund-api does not run in "stagin". Did you mean "staging"?' in done.stderr
    assert "Publishing" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("service", "create", "pythn-service"), 'Did you mean "python-service"?'),
        ((*PATH,), "Add -s name=… -s team=… -s description=…"),
        ((*PATH, "-s", "nam=x"), 'The golden path does not ask for "nam". Did you mean "name"?'),
        ((*PATH, "-s", "name"), '"name" is not NAME=VALUE.'),
        ((*PATH, "-s", "name=No Name", "-s", "team=commerce", "-s", "description=x"), '"No Name" is not a name'),
    ],
)
def test_wrong_input_is_one_sentence(greenroom: Greenroom, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 1, nothing on standard output, no stack trace."""
    done = greenroom(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_is_asked_in_the_words_of_the_form(environment: dict[str, str]) -> None:
    """Explanations, examples and the teams that there are; a wrong answer is asked for again."""
    command = [sys.executable, "-m", "greenroom", *PATH, "--no-deploy"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as asking:
        os.close(theirs)
        os.write(ours, b"No Name\nledger-api\ncommerce\nKeeps the books\n\n\n\n")
        printed, asked = asking.communicate()
        os.close(ours)
    assert asking.returncode == 0, asked
    assert "Error: Use a name of lower-case letters, digits and single hyphens" in asked
    assert "For example: payment-api" in asked
    assert "Teams: acme, commerce" in asked
    assert "✓ ledger-api is created" in printed


def test_the_form_checks_as_the_page_does() -> None:
    """Pattern and length, with the form's own message; an empty optional answer fits."""
    schema = {"pattern": "^[a-z]+$", "maxLength": 5, "errorMessage": {"pattern": "Use lower-case letters."}}
    assert fault(schema, "abc") is None
    assert fault(schema, "") is None
    assert fault(schema, "Abc") == "Use lower-case letters."
    assert fault(schema, "abcdef") == "6 characters are more than 5."
