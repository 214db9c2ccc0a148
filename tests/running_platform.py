"""The whole local platform on ports of its own, for the tests that need all of it."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

import requests

from greenroom.cli.client import Client
from greenroom.local.layout import Layout, Ports
from greenroom.local.parts import portal_part, server_part
from greenroom.local.platform import LocalPlatform

T = TypeVar("T")
# Seconds. Nothing is judged by it: it only ends a test that would wait for ever.
PATIENCE = 60


def eventually(look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
    """Wait until `look` gives something, and return that."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come about within {patience} s")


@dataclass
class Platform:
    """A running local platform with a real Backstage."""

    layout: Layout
    local: LocalPlatform
    client: Client

    @property
    def portal(self) -> str:
        return self.layout.ports.url("portal")

    @property
    def server(self) -> str:
        return self.layout.ports.url("server")

    def guest(self) -> dict[str, str]:
        """Headers of someone who is signed in to Backstage."""
        answer = requests.post(f"{self.portal}/api/auth/guest/refresh", json={}, timeout=10)
        answer.raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['backstageIdentity']['token']}"}

    def backstage(self, path: str, **options: Any) -> requests.Response:
        """What Backstage's backend answers to someone who is signed in."""
        method = options.pop("method", "GET")
        return requests.request(method, f"{self.portal}/api/{path}", headers=self.guest(), timeout=30, **options)

    def kill(self, part: str) -> None:
        """End a part as a power cut would."""
        process = self.local.processes.running(part)
        assert process is not None
        # The first process first: it would put another in the place of a child that dies.
        family = [process, *process.children(recursive=True)]
        for each in family:
            os.kill(each.pid, signal.SIGKILL)
        for each in family:
            each.wait()

    def start(self, part: str) -> None:
        """Start a part again."""
        self.local.processes.start({"server": server_part, "portal": portal_part}[part](self.layout))


def free_ports() -> Ports:
    """A free port for each part."""
    with ExitStack() as stack:
        ports = {}
        for each in dataclasses.fields(Ports):
            probe = stack.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            ports[each.name] = probe.getsockname()[1]
    return Ports(**ports)
