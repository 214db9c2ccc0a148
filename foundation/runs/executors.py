"""Says which servers are alive: each holds a lock as long as it lives, and the system takes it away at its death.

No clock decides: a server that was stopped for a minute still holds its lock, and one that was killed has lost
it at once. With SQLite it is a lock on a file beside the database, with PostgreSQL an advisory lock of a session.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

# More servers of one name than this on one database mean that locks are not given back.
MOST_SLOTS = 1_000


class Lock(Protocol):
    """A lock that was taken."""

    def is_held(self) -> bool:
        """Whether it still is: a database may end a session that holds one."""

    def release(self) -> None: ...


class FileLock:
    """A lock on a file, held by this process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def is_held(self) -> bool:
        return True

    def release(self) -> None:
        os.close(self._descriptor)


class SessionLock:
    """An advisory lock of a PostgreSQL session that is kept open for it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def is_held(self) -> bool:
        try:
            self._connection.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:
            return False
        return True

    def release(self) -> None:
        # Detached from the pool, so this ends the session and with it the lock.
        with suppress(sa.exc.SQLAlchemyError):
            self._connection.close()


# Takes the lock of an executor, or gives None when its holder is alive.
TryLock = Callable[[str], Lock | None]


def lock_files(folder: Path) -> TryLock:
    """Locks as files in `folder`."""

    def try_lock(executor: str) -> Lock | None:
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9._-]", "_", executor)
        # The file stays when the lock goes: to remove it would let two processes lock two files of one name.
        descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return FileLock(descriptor)

    return try_lock


def lock_sessions(engine: sa.Engine) -> TryLock:
    """Locks in the PostgreSQL database of `engine`."""
    taking = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")

    def try_lock(executor: str) -> Lock | None:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(taking, {"name": f"greenroom executor {executor}"}).scalar():
            connection.detach()
            return SessionLock(connection)
        connection.close()
        return None

    return try_lock


def take_slot(executor: str, try_lock: TryLock) -> tuple[str, Lock]:
    """The first free name `<executor>-<n>`, and its lock: a server that comes back gets its old name and its runs."""
    for number in range(MOST_SLOTS):
        name = f"{executor}-{number}"
        lock = try_lock(name)
        if lock is not None:
            return name, lock
    raise RuntimeError(f"All {MOST_SLOTS} names of executor {executor} are taken.")
