"""Tells the followers of a run in this process that there is something new, without a look at the database."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Bulletin:
    """Wakes the followers of a run. Threads post, event loops wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followers: defaultdict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = defaultdict(set)

    def post(self, run_id: str) -> None:
        """Wake every follower of the run. May be called in any thread."""
        with self._lock:
            followers = list(self._followers.get(run_id, ()))
        for loop, event in followers:
            try:
                loop.call_soon_threadsafe(event.set)
            except RuntimeError:
                # The follower's loop ended between the two lines; nobody waits there any more.
                continue

    @contextmanager
    def subscribe(self, run_id: str) -> Iterator[asyncio.Event]:
        """An event of the running loop that is set at each post until the block ends."""
        follower = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._followers[run_id].add(follower)
        try:
            yield follower[1]
        finally:
            with self._lock:
                self._followers[run_id].discard(follower)
                if not self._followers[run_id]:
                    del self._followers[run_id]
