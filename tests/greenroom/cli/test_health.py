"""`greenroom health` against a running platform."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.greenroom.cli.conftest import Greenroom


@pytest.fixture
def watching(environment: dict[str, str]) -> Iterator[Iterator[dict[str, str]]]:
    """The changes that `greenroom health order-api --watch --output json` prints, as they come."""
    command = [sys.executable, "-m", "greenroom", "health", "order-api", "--watch", "--output", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        try:
            yield (json.loads(line) for line in process.stdout)
        finally:
            process.terminate()


def test_the_list_has_a_verdict_and_a_sentence(greenroom: Greenroom) -> None:
    """A row a service, with the word that the portal shows, for people and for programs."""
    done = greenroom("health")
    assert done.returncode == 0
    assert "order-api" in done.stdout
    assert "checkout-web" in done.stdout
    items = json.loads(greenroom("health", "--output", "json").stdout)
    assert {"component:default/order-api", "component:default/checkout-web"} <= {each["entityRef"] for each in items}
    assert all(each["status"] and each["message"] for each in items)


def test_a_break_is_seen_explained_and_mended(greenroom: Greenroom, watching: Iterator[dict[str, str]]) -> None:
    """A watch tells of the break with its reason, the service's own view says what to do, and healing ends it."""
    assert next(watching)["status"] == "Healthy"
    broken = greenroom("local", "break", "order-api", "--how", "image", "--environment", "staging")
    assert "order-api is broken in staging (image)" in broken.stdout
    degraded = next(each for each in watching if each["status"] == "Degraded")
    assert "cannot pull image" in degraded["message"]
    shown = greenroom("health", "order-api").stdout
    assert "Degraded  staging     2 of 2 pods cannot pull image" in shown
    assert "Healthy   production  2 of 2 pods ready" in shown
    assert "next     Check that the image was pushed" in shown
    assert "order-api" in greenroom("health", "--verdict", "degraded").stdout
    assert "Healthy" in greenroom("health", "-e", "production", "--verdict", "Healthy").stdout
    assert "order-api is mended in staging." in greenroom("local", "heal", "order-api").stdout
    assert next(each for each in watching if each["status"] == "Healthy")


def test_a_cluster_out_of_reach_is_unknown_alone(greenroom: Greenroom, watching: Iterator[dict[str, str]]) -> None:
    """What runs there is Unknown with the reason; the other environment stays as it is."""
    assert "staging is out of reach" in greenroom("local", "disconnect", "staging").stdout
    try:
        assert next(each for each in watching if each["status"] == "Unknown")
        shown = greenroom("health", "order-api").stdout
        assert "Unknown  staging     Cluster staging" in shown
        assert "does not answer" in shown
        assert "Healthy  production  2 of 2 pods ready" in shown
    finally:
        assert "staging is reachable." in greenroom("local", "reconnect", "staging").stdout
    assert next(each for each in watching if each["status"] == "Healthy")


def test_an_environment_is_shown_as_it_is_there(greenroom: Greenroom) -> None:
    """`--environment` narrows one service, in text and JSON; a wrong name is an error with the right ones."""
    shown = greenroom("health", "order-api", "-e", "production").stdout
    assert "production" in shown
    assert "staging" not in shown
    detail = json.loads(greenroom("health", "order-api", "-e", "production", "-o", "json").stdout)
    assert [each["name"] for each in detail["environments"]] == ["production"]
    wrong = greenroom("health", "order-api", "-e", "prodution")
    assert (wrong.returncode, 'Did you mean "production"?' in wrong.stderr) == (1, True)


def test_a_team_sees_its_own(greenroom: Greenroom) -> None:
    """`--owner` takes a name or a reference, and says so when nothing of the team has health."""
    items = json.loads(greenroom("health", "--owner", "commerce", "-o", "json").stdout)
    assert items
    assert {each["owner"] for each in items} == {"group:default/commerce"}
    assert json.loads(greenroom("health", "--owner", "group:default/commerce", "-o", "json").stdout) == items
    assert greenroom("health", "--owner", "nobody").stdout == "No service of nobody has health to show.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("absent",), "There is no entity component:default/absent"),
        (("a/b/c/d",), "is not an entity reference"),
        (("--verdict", "Sick"), "'Sick' is not one of"),
        (("--watch", "--verdict", "Healthy"), "--verdict chooses from the list"),
        (("order-api", "--owner", "commerce"), "--owner chooses from the list"),
        (("--watch", "--environment", "staging"), "--watch shows every environment"),
    ],
)
def test_wrong_input_is_one_sentence(greenroom: Greenroom, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 1, nothing on standard output, no stack trace."""
    done = greenroom("health", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
