"""Whether a cluster's API answers: connected, refusing connections, or hanging without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, TypeAlias

ReachabilityState: TypeAlias = Literal["connected", "refused", "hanging"]


class Reachability:
    """The state of one cluster's API, and who has to hear when it changes."""

    def __init__(self) -> None:
        self.state: ReachabilityState = "connected"
        # Counts the interruptions, so that a stream knows whether one happened since it began.
        self.interruptions = 0
        self._listeners: dict[int, Callable[[], None]] = {}
        self._connected = asyncio.Event()
        self._connected.set()

    def set(self, state: ReachabilityState) -> None:
        """Change the state and tell the open streams."""
        if state == self.state:
            return
        self.state = state
        if state == "connected":
            self._connected.set()
        else:
            self.interruptions += 1
            self._connected.clear()
        for listener in tuple(self._listeners.values()):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each change; the result ends that."""
        self._listeners[id(listener)] = listener
        return lambda: self._listeners.pop(id(listener), None) and None

    async def wait_until_connected(self) -> None:
        """Return once the API answers again."""
        await self._connected.wait()
