"""Wakes readers on their event loops when a thread has something new."""

from __future__ import annotations

import asyncio
import threading


class Listener:
    """One reader's bell. Rings that come while nobody waits count as one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._rung = asyncio.Event()

    async def wait(self) -> None:
        """Return at the next ring, or at once when it rang since the last wait."""
        await self._rung.wait()
        self._rung.clear()

    def ring(self) -> None:
        """Wake the reader; on the loop's thread only."""
        self._rung.set()


class Signal:
    """Rings every listener from any thread, and never waits for one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[asyncio.AbstractEventLoop, set[Listener]] = {}

    def listen(self) -> Listener:
        """A listener on the running event loop. Give it back with `leave`."""
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.setdefault(listener.loop, set()).add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            remaining = self._listeners.get(listener.loop, set())
            remaining.discard(listener)
            if not remaining:
                self._listeners.pop(listener.loop, None)

    def ring(self) -> None:
        """Wake all listeners: one hop into each event loop, however many listen there."""
        with self._lock:
            loops = list(self._listeners)
        for loop in loops:
            try:
                loop.call_soon_threadsafe(self._ring_on, loop)
            except RuntimeError:  # the loop has closed since; so have its readers
                with self._lock:
                    self._listeners.pop(loop, None)

    def _ring_on(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            listeners = list(self._listeners.get(loop, ()))
        for listener in listeners:
            listener.ring()

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self._listeners.values()))
