"""The tables of runs and of their log lines, and the database they are in."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

metadata = sa.MetaData()

runs = sa.Table(
    "greenroom_runs",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("outputs", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, default=False),
    # How often the body was begun: a run that takes its process down each time must end.
    sa.Column("starts", sa.Integer, nullable=False, default=0),
    # The step to begin at when a failed run is submitted again; counts from 1.
    sa.Column("resume_at", sa.Integer, nullable=False, default=1),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("finished_at", sa.String(32)),
    sa.Index("greenroom_runs_by_time", "created_at"),
    sa.Index("greenroom_runs_by_status", "status", "kind"),
)

events = sa.Table(
    "greenroom_run_events",
    metadata,
    sa.Column("run_id", sa.String(64), sa.ForeignKey("greenroom_runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("level", sa.String(8), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    # Where in the body the line was written, for lines outside steps: a body that is replayed writes it once.
    sa.Column("position", sa.String(64)),
    sa.UniqueConstraint("run_id", "position"),
)


def normalised_url(address: str) -> sa.URL:
    """The address with the driver that is installed. Raises sqlalchemy.exc.ArgumentError for one that is none."""
    url = sa.make_url(address)
    if url.get_backend_name() in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def open_database(url: sa.URL) -> sa.Engine:
    """An engine on the database; makes the folder of a SQLite file. Opens no connection yet."""
    if url.get_backend_name() != "sqlite":
        # A follower of a run and the run itself each need one for milliseconds at a time.
        return sa.create_engine(url, pool_size=5, max_overflow=10, pool_pre_ping=True)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        # Readers then never wait for the writer; with WAL, NORMAL loses nothing when the process dies.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        # Milliseconds. Several processes share the file; a writer holds it for a few.
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()

    return engine


def create_tables(engine: sa.Engine, tables: sa.MetaData = metadata, *, lock: str = "greenroom_runs") -> None:
    """Make `tables` where they are missing; safe when several servers start at once, which share the name of a `lock`."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Held to the end of the transaction, so that only one server creates them.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(lock))))
        elif engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        tables.create_all(connection)


def storable(text: str) -> str:
    """`text` without what a database refuses in one: NUL and halves of characters."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
