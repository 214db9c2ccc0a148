"""The local platform as a whole: everything up, everything down, and what there is."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from greenroom.cli.client import Client
from greenroom.local import portal
from greenroom.local.configuration import write_settings
from greenroom.local.credentials import Credentials, ensure_credentials
from greenroom.local.errors import LocalPlatformError
from greenroom.local.examples import deploy_examples, publish_examples
from greenroom.local.layout import PORTS_FILE, Layout, remember_ports
from greenroom.local.parts import ENVIRONMENTS, all_parts
from greenroom.local.processes import Part, Processes, require_free

Say = Callable[[str], None]


@dataclass(frozen=True)
class PartState:
    """A part of the local platform as it is now."""

    name: str
    title: str
    address: str
    running: bool
    ready: bool


class LocalPlatform:
    """Starts and stops the parts in their order. Each operation can be repeated."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.processes = Processes(layout)

    def up(self, say: Say, *, with_portal: bool = True) -> None:
        """Start what does not run yet, and wait until all of it answers.

        Raises LocalPlatformError, naming the part and the remedy; what runs by then stays, and a
        second call goes on from there.
        """
        self._check_tools()
        with _alone(self.layout):
            self._up(say, with_portal=with_portal)

    def _up(self, say: Say, *, with_portal: bool) -> None:
        remember_ports(self.layout)
        credentials = ensure_credentials(self.layout)
        write_settings(self.layout, credentials)
        parts = {part.name: part for part in all_parts(self.layout, credentials)}
        if not with_portal:
            del parts["portal"]
        # All at once and before the long steps: a taken port should not show after five minutes of installing.
        for part in parts.values():
            if self.processes.running(part.name) is None:
                self.processes.end_leftovers(part.name)
                require_free(part)
        publish_examples(self.layout)
        if with_portal:
            portal.prepare(self.layout, say)
        for part in parts.values():
            self._start(part, say)
        self._deploy_examples(credentials, say)

    def down(self, say: Say) -> None:
        """Stop everything, the last started first. State stays."""
        with _alone(self.layout):
            self._down(say)

    def _down(self, say: Say) -> None:
        stopped = False
        for part in reversed(self._parts()):
            if self.processes.stop(part.name, part.stop_signal):
                say(f"{part.title} stopped")
                stopped = True
        if not stopped:
            say("Nothing was running")

    def restart(self, name: str, say: Say) -> None:
        """Stop and start one part."""
        part = next((each for each in self._parts() if each.name == name), None)
        if part is None:
            names = ", ".join(each.name for each in self._parts())
            raise LocalPlatformError(f'There is no part "{name}".', remedy=f"Parts: {names}.")
        with _alone(self.layout):
            self.processes.stop(part.name, part.stop_signal)
            self._start(part, say)

    def reset(self, say: Say) -> None:
        """Stop everything and remove all state; what was installed stays.

        Raises LocalPlatformError where no platform ever was: GREENROOM_HOME may name a folder of other things.
        """
        home = self.layout.home
        if not (home / PORTS_FILE).is_file():
            raise LocalPlatformError(f"There is no platform in {home}.", remedy="Check GREENROOM_HOME.")
        with _alone(self.layout):
            self._down(say)
            shutil.rmtree(home, ignore_errors=True)

    def status(self) -> list[PartState]:
        """Each part as it is now."""
        states = []
        for part in self._parts():
            running = self.processes.running(part.name) is not None
            states.append(PartState(part.name, part.title, part.address, running, running and part.ready()))
        return states

    def _parts(self) -> tuple[Part, ...]:
        return all_parts(self.layout, ensure_credentials(self.layout))

    def _start(self, part: Part, say: Say) -> None:
        started = time.monotonic()
        if self.processes.start(part):
            say(f"{part.title} is up at {part.address} ({time.monotonic() - started:.1f} s)")
        else:
            say(f"{part.title} is up at {part.address}")

    def _deploy_examples(self, credentials: Credentials, say: Say) -> None:
        client = Client(self.layout.ports.url("server"), credentials.token)
        # Both forget everything when they stop, and services need again what they had there.
        deploy_examples(client, ENVIRONMENTS, say, mark=self.processes.mark("aws", "vault"))

    def _check_tools(self) -> None:
        if shutil.which("git") is None:
            raise LocalPlatformError("git is not installed.", remedy="Install git and run make up again.")


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """One command at a time starts and stops parts. The system frees the lock of a command that is killed."""
    layout.home.mkdir(parents=True, exist_ok=True)
    with (layout.home / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalPlatformError(
                "Another command is starting or stopping this platform.", remedy="Wait until it is done, or end it."
            ) from None
        yield
