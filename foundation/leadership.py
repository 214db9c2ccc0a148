"""Of several processes on one machine, one does a thing; when it dies, another takes over at once.

No clock decides: the system takes the lock away from a holder that dies, by `kill -9` too, and gives it to one of
those that wait for it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


def end_this_process() -> None:
    """Stop as if told to; whoever keeps processes running starts a fresh one."""
    os.kill(os.getpid(), signal.SIGTERM)


class Leadership:
    """Waits for its turn from `start` to `stop`; `begin` is called in a thread once it has come, `end` when it is over.

    `lock` is a file for each thing to be done; its file system must have locks, which those of networks may not.
    Where `begin` fails, the turn passes on and `give_up` is called: half of what it started may be there.
    """

    def __init__(
        self,
        lock: Path,
        begin: Callable[[], None],
        end: Callable[[], None],
        give_up: Callable[[], None] = end_this_process,
    ) -> None:
        self._path = lock
        self._begin = begin
        self._end = end
        self._give_up = give_up
        self._changing = threading.Lock()
        self._stopped = False
        self._held: int | None = None

    def start(self) -> None:
        """Wait in line; returns at once."""
        # A daemon, for nothing wakes it out of its wait when the server stops before its turn.
        threading.Thread(target=self._wait, name=f"turn-{self._path.stem}", daemon=True).start()

    def stop(self) -> None:
        """Leave the line, or end what was begun and let the next one have it."""
        with self._changing:
            self._stopped = True
            if self._held is None:
                return
            try:
                self._end()
            finally:
                os.close(self._held)
                self._held = None

    def _wait(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # The file stays when the lock goes: to remove it would let two processes lock two files of one name.
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with self._changing:
            if self._stopped:
                os.close(descriptor)
                return
            try:
                self._begin()
            except Exception:
                log.exception("start failed", of=self._path.stem)
                os.close(descriptor)
            else:
                self._held = descriptor
                return
        self._give_up()
