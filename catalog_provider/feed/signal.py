"""Wakes readers on their event loops when a thread has something new."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable


class Listener:
    """One reader's bell, for news of `topics` (None: of all). Rings that come while nobody waits count as one."""

    def __init__(self, loop: asyncio.AbstractEventLoop, topics: frozenset[str] | None) -> None:
        self.loop = loop
        self.topics = topics
        self._rung = asyncio.Event()

    async def wait(self) -> None:
        """Return at the next ring, or at once when it rang since the last wait."""
        await self._rung.wait()
        self._rung.clear()

    def ring(self) -> None:
        """Wake the reader; on the loop's thread only."""
        self._rung.set()


class _Ward:
    """The listeners of one event loop, and what rang there since the loop last looked."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.of_all: set[Listener] = set()
        self.by_topic: defaultdict[str, set[Listener]] = defaultdict(set)
        self.rung: set[str] = set()
        self.rung_for_all = False

    def add(self, listener: Listener) -> None:
        self.listeners.add(listener)
        if listener.topics is None:
            self.of_all.add(listener)
        for topic in listener.topics or ():
            self.by_topic[topic].add(listener)

    def discard(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        self.of_all.discard(listener)
        for topic in listener.topics or ():
            self.by_topic[topic].discard(listener)
            if not self.by_topic[topic]:
                del self.by_topic[topic]

    def take(self) -> Collection[Listener]:
        """Who is to be woken for what rang."""
        rung, self.rung = self.rung, set()
        for_all, self.rung_for_all = self.rung_for_all, False
        if for_all:
            return tuple(self.listeners)
        concerned = (self.by_topic[topic] for topic in rung if topic in self.by_topic)
        return self.of_all.union(*concerned)


class Signal:
    """Rings listeners from any thread, and never waits for one.

    A thousand readers of a hundred entities each are asleep while another entity changes: who is woken is looked up.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wards: dict[asyncio.AbstractEventLoop, _Ward] = {}

    def listen(self, topics: frozenset[str] | None = None) -> Listener:
        """A listener on the running event loop. Give it back with `leave`."""
        listener = Listener(asyncio.get_running_loop(), topics)
        with self._lock:
            self._wards.setdefault(listener.loop, _Ward()).add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            ward = self._wards.get(listener.loop)
            if ward is None:
                return
            ward.discard(listener)
            if not ward.listeners:
                del self._wards[listener.loop]

    def ring(self, topics: Iterable[str] | None = None) -> None:
        """Wake who listens for one of `topics` (None: everyone), with one hop into each loop for all until it looks."""
        with self._lock:
            hops = [loop for loop, ward in self._wards.items() if not (ward.rung or ward.rung_for_all)]
            for ward in self._wards.values():
                ward.rung.update(topics or ())
                ward.rung_for_all = ward.rung_for_all or topics is None
        for loop in hops:
            try:
                loop.call_soon_threadsafe(self._ring_on, loop)
            except RuntimeError:  # the loop has closed since; so have its readers
                with self._lock:
                    self._wards.pop(loop, None)

    def _ring_on(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            ward = self._wards.get(loop)
            woken = ward.take() if ward else ()
        for listener in woken:
            listener.ring()

    def __len__(self) -> int:
        with self._lock:
            return sum(len(ward.listeners) for ward in self._wards.values())
