"""What must survive a restart: the last good entities of each document, and what was registered and withdrawn."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from foundation.jsontypes import JsonObject
from foundation.runs.tables import create_tables

metadata = sa.MetaData()

documents = sa.Table(
    "greenroom_catalog_documents",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("location", sa.Text, primary_key=True),
    sa.Column("first_read_at", sa.String(40), nullable=False),
    sa.Column("read_at", sa.String(40), nullable=False),
    sa.Column("declared", sa.Text, nullable=False),
    sa.Column("implied", sa.Text, nullable=False),
)

registrations = sa.Table(
    "greenroom_catalog_registrations",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("registered_at", sa.String(40), nullable=False),
    sa.Column("caller", sa.Text, nullable=False),
)

withdrawals = sa.Table(
    "greenroom_catalog_withdrawals",
    metadata,
    sa.Column("location", sa.Text, primary_key=True),
    sa.Column("withdrawn_at", sa.String(40), nullable=False),
    sa.Column("caller", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class GoodDocument:
    """The entities that a document had when it could last be used.

    `first_read_at` decides who keeps a name that two documents claim: the one that had it first.
    """

    first_read_at: datetime
    read_at: datetime
    declared: tuple[JsonObject, ...] = ()
    implied: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, order=True)
class Registration:
    """A document that somebody registered: the name of a repository, and the path in it."""

    repository: str
    path: str


class CatalogMemory:
    """The tables, in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def create_tables(self) -> None:
        """Make the tables where they are missing; safe when several servers start at once."""
        create_tables(self._engine, metadata, lock="greenroom_catalog")

    def good_documents(self, source: str) -> dict[str, GoodDocument]:
        """By location, what is remembered of a source."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(documents).where(documents.c.source == source)).all()
        return {row.location: _good(row) for row in rows}

    def remember(
        self, source: str, good: dict[str, GoodDocument], gone: Collection[str], known: Collection[str]
    ) -> None:
        """Replace what is remembered of these documents, and forget those that are gone, all or nothing.

        `known` are the locations of which something is remembered, at least among these.
        """
        with self._engine.begin() as connection:
            of_place = documents.c.location == sa.bindparam("place")
            if outdated := [{"place": each} for each in {*good, *gone} if each in known]:
                connection.execute(sa.delete(documents).where(documents.c.source == source, of_place), outdated)
            if good:
                rows = [_row(source, location, each) for location, each in good.items()]
                connection.execute(sa.insert(documents), rows)

    def registrations(self) -> Sequence[Registration]:
        """All of them, in order."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(registrations.c.repository, registrations.c.path)).all()
        return sorted(Registration(row.repository, row.path) for row in rows)

    def register(self, registration: Registration, *, caller: str) -> bool:
        """Record a registration; False when it was there already."""
        row = {
            "repository": registration.repository,
            "path": registration.path,
            "registered_at": datetime.now(UTC).isoformat(),
            "caller": caller,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(registrations).values(row))
        except IntegrityError:
            return False
        return True

    def unregister(self, registrations_gone: Iterable[Registration]) -> None:
        """Forget registrations."""
        with self._engine.begin() as connection:
            for each in registrations_gone:
                here = (registrations.c.repository == each.repository, registrations.c.path == each.path)
                connection.execute(sa.delete(registrations).where(*here))

    def withdrawals(self) -> frozenset[str]:
        """The locations of the documents that were taken out of the catalog."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(sa.select(withdrawals.c.location)).scalars())

    def withdraw(self, locations: Iterable[str], *, caller: str) -> None:
        """Keep documents out of the catalog, whichever source has them, until they are restored."""
        now = datetime.now(UTC).isoformat()
        for location in locations:
            row = {"location": location, "withdrawn_at": now, "caller": caller}
            try:
                with self._engine.begin() as connection:
                    connection.execute(sa.insert(withdrawals).values(row))
            except IntegrityError:
                continue

    def restore(self, locations: Collection[str]) -> None:
        """Let withdrawn documents into the catalog again."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(withdrawals).where(withdrawals.c.location.in_(locations)))


def _row(source: str, location: str, good: GoodDocument) -> dict[str, str]:
    return {
        "source": source,
        "location": location,
        "first_read_at": good.first_read_at.isoformat(),
        "read_at": good.read_at.isoformat(),
        "declared": json.dumps(good.declared),
        "implied": json.dumps(good.implied),
    }


def _good(row: sa.Row[tuple[str, ...]]) -> GoodDocument:
    return GoodDocument(
        datetime.fromisoformat(row.first_read_at),
        datetime.fromisoformat(row.read_at),
        tuple(json.loads(row.declared)),
        tuple(json.loads(row.implied)),
    )
