"""Transitions of health in the state database, kept for some weeks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from foundation.health import Status
from foundation.runs.tables import create_tables, storable

metadata = sa.MetaData()

# Characters; a sentence that says more is cut.
LONGEST_MESSAGE = 500

# How each place was last, so that of several servers that see a change one writes it.
states = sa.Table(
    "greenroom_health_states",
    metadata,
    sa.Column("entity_ref", sa.Text, primary_key=True),
    sa.Column("environment", sa.Text, primary_key=True),
    sa.Column("cluster", sa.Text, primary_key=True),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("since", sa.String(40), nullable=False),
)

transitions = sa.Table(
    "greenroom_health_transitions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("entity_ref", sa.Text, nullable=False),
    sa.Column("environment", sa.Text, nullable=False),
    sa.Column("cluster", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("message", sa.Text, nullable=False),
    sa.Index("greenroom_health_transitions_of_entity", "entity_ref", "at"),
    sa.Index("greenroom_health_transitions_by_age", "at"),
)


class Place(NamedTuple):
    """A service in an environment on a cluster."""

    entity_ref: str
    environment: str
    cluster: str


@dataclass(frozen=True)
class Transition:
    """From `at` on, a place had this status."""

    place: Place
    at: datetime
    status: Status
    reason: str | None
    message: str


class HealthHistory:
    """The tables. Times are kept as text in UTC, which sorts as they do."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._change = _change(engine.dialect.name)

    def create_tables(self) -> None:
        """Make the tables where they are missing; safe when several servers start at once."""
        create_tables(self._engine, metadata, lock="greenroom_health")

    def latest(self) -> dict[Place, tuple[Status, datetime]]:
        """How each place was last, and since when."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(states)).all()
        return {
            Place(row.entity_ref, row.environment, row.cluster): (Status(row.status), datetime.fromisoformat(row.since))
            for row in rows
        }

    def record(self, given: Iterable[Transition]) -> None:
        """Write those that are news, or none of them; what another server has written already is none. Repeating it changes nothing."""
        with self._engine.begin() as connection:
            for each in _rounds(given):
                self._record(connection, each)

    def of_entity(self, entity_ref: str, since: datetime) -> Sequence[Transition]:
        """The transitions of an entity after `since`, oldest first, and of each place the last one before."""
        with self._engine.connect() as connection:
            of_entity = transitions.c.entity_ref == entity_ref
            place = (transitions.c.environment, transitions.c.cluster)
            earlier = (
                sa.select(sa.func.max(transitions.c.id))
                .where(of_entity, transitions.c.at <= _text(since))
                .group_by(*place)
            )
            wanted = sa.or_(transitions.c.at > _text(since), transitions.c.id.in_(earlier))
            query = sa.select(transitions).where(of_entity, wanted).order_by(transitions.c.at, transitions.c.id)
            return [_transition(row) for row in connection.execute(query)]

    def forget(self, before: datetime) -> int:
        """Delete what ended before `before`: of each place the transition that still stood then is kept. Gives how many."""
        newer = transitions.alias()
        has_newer = sa.exists().where(
            newer.c.entity_ref == transitions.c.entity_ref,
            newer.c.environment == transitions.c.environment,
            newer.c.cluster == transitions.c.cluster,
            newer.c.id > transitions.c.id,
            newer.c.at <= _text(before),
        )
        with self._engine.begin() as connection:
            return connection.execute(
                sa.delete(transitions).where(transitions.c.at < _text(before), has_newer)
            ).rowcount

    def forget_gone(self, before: datetime, known: Collection[str]) -> Collection[str]:
        """Delete all of the entities that are not `known` and of which nothing changed since `before`. Gives which."""
        quiet = sa.select(states.c.entity_ref).group_by(states.c.entity_ref)
        quiet = quiet.having(sa.func.max(states.c.since) < _text(before))
        with self._engine.begin() as connection:
            gone = sorted(set(connection.scalars(quiet)).difference(known))
            for table in (states, transitions) if gone else ():
                of_entity = sa.delete(table).where(table.c.entity_ref == sa.bindparam("gone"))
                connection.execute(of_entity, [{"gone": each} for each in gone])
        return gone

    def _record(self, connection: sa.Connection, given: Mapping[Place, Transition]) -> None:
        now = [
            {**place._asdict(), "status": each.status.value, "since": _text(each.at)} for place, each in given.items()
        ]
        different = [Place(*row) for row in connection.execute(self._change, now)]
        if different:
            connection.execute(sa.insert(transitions), [_row(given[place]) for place in different])


def _change(dialect: str) -> sa.Executable:
    """How places are now, which gives those that were different before, or nowhere."""
    insert = postgresql.insert(states) if dialect == "postgresql" else sqlite.insert(states)
    place = tuple(states.c[name] for name in Place._fields)
    told = {"status": insert.excluded.status, "since": insert.excluded.since}
    is_different = states.c.status != insert.excluded.status
    return insert.on_conflict_do_update(index_elements=place, set_=told, where=is_different).returning(*place)


def _rounds(given: Iterable[Transition]) -> Sequence[Mapping[Place, Transition]]:
    """`given` in parts that have a place once each, in its order; one statement changes a row once.

    A part is in the order of its places: servers that write the same wait for each other, and never in a circle.
    """
    rounds: list[dict[Place, Transition]] = []
    for each in given:
        free = next((taken for taken in rounds if each.place not in taken), None)
        if free is None:
            rounds.append(free := {})
        free[each.place] = each
    return [dict(sorted(each.items())) for each in rounds]


def _row(given: Transition) -> Mapping[str, str | None]:
    return {
        **given.place._asdict(),
        "at": _text(given.at),
        "status": given.status.value,
        "reason": given.reason and storable(given.reason),
        "message": storable(given.message[:LONGEST_MESSAGE]),
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _transition(row: sa.Row[tuple[object, ...]]) -> Transition:
    place = Place(row.entity_ref, row.environment, row.cluster)
    return Transition(place, datetime.fromisoformat(row.at), Status(row.status), row.reason, row.message)
