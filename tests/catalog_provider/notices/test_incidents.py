"""Which services are in trouble, over all clusters of an environment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalog_provider.health import EntityHealth, EnvironmentHealth, Status, Verdict
from catalog_provider.notices.incidents import Incident, Incidents, Where

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
REF = "component:default/order-api"
MINUTE = timedelta(minutes=1)


def health(*statuses: Status, environment: str = "production", minutes_ago: int = 0) -> EntityHealth:
    """The service with these statuses, each on a cluster of its own."""
    since = NOW - minutes_ago * MINUTE
    verdicts = [Verdict(each, f"is {each.value}", None, since) for each in statuses]
    places = (EnvironmentHealth(environment, f"eu-{index}", each) for index, each in enumerate(verdicts, 1))
    return EntityHealth("order-api", verdicts[0], tuple(places))


@pytest.fixture
def incidents() -> Incidents:
    return Incidents(("production",))


def seen(incidents: Incidents, *each: EntityHealth) -> list[Incident]:
    for one in each:
        incidents.see(REF, one, NOW)
    return incidents.open()


def test_a_service_in_trouble_says_since_when_and_where(incidents: Incidents) -> None:
    """The oldest trouble of all clusters counts; one incident, however many clusters have it."""
    [incident] = seen(incidents, health(Status.HEALTHY, Status.DEGRADED, Status.DEGRADED, minutes_ago=7))
    assert incident.where == Where(REF, "production")
    assert incident.degraded
    assert incident.since == NOW - 7 * MINUTE
    assert incident.message == "is Degraded on eu-2"


def test_other_environments_are_nobodys_concern(incidents: Incidents) -> None:
    assert seen(incidents, health(Status.DEGRADED, environment="staging")) == []


@pytest.mark.parametrize("status", [Status.HEALTHY, Status.PROGRESSING, Status.UNKNOWN, Status.MISSING])
def test_what_is_not_degraded_begins_nothing(incidents: Incidents, status: Status) -> None:
    assert seen(incidents, health(status)) == []


@pytest.mark.parametrize("status", [Status.PROGRESSING, Status.UNKNOWN, Status.MISSING])
def test_what_nobody_knows_is_no_recovery(incidents: Incidents, status: Status) -> None:
    """An incident goes on through a rollout and through a cluster out of reach, and is as old as it was."""
    [incident] = seen(incidents, health(Status.DEGRADED, minutes_ago=9), health(Status.HEALTHY, status))
    assert (incident.degraded, incident.well_since) == (False, None)
    [incident] = seen(incidents, health(Status.DEGRADED))
    assert incident.since == NOW - 9 * MINUTE


def test_it_is_well_when_it_is_well_everywhere(incidents: Incidents) -> None:
    """Since the last cluster became so; and not, as soon as it is Degraded again."""
    [incident] = seen(incidents, health(Status.DEGRADED, minutes_ago=9), health(Status.HEALTHY, Status.SUSPENDED))
    assert incident.well_since == NOW
    [incident] = seen(incidents, health(Status.DEGRADED))
    assert incident.well_since is None


def test_no_recovery_lies_before_the_trouble(incidents: Incidents) -> None:
    [incident] = seen(incidents, health(Status.DEGRADED, minutes_ago=2), health(Status.HEALTHY, minutes_ago=900))
    assert incident.well_since == NOW - 2 * MINUTE


def test_a_service_that_is_nowhere_is_not_well(incidents: Incidents) -> None:
    """No environment is listed while clusters are asked for the first time."""
    [incident] = seen(incidents, health(Status.DEGRADED), health(Status.HEALTHY, environment="staging"))
    assert incident.well_since is None
