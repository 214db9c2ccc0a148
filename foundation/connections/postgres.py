"""The shared PostgreSQL server that databases are made on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foundation.errors import InputError, NotAllowedError, ServiceUnavailableError
from foundation.settings import PostgresSettings

if TYPE_CHECKING:
    import psycopg

# Seconds. A server in the same network accepts in milliseconds.
CONNECT_SECONDS = 5
# Milliseconds for a statement and for a lock that another session holds: making a database takes well under a second.
STATEMENT_MILLISECONDS = 30_000
LOCK_MILLISECONDS = 5_000
# SQLSTATE classes: 28 is invalid authorisation, 3D an unknown database.
REFUSED, UNKNOWN_DATABASE = "28", "3D"


def connect_postgres(settings: PostgresSettings, *, database: str = "") -> psycopg.Connection[tuple[Any, ...]]:
    """An open connection in autocommit, as `CREATE DATABASE` needs it, to `database` or to the one of the address.

    Use it as a context manager. Raises InputError where no server is set up here or the address is wrong,
    NotAllowedError where it refuses, ServiceUnavailableError where it does not answer.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    url = settings.url.reveal()
    if not url:
        raise InputError("There is no PostgreSQL server here.", remedy="Set postgres.url.")
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # The cause would quote the address, and the password in it.
        raise InputError("postgres.url is no address.", remedy="Write postgresql://user@host:5432/name.") from None
    place = f"PostgreSQL at {parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
    try:
        return psycopg.connect(
            make_conninfo(url, **({"dbname": database} if database else {})),
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            application_name="greenroom",
            options=f"-c statement_timeout={STATEMENT_MILLISECONDS} -c lock_timeout={LOCK_MILLISECONDS}",
        )
    except psycopg.OperationalError as error:
        state = (error.sqlstate or "")[:2]
        said = str(error).lower()
        # libpq gives no SQLSTATE for a refusal while it connects.
        if state == REFUSED or "authentication failed" in said or ("role " in said and "does not exist" in said):
            raise NotAllowedError(f"{place} refuses the account.", remedy="Check postgres.url.") from error
        if state == UNKNOWN_DATABASE or ("database " in said and "does not exist" in said):
            raise InputError(f"{place} has no such database.", remedy="Check postgres.url.") from error
        raise ServiceUnavailableError(f"{place} does not answer.", remedy="Is it running?") from error
