"""What owners were told, and are being told, of incidents that are not over; kept in the state database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog_provider.notices.incidents import Where
from foundation.runs.journal import iso
from foundation.runs.tables import create_tables

metadata = sa.MetaData()

notices = sa.Table(
    "greenroom_health_notices",
    metadata,
    sa.Column("entity_ref", sa.Text, primary_key=True),
    sa.Column("environment", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("since", sa.String(40), nullable=False),
    sa.Column("recovered", sa.Boolean, nullable=False),
    sa.Column("sent", sa.Boolean, nullable=False),
    sa.Column("tried_at", sa.String(40), nullable=False),
)


@dataclass(frozen=True)
class Told:
    """The last word about an incident: of its recovery, or of its being Degraded `since` then; `sent` once it has arrived.

    Whoever writes `tried_at` is the one to send it.
    """

    name: str
    since: datetime
    recovered: bool
    sent: bool
    tried_at: datetime


class ToldTable:
    """The table. Of several servers that write at once, one succeeds."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def create_tables(self) -> None:
        """Make the table where it is missing; safe when several servers start at once."""
        create_tables(self._engine, metadata, lock="greenroom_health_notices")

    def read(self) -> dict[Where, Told]:
        """All of it: as many rows as there are services in trouble."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(notices)).all()
        return {
            Where(row.entity_ref, row.environment): Told(
                row.name,
                datetime.fromisoformat(row.since),
                recovered=row.recovered,
                sent=row.sent,
                tried_at=datetime.fromisoformat(row.tried_at),
            )
            for row in rows
        }

    def swap(self, where: Where, before: Told | None, after: Told | None) -> bool:
        """Write `after` where `before` still stands (None: no row); gives whether it did."""
        if before is None:
            return after is None or self._insert(where, after)
        here = [notices.c[column] == value for column, value in _row(where, before).items()]
        with self._engine.begin() as connection:
            if after is None:
                return connection.execute(sa.delete(notices).where(*here)).rowcount == 1
            return connection.execute(sa.update(notices).where(*here).values(_row(where, after))).rowcount == 1

    def _insert(self, where: Where, after: Told) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(notices).values(_row(where, after)))
        except IntegrityError:
            return False
        return True


def _row(where: Where, told: Told) -> Mapping[str, str | bool]:
    return {
        "entity_ref": where.entity_ref,
        "environment": where.environment,
        "name": told.name,
        "since": iso(told.since),
        "recovered": told.recovered,
        "sent": told.sent,
        "tried_at": iso(told.tried_at),
    }
