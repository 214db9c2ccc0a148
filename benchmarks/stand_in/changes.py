"""Changes of the cluster at a rate: Deployments paused, resumed and described, pods replaced, objects touched."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.stand_in.collection import Collection
from benchmarks.stand_in.objects import PAUSED, RUNNING, Made

# An annotation that says nothing to Greenroom, and the one that takes its place: what people call a service.
DESCRIBED: Final = re.compile(rb'"(prometheus\.io/port|greenroom/description)": "[^"]*"')
# Seconds from now until a first change, so that nobody waits for the command's own answer.
LEAD: Final = 0.05


@dataclass(frozen=True)
class Change:
    """What was done to a service, at which moment of this machine's monotonic clock; `status` as Greenroom names it."""

    at: float
    service: str
    status: str


class Changes:
    """Makes changes one after another, in turn over the first `among` objects of a kind, and notes each."""

    def __init__(self, collections: Mapping[str, Collection]) -> None:
        self.log: list[Change] = []
        self._collections = collections
        self._turns = itertools.count(1)

    async def make(self, plural: str, how: str, count: int, rate: float, among: int) -> None:
        """Return when `count` changes were made, evenly spread at `rate` a second."""
        collection = self._collections[plural]
        chosen = [(each.made.namespace, each.made.name) for each in itertools.islice(collection, among)]
        began = time.monotonic() + LEAD
        for number in range(count):
            pause = began + number / rate - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            place = number % len(chosen)
            chosen[place] = self._change(collection, chosen[place], WAYS[how])

    def _change(self, collection: Collection, key: tuple[str, str], way: Way) -> tuple[str, str]:
        before = collection.get(*key).made
        after, status = way(before, next(self._turns))
        self.log.append(Change(time.monotonic(), before.service, status))
        if after.name != before.name:
            collection.remove(*key)
        collection.put(after)
        return after.namespace, after.name


def _pause(made: Made, _: int) -> tuple[Made, str]:
    if RUNNING in made.content:
        return dataclasses.replace(made, content=made.content.replace(RUNNING, PAUSED, 1)), "Suspended"
    return dataclasses.replace(made, content=made.content.replace(PAUSED, RUNNING, 1)), "Healthy"


def _replace(made: Made, turn: int) -> tuple[Made, str]:
    """Another pod in place of this one, as a rollout leaves it."""
    name = f"{made.name.rpartition('-')[0]}-{turn:08x}"
    content = made.content.replace(f'"name": "{made.name}"'.encode(), f'"name": "{name}"'.encode(), 1)
    uid = content.index(b'"uid": "') + len(b'"uid": "')
    end = content.index(b'"', uid)
    return dataclasses.replace(made, name=name, content=content[:uid] + f"u-{turn}".encode() + content[end:]), "Healthy"


def _describe(made: Made, turn: int) -> tuple[Made, str]:
    """Another description, which the service's entity in the catalog has too."""
    said = b'"greenroom/description": "In its %d. form"' % turn
    return dataclasses.replace(made, content=DESCRIBED.sub(said, made.content, count=1)), "Healthy"


def _touch(made: Made, _: int) -> tuple[Made, str]:
    """A new version that says nothing new, as most changes in a cluster do."""
    return made, "Healthy"


Way = Callable[[Made, int], tuple[Made, str]]
WAYS: Final[Mapping[str, Way]] = {
    "pause": _pause,
    "describe": _describe,
    "replace": _replace,
    "touch": _touch,
}
