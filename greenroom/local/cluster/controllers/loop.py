"""Runs the controllers: a change leads to keys, a key to one look at the object, soon and only once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from greenroom.local.cluster.clock import Clock, Timer
from greenroom.local.cluster.controllers.recorder import Recorder
from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.objects import Manifest, name_of, namespace_of
from greenroom.local.cluster.operations import Operations
from greenroom.local.cluster.storage import Change, Store

Key: TypeAlias = tuple[str, str]  # namespace, name

MANAGER: Final = "kube-controller-manager"

# Looks before requests get their turn again: a few milliseconds of work.
_BATCH: Final = 20


@dataclass(frozen=True)
class Context:
    """What controllers work with. `pace` multiplies every wait: 1 is the simulation's normal speed, 0 is at once."""

    store: Store
    operations: Operations
    clock: Clock
    recorder: Recorder
    pace: float

    def after(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back after so many seconds at pace 1."""
        return self.clock.call_later(seconds * self.pace, callback)


class Controller(Protocol):
    """One controller. `keys`: the objects to look at after a change; `reconcile`: one look."""

    def keys(self, change: Change) -> Iterable[Key]: ...

    def reconcile(self, key: Key) -> None: ...


def key_of(manifest: Manifest) -> Key:
    """The key of an object."""
    return namespace_of(manifest), name_of(manifest)


class ControllerLoop:
    """The queue in front of all controllers of a cluster."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._controllers: list[Controller] = []
        self._queue: dict[tuple[int, Key], None] = {}
        self._scheduled = False
        self._log = logging.getLogger("greenroom.local.cluster")

    def add(self, controller: Controller) -> None:
        """Run one more controller."""
        self._controllers.append(controller)

    def notice(self, change: Change) -> None:
        """Queue what the change makes necessary."""
        for place, controller in enumerate(self._controllers):
            for key in controller.keys(change):
                self._put(place, key)

    def enqueue(self, controller: Controller, key: Key) -> None:
        """Queue one look."""
        self._put(self._controllers.index(controller), key)

    def _put(self, place: int, key: Key) -> None:
        self._queue[place, key] = None
        if not self._scheduled:
            self._scheduled = True
            self._clock.call_later(0, self._drain)

    def _drain(self) -> None:
        self._scheduled = False
        for _ in range(min(_BATCH, len(self._queue))):
            place, key = next(iter(self._queue))
            del self._queue[place, key]
            try:
                self._controllers[place].reconcile(key)
            except StatusError as error:
                # What somebody asked for leads to an object that the API refuses, as it can in earnest.
                self._log.warning("%s: %s", "/".join(key), error.message)
            except Exception:  # noqa: BLE001 - logged with its trace below
                # One object that a controller cannot handle must not stop the cluster.
                self._log.exception("%s failed on %s", type(self._controllers[place]).__name__, "/".join(key))
        if self._queue and not self._scheduled:
            self._scheduled = True
            self._clock.call_later(0, self._drain)
