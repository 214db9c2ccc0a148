"""An owner is told once that a service stays Degraded, and once that it has recovered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from catalog_provider.feed.subjects import Subject
from catalog_provider.health import EntityHealth, EnvironmentHealth, Status, Verdict
from catalog_provider.notices import Notifier, ToldTable
from foundation.backstage.notifications import Notification
from foundation.errors import GreenroomError, InputError, ServiceUnavailableError
from foundation.runs.tables import normalised_url, open_database

REF = "component:default/order-api"
OWNED = Subject(REF, "order-api", ("production",), "group:default/commerce")


class World:
    """A clock, a catalog and people who hear; several servers may share it."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.began = self.now = datetime(2026, 1, 10, 12, tzinfo=UTC)
        self.subject: Subject | None = OWNED
        self.heard: list[str] = []
        self.scopes: set[str] = set()
        self.refusal: GreenroomError | None = None

    def send(self, notification: Notification) -> int:
        if self.refusal:
            raise self.refusal
        self.heard.append(notification.title)
        self.scopes.add(notification.scope)
        return 1

    def server(self) -> Notifier:
        """A server that has started; its thread sleeps, for tests look themselves."""
        notifier = Notifier(
            ToldTable(self.engine),
            self,
            lambda: self.now,
            environments=("production",),
            after=timedelta(minutes=5),
            subject=lambda _ref: self.subject,
        )
        notifier.start()
        return notifier

    def later(self, minutes: float, status: Status, *servers: Notifier) -> None:
        """So much later every server finds the service in this status, and looks."""
        self.now += timedelta(minutes=minutes)
        verdict = Verdict(status, f"is {status.value}", None, None)
        for each in servers:
            each.take({REF: EntityHealth("order-api", verdict, (EnvironmentHealth("production", "eu", verdict),))})
            each.look()


DEGRADED, RECOVERED = "order-api is Degraded in production", "order-api has recovered in production"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("catalog_provider.notices.notifier.TICK", 3600.0)
    engine = open_database(normalised_url(f"sqlite:///{tmp_path / 'state.sqlite'}"))
    yield World(engine)
    engine.dispose()


def test_once_and_again_on_recovery(world: World) -> None:
    """Not before its time, not twice, and both in one notification."""
    server = world.server()
    world.later(0, Status.DEGRADED, server)
    world.later(4.9, Status.DEGRADED, server)
    assert world.heard == []
    for _ in range(5):
        world.later(1, Status.DEGRADED, server)
    assert world.heard == [DEGRADED]
    world.later(1, Status.HEALTHY, server)
    assert world.heard == [DEGRADED]
    for _ in range(5):
        world.later(1, Status.HEALTHY, server)
    assert world.heard == [DEGRADED, RECOVERED]
    assert len(world.scopes) == 1
    assert ToldTable(world.engine).read() == {}


def test_what_mends_itself_wakes_nobody(world: World) -> None:
    server = world.server()
    for status in (Status.DEGRADED, Status.HEALTHY, Status.HEALTHY, Status.DEGRADED, Status.DEGRADED):
        world.later(2, status, server)
    assert world.heard == []


def test_a_crash_loop_does_not_recover_between_two_crashes(world: World) -> None:
    """It is well for half a minute each time, and stays one incident."""
    server = world.server()
    for _ in range(10):
        world.later(1, Status.DEGRADED, server)
        world.later(0.5, Status.HEALTHY, server)
    assert world.heard == [DEGRADED]


def test_the_next_incident_is_another(world: World) -> None:
    server = world.server()
    for status in (Status.DEGRADED, Status.HEALTHY) * 2:
        world.later(1, status, server)
        world.later(9, status, server)
    assert world.heard == [DEGRADED, RECOVERED] * 2
    assert len(world.scopes) == 2


def test_a_restart_tells_nothing_twice_and_forgets_nothing(world: World) -> None:
    """Also of what recovered while no server ran."""
    first = world.server()
    world.later(0, Status.DEGRADED, first)
    world.later(6, Status.DEGRADED, first)
    first.stop()
    second = world.server()
    world.later(1, Status.UNKNOWN, second)
    world.later(1, Status.DEGRADED, second)
    assert world.heard == [DEGRADED]
    second.stop()
    third = world.server()
    world.later(60, Status.HEALTHY, third)
    world.later(2, Status.HEALTHY, third)
    assert world.heard == [DEGRADED, RECOVERED]


def test_of_several_servers_one_tells(world: World) -> None:
    servers = [world.server() for _ in range(3)]
    for status in (Status.DEGRADED, Status.HEALTHY):
        world.later(0, status, *servers)
        for _ in range(6):
            world.later(1, status, *servers)
    assert world.heard == [DEGRADED, RECOVERED]


def test_a_server_that_dies_while_it_tells_leaves_it_to_be_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of the first, should that have arrived."""

    def die(_self: object, _notification: Notification) -> int:
        raise KeyboardInterrupt

    first = world.server()
    world.later(0, Status.DEGRADED, first)
    with monkeypatch.context() as patched:
        patched.setattr(World, "send", die)
        with pytest.raises(KeyboardInterrupt):
            world.later(6, Status.DEGRADED, first)
    second = world.server()
    world.later(0.1, Status.DEGRADED, second)
    assert world.heard == []
    world.later(1, Status.DEGRADED, second)
    world.later(5, Status.DEGRADED, second)
    assert world.heard == [DEGRADED]


@pytest.mark.parametrize("refusal", [ServiceUnavailableError("away"), InputError("no")])
def test_what_could_not_be_told_is_told_later(world: World, refusal: GreenroomError) -> None:
    server = world.server()
    world.refusal = refusal
    for _ in range(8):
        world.later(1, Status.DEGRADED, server)
    world.refusal = None
    world.later(2, Status.DEGRADED, server)
    assert world.heard == [DEGRADED]


def test_what_recovers_before_it_could_be_told_is_told_as_that(world: World) -> None:
    """The owner hears of it, in the words that are true by then."""
    server = world.server()
    world.refusal = ServiceUnavailableError("away")
    for _ in range(8):
        world.later(1, Status.DEGRADED, server)
    world.refusal = None
    for _ in range(4):
        world.later(2, Status.HEALTHY, server)
    assert world.heard == [RECOVERED]


def test_a_database_that_is_away_is_looked_at_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_self: ToldTable) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    server = world.server()
    world.later(0, Status.DEGRADED, server)
    with monkeypatch.context() as patched:
        patched.setattr(ToldTable, "read", away)
        world.later(6, Status.DEGRADED, server)
        assert not server.look()
    world.later(1, Status.DEGRADED, server)
    assert world.heard == [DEGRADED]


def test_a_service_without_owner_has_nobody_to_tell(world: World) -> None:
    server = world.server()
    world.subject = Subject(REF, "order-api", ("production",), None)
    for _ in range(8):
        world.later(1, Status.DEGRADED, server)
    assert world.heard == []


def test_a_service_that_is_gone_is_forgotten(world: World) -> None:
    """After a day: a source may be away for a while, and is not to make the incident a new one."""
    server = world.server()
    for _ in range(8):
        world.later(1, Status.DEGRADED, server)
    world.subject = None
    world.later(60, Status.UNKNOWN, server)
    assert len(ToldTable(world.engine).read()) == 1
    world.later(24 * 60, Status.UNKNOWN, server)
    assert ToldTable(world.engine).read() == {}
    assert world.heard == [DEGRADED]
