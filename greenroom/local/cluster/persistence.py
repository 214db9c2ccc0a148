"""A cluster's objects in a file, so that a restart keeps them.

The file is replaced as a whole and atomically: a process killed at any time leaves the last state or
the one before it, never a half.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from foundation.errors import InputError
from greenroom.local.cluster.objects import Manifest

# Seconds between the first change and the write: bursts become one write, a kill costs little.
WRITE_DELAY: Final = 1.0
# Versions that a killed process may have given out after its last write; clients must never see one
# again for something else. Far more than can be written within the delay.
VERSION_GAP: Final = 10_000
_FORMAT: Final = 1

Texts: TypeAlias = dict[str, tuple[str, str]]  # uid → resource version and JSON


@dataclass(frozen=True)
class State:
    """What is kept of a cluster. `breakages`: (namespace, deployment, how)."""

    version: int
    objects: list[Manifest]
    breakages: list[tuple[str, str, str]]


def load_state(path: Path) -> State | None:
    """The saved state, or None when there is none. Raises InputError for a file that is no such state."""
    try:
        content = json.loads(path.read_bytes())
        _check_format(content["format"])
        breakages = [(str(space), str(name), str(how)) for space, name, how in content["breakages"]]
        return State(int(content["resourceVersion"]) + VERSION_GAP, list(content["objects"]), breakages)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "Remove the file to start with an empty cluster."
        raise InputError(f"{path} does not hold the state of a simulated cluster: {error}.", remedy=remedy) from error


def _check_format(number: int) -> None:
    if number != _FORMAT:
        raise ValueError(f"its format is {number}, not {_FORMAT}")


def save_state(path: Path, state: State, known: Texts | None = None) -> None:
    """Replace the file. It is readable by its owner only, for it may hold secrets.

    `known` keeps the text of each object from one save to the next, so that only what changed is written anew.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, _pieces(state, {} if known is None else known))


def _pieces(state: State, known: Texts) -> Iterator[str]:
    """The file's content, object by object: between two of them other threads get their turn."""
    head = {"format": _FORMAT, "resourceVersion": state.version, "breakages": state.breakages}
    yield json.dumps(head)[:-1] + ', "objects": ['
    current = {each["metadata"]["uid"]: each for each in state.objects}
    for gone in known.keys() - current.keys():
        del known[gone]
    for place, (uid, manifest) in enumerate(current.items()):
        version = manifest["metadata"]["resourceVersion"]
        if known.get(uid, ("", ""))[0] != version:
            known[uid] = (version, json.dumps(manifest, separators=(",", ":")))
        yield (",\n" if place else "\n") + known[uid][1]
    yield "\n]}\n"


def write_private(path: Path, pieces: Iterable[str]) -> None:
    """Replace a file by one with that text, at once or not at all, that only its owner can read."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


class Saver:
    """Writes a cluster's state soon after it changed, from a thread, and at the end."""

    def __init__(self, path: Path, snapshot: Callable[[], State]) -> None:
        self._path = path
        self._snapshot = snapshot
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[None] | None = None
        self._known: Texts = {}

    def notice(self) -> None:
        """Something changed."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WRITE_DELAY, self._write)

    def _write(self) -> None:
        self._timer = None
        if self._writing is not None and not self._writing.done():
            self.notice()
            return
        loop = asyncio.get_running_loop()
        self._writing = loop.run_in_executor(None, save_state, self._path, self._snapshot(), self._known)

    async def close(self) -> None:
        """Write what is not written yet."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is not None:
            await self._writing
        await asyncio.to_thread(save_state, self._path, self._snapshot(), self._known)
