from __future__ import annotations

import asyncio
import threading

from catalog_provider.feed.signal import Signal


def test_a_thread_wakes_every_listener() -> None:
    """A ring from any thread reaches all that listen, and several rings may arrive as one."""

    async def scenario() -> int:
        signal = Signal()
        listeners = [signal.listen() for _ in range(3)]
        thread = threading.Thread(target=signal.ring)
        thread.start()
        signal.ring()
        async with asyncio.timeout(5):
            await asyncio.gather(*(listener.wait() for listener in listeners))
        thread.join()
        for listener in listeners:
            signal.leave(listener)
        return len(signal)

    assert asyncio.run(scenario()) == 0


def test_only_who_listens_for_it_is_woken() -> None:
    """A ring for a topic wakes those who named it and those who named none; a ring for all wakes everyone."""

    async def scenario() -> None:
        signal = Signal()
        named, other, everything = (
            signal.listen(frozenset({"a", "b"})),
            signal.listen(frozenset({"c"})),
            signal.listen(),
        )
        asleep = asyncio.ensure_future(other.wait())
        await asyncio.to_thread(signal.ring, ["b", "x"])
        async with asyncio.timeout(5):
            await asyncio.gather(named.wait(), everything.wait())
        assert not asleep.done()
        await asyncio.to_thread(signal.ring)
        async with asyncio.timeout(5):
            await asyncio.gather(named.wait(), everything.wait(), asleep)
        for listener in (named, other, everything):
            signal.leave(listener)
        assert len(signal) == 0

    asyncio.run(scenario())


def test_listeners_of_a_closed_loop_do_no_harm() -> None:
    """A reader whose loop is gone is dropped at the next ring."""
    signal = Signal()

    async def leave_without_saying() -> None:
        signal.listen()

    asyncio.run(leave_without_saying())
    assert len(signal) == 1
    signal.ring()
    assert len(signal) == 0
