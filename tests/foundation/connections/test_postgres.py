"""PostgreSQL, against a real server."""

from __future__ import annotations

import psycopg
import pytest

from foundation.connections import postgres as module
from foundation.connections.postgres import connect_postgres
from foundation.errors import InputError, NotAllowedError, ServiceUnavailableError
from foundation.settings import PostgresSettings, Secret


def test_a_connection(postgres: PostgresSettings) -> None:
    """It makes databases, which no transaction may, and connects to them."""
    with connect_postgres(postgres) as connection:
        connection.execute("CREATE DATABASE orders")
    with connect_postgres(postgres, database="orders") as connection:
        found = connection.execute("SELECT current_database(), current_setting('application_name')").fetchone()
    assert found == ("orders", "greenroom")


def test_statements_are_bounded(postgres: PostgresSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs is ended by the server."""
    monkeypatch.setattr(module, "STATEMENT_MILLISECONDS", 50)
    with connect_postgres(postgres) as connection, pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(30)")


def test_postgres_out_of_reach(nowhere: str) -> None:
    """The error names the address, and no secret."""
    settings = PostgresSettings(Secret(f"postgresql://greenroom:hunter2@{nowhere}/postgres"))
    with pytest.raises(ServiceUnavailableError, match=nowhere) as raised:
        connect_postgres(settings)
    assert "hunter2" not in str(raised.value)


def test_an_account_that_is_refused(postgres: PostgresSettings) -> None:
    """Said as what it is."""
    with connect_postgres(postgres) as connection:
        info = connection.info
        wrong = f"postgresql://nobody:hunter2@/postgres?host={info.host}&port={info.port}"
    with pytest.raises(NotAllowedError, match=r"postgres\.url"):
        connect_postgres(PostgresSettings(Secret(wrong)))


def test_a_database_that_is_not_there(postgres: PostgresSettings) -> None:
    """Said as what it is."""
    with pytest.raises(InputError, match="no such database"):
        connect_postgres(postgres, database="nothing")


@pytest.mark.parametrize("url", ["", "not an address", "postgresql://user:hunter2@host:port/x?y=z"])
def test_addresses_that_are_none(url: str) -> None:
    """The setting is named, and what is in it is not repeated."""
    with pytest.raises(InputError, match=r"postgres\.url") as raised:
        connect_postgres(PostgresSettings(Secret(url)))
    assert "hunter2" not in str(raised.value)
