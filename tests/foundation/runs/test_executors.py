"""Locks that say which servers live."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from foundation.runs.executors import TryLock, lock_files, lock_sessions, take_slot
from foundation.runs.tables import normalised_url, open_database
from foundation.settings import StateSettings

from .conftest import Kinds


@pytest.fixture
def database(state: StateSettings) -> Iterator[sa.Engine]:
    engine = open_database(normalised_url(state.database_url()))
    yield engine
    engine.dispose()


@pytest.fixture
def try_lock(state: StateSettings, database: sa.Engine) -> TryLock:
    return lock_sessions(database) if state.database else lock_files(state.directory / "executors")


def test_one_holder(try_lock: TryLock) -> None:
    """A name has one holder, and is free again when that one gives it back."""
    lock = try_lock("docs-live")
    assert lock is not None
    assert lock.is_held()
    assert try_lock("docs-live") is None
    other = try_lock("docs")
    assert other is not None
    other.release()
    lock.release()
    again = try_lock("docs-live")
    assert again is not None
    again.release()


def test_the_first_free_name(try_lock: TryLock) -> None:
    """Servers of one name get numbers, and who comes back gets the number that is free."""
    first, second = take_slot("all", try_lock), take_slot("all", try_lock)
    assert (first[0], second[0]) == ("all-0", "all-1")
    first[1].release()
    third = take_slot("all", try_lock)
    assert third[0] == "all-0"
    second[1].release()
    third[1].release()


def test_a_lost_session_is_taken_again(state: StateSettings, database: sa.Engine) -> None:
    """A database that ends the session of a living server does not make its runs another one's."""
    if not state.database:
        # A lock on a file cannot be lost.
        return
    kinds = Kinds(state)
    kinds.engine.start()
    try:
        worker = kinds.engine._worker
        assert worker is not None
        with database.connect() as connection:
            holders = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            assert connection.execute(sa.text(holders)).all()
        assert not worker._lock.is_held()
        worker._keep_place()
        assert worker._lock.is_held()
        assert lock_sessions(database)("test-0") is None
    finally:
        kinds.engine.stop()
