"""Starts, finds and stops the processes of the local platform, which outlive the command that started them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from greenroom.local.errors import LocalPlatformError
from greenroom.local.layout import Layout, write_whole

# Seconds for a process to end by itself before it is killed: PostgreSQL writes a checkpoint first.
PATIENCE = 10
# Seconds between looks at whether a part answers.
LOOK = 0.1
# Hexadecimal digits: more than anybody restarts a platform on a laptop.
MARK = 8


@dataclass(frozen=True)
class Part:
    """One process of the local platform."""

    name: str
    # What people read, such as "PostgreSQL 18".
    title: str
    command: tuple[str, ...]
    port: int
    address: str
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # Seconds to answer after the start; the portal compiles its backend while it starts.
    start_limit: float = 60


class Processes:
    """The processes of one local platform, by their pid files."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def running(self, name: str) -> psutil.Process | None:
        """The live process of a part. A pid that the system gave to another program since does not count."""
        try:
            pid, created = self._started(name)
            process = psutil.Process(pid)
            same = abs(process.create_time() - created) < 1
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except (OSError, ValueError, psutil.Error):
            return None

    def leftovers(self, name: str) -> list[psutil.Process]:
        """What a part started and left behind when it was killed, such as a server's worker that keeps the port."""
        try:
            session, created = self._started(name)
        except (OSError, ValueError):
            return []
        # Each part leads a session of its own, whose number stays while one of its processes lives. A living leader
        # is either the part itself, which is stopped as a whole, or a stranger who was given the number since.
        if _lives(session) or created < psutil.boot_time() - 1:
            return []
        return [process for process in psutil.process_iter() if _in_session(process, session)]

    def start(self, part: Part) -> bool:
        """Start a part and wait until it answers; False when it ran already."""
        if self.running(part.name) is not None:
            self._wait(part)
            return False
        self.end_leftovers(part.name)
        require_free(part)
        self.layout.run.mkdir(parents=True, exist_ok=True)
        self.layout.logs.mkdir(parents=True, exist_ok=True)
        with self.log_file(part.name).open("wb") as log:
            child = subprocess.Popen(
                part.command,
                cwd=part.folder or self.layout.home,
                env={**_inherited(), **part.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        created = psutil.Process(child.pid).create_time()
        write_whole(self._pid_file(part.name), f"{child.pid} {created}")
        self._wait(part, child)
        return True

    def stop(self, name: str, stop_signal: signal.Signals = signal.SIGTERM) -> bool:
        """End a part and everything it started; False when nothing of it ran."""
        process = self.running(name)
        if process is None:
            ended = self.end_leftovers(name)
            self._pid_file(name).unlink(missing_ok=True)
            return ended
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end by itself meanwhile
            family = [process, *process.children(recursive=True)]
            process.send_signal(stop_signal)
            _end(_survivors(family))
        self.end_leftovers(name)
        self._pid_file(name).unlink(missing_ok=True)
        return True

    def end_leftovers(self, name: str) -> bool:
        """End what a killed part left behind; False when there is nothing."""
        left = self.leftovers(name)
        _end(left)
        return bool(left)

    def mark(self, *names: str) -> str:
        """A word that is another one as soon as one of these parts is started anew."""
        started = " ".join(self._pid_file(name).read_text(encoding="ascii") for name in names)
        return hashlib.sha256(started.encode()).hexdigest()[:MARK]

    def log_file(self, name: str) -> Path:
        """Where a part writes what it says."""
        return self.layout.logs / f"{name}.log"

    def _pid_file(self, name: str) -> Path:
        return self.layout.run / f"{name}.pid"

    def _started(self, name: str) -> tuple[int, float]:
        """The pid a part was started with, and when; OSError or ValueError when that is not known."""
        pid, created = self._pid_file(name).read_text(encoding="ascii").split()
        return int(pid), float(created)

    def _wait(self, part: Part, child: subprocess.Popen[bytes] | None = None) -> None:
        deadline = time.monotonic() + part.start_limit
        while not part.ready():
            if child is not None and child.poll() is not None:
                raise self._failure(part, f"stopped while it started (exit {child.returncode})")
            if time.monotonic() > deadline:
                raise self._failure(part, f"did not answer within {part.start_limit:.0f} s")
            time.sleep(LOOK)

    def _failure(self, part: Part, what: str) -> LocalPlatformError:
        log = self.log_file(part.name)
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.is_file() else []
        said = next((line.strip() for line in reversed(lines) if "rror" in line), lines[-1].strip() if lines else "")
        return LocalPlatformError(
            f"{part.title} {what}{f': {said[:300]}' if said else ''}.", remedy=f"Its whole log: {log}"
        )


def require_free(part: Part) -> None:
    """LocalPlatformError, with who holds it where that shows, when the part's port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", part.port))
        except OSError:
            raise LocalPlatformError(
                f"Port {part.port}, which {part.title} needs, is taken{_holder(part.port)}.",
                remedy=f"Stop it, or run GREENROOM_LOCAL_PORTS={part.name}=<another port> make up",
            ) from None


def answers(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(processes: list[psutil.Process]) -> None:
    """Kill what is left of a part; none of it can do anything in order any more."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _survivors(processes)


def _survivors(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended after PATIENCE.

    A zombie has ended: whoever is to collect it may take its time.
    """
    deadline = time.monotonic() + PATIENCE
    while (alive := [each for each in processes if _lives(each.pid)]) and time.monotonic() < deadline:
        time.sleep(LOOK)
    return alive


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _in_session(process: psutil.Process, session: int) -> bool:
    try:
        return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, psutil.Error):
        return False


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections(kind="tcp"):
            listening = connection.status == psutil.CONN_LISTEN and connection.laddr
            if listening and listening.port == port and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:  # other people's processes show to root alone on macOS
        pass
    return ""


def _inherited() -> dict[str, str]:
    """The caller's environment, less what is meant for one part of Greenroom.

    The parts talk to one another directly: a company's proxy cannot reach this machine's loopback.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    direct = ",".join(filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), "localhost,127.0.0.1"]))
    return {**kept, "NO_PROXY": direct, "no_proxy": direct}
