"""How a container is asked how it is."""

from __future__ import annotations

import pytest

from foundation.service import Service
from tests.scaffolder_actions.workload.compiled import Data, container_of, job, order_api

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
COMMAND = ["python", "-m", "orders.alive"]


def probes_of(service: Service) -> dict[str, Data]:
    container = container_of(service)
    return {name: container[name] for name in PROBES if name in container}


def asked(service: Service) -> dict[str, str | list[str]]:
    """What each probe asks: a path or a command."""
    return {
        name: each["httpGet"]["path"] if "httpGet" in each else each["exec"]["command"]
        for name, each in probes_of(service).items()
    }


def test_ready_and_alive_are_two_questions() -> None:
    """A start is over for the second one: readiness may wait for what a restart would not mend."""
    service = order_api(probes={"path": "/ready", "livenessPath": "/alive"})
    assert asked(service) == {"startupProbe": "/alive", "readinessProbe": "/ready", "livenessProbe": "/alive"}
    assert asked(order_api(probes={"path": "/ready"})) == dict.fromkeys(PROBES, "/ready")
    assert asked(order_api()) == dict.fromkeys(PROBES, "/healthz")


def test_probes_lead_to_the_main_port_by_its_name() -> None:
    """The number is the container's."""
    assert {each["httpGet"]["port"] for each in probes_of(order_api(port=9000)).values()} == {"http"}


@pytest.mark.parametrize("seconds", [10, 11, 60, 1800])
@pytest.mark.parametrize("probes", [{}, {"command": COMMAND}], ids=["http", "command"])
def test_a_pod_has_its_time_to_start_and_little_more(seconds: int, probes: Data) -> None:
    """As long as the document says, to the next look."""
    start = probes_of(order_api(probes={**probes, "startSeconds": seconds}))["startupProbe"]
    assert seconds <= start["periodSeconds"] * start["failureThreshold"] < seconds + start["periodSeconds"]


def test_a_pod_loses_its_callers_long_before_its_life() -> None:
    """A restart is the last resort."""
    found = probes_of(order_api())
    seconds = {name: each["periodSeconds"] * each["failureThreshold"] for name, each in found.items()}
    assert (seconds["readinessProbe"], seconds["livenessProbe"]) == (15, 60)


def test_a_command_asks_in_place_of_requests() -> None:
    """Of what serves, all three questions; of a worker, which nobody is sent to, not whether it is ready."""
    assert asked(order_api(probes={"command": COMMAND})) == dict.fromkeys(PROBES, COMMAND)
    worker = asked(order_api(type="worker", probes={"command": COMMAND}))
    assert worker == dict.fromkeys(("startupProbe", "livenessProbe"), COMMAND)


def test_a_command_is_given_the_time_that_a_program_takes_to_start() -> None:
    """And is asked less often for it."""
    found = probes_of(order_api(type="worker", probes={"command": COMMAND}))["livenessProbe"]
    assert (found["periodSeconds"], found["timeoutSeconds"]) == (30, 10)


def test_a_worker_with_a_port_is_asked_there() -> None:
    """As a web service is."""
    assert asked(order_api(type="worker", port=8080)) == dict.fromkeys(PROBES, "/healthz")


@pytest.mark.parametrize("service", [order_api(type="worker"), job()], ids=["worker", "job"])
def test_what_cannot_be_asked_is_not(service: Service) -> None:
    """No port and no command; and a job ends by itself."""
    assert probes_of(service) == {}
