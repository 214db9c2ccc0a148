"""Starts the building process with nothing of ours in its environment, listens to it, and ends it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Self

from foundation.jsontypes import JsonObject
from techdocs.errors import BuildFailedError, WorkerError

Level = Literal["info", "warn", "error"]
# Takes one line of the build log.
Log = Callable[[str, Level], None]
# Raises when the build should end.
Check = Callable[[], None]
# Seconds between two checks: how late a cancellation is noticed.
CHECK_SECONDS = 0.5


@dataclass(frozen=True)
class Limits:
    """What one build may take before it is ended."""

    # Seconds. The largest site measured, 108 pages of 1.9 MB, took 20 s.
    seconds: float = 300.0
    # Bytes of address space. MkDocs with the Material theme has about 300 MB of it before the first page.
    memory: int = 2 * 1024**3
    # Bytes of one written file; the search index is the largest.
    file: int = 256 * 1024**2
    # Lines of the log. MkDocs warns once for each broken link.
    lines: int = 2_000
    # Characters of one line.
    line: int = 4_000


def run_worker(
    settings: JsonObject,
    *,
    docs: Path,
    site: Path,
    snippets: Path,
    log: Log,
    limits: Limits | None = None,
    check: Check,
) -> int:
    """Build the pages in `docs` into `site` and return how many pages came out.

    Raises BuildFailedError where MkDocs refuses or the limits are met, WorkerError where the process dies, and
    whatever `check` raises.
    """
    limits = limits or Limits()
    order: JsonObject = {
        "settings": settings,
        "docs": str(docs),
        "site": str(site),
        "snippets": str(snippets.resolve()),
        "processor_seconds": int(limits.seconds),
        "memory": limits.memory,
        "file": limits.file,
    }
    with _started(docs.parent) as process, _Supervision(process, limits.seconds, check) as supervision:
        answer = _converse(process, order, log, limits)
    if supervision.ended_by is not None:
        raise supervision.ended_by
    return _judge(answer, process.returncode)


class _Supervision:
    """Ends the process when its time is over, or when `check` raises; `ended_by` then says why."""

    def __init__(self, process: subprocess.Popen[str], seconds: float, check: Check) -> None:
        self.ended_by: BaseException | None = None
        self._process = process
        self._deadline = time.monotonic() + seconds
        self._seconds = seconds
        self._check = check
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="docs-supervision", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(CHECK_SECONDS):
            try:
                self._check()
                self._measure()
            except BaseException as error:  # noqa: BLE001 it is raised again where the build was asked for
                self.ended_by = error
                _end(self._process)
                return

    def _measure(self) -> None:
        if time.monotonic() >= self._deadline:
            raise BuildFailedError(
                f"The build took longer than {self._seconds:g} seconds.", remedy="Make the pages smaller."
            )


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    process = subprocess.Popen(
        # -I: no variable and no folder of the caller decides what is imported.
        [sys.executable, "-I", "-m", "techdocs.building.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(scratch),
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                _close(stream)


def _environment(scratch: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        # The same pages give the same bytes, whenever they are built, so that an unchanged file is not uploaded anew.
        "SOURCE_DATE_EPOCH": "315532800",
        # Both can include files of the machine in a picture.
        "PLANTUML_SECURITY_PROFILE": "SANDBOX",
        "SERVER_NAME": "greenroom",
    }


def _converse(process: subprocess.Popen[str], order: JsonObject, log: Log, limits: Limits) -> JsonObject:
    """Send the order, pass the log on, and return the last answer; empty where there was none."""
    if process.stdin is None or process.stdout is None:
        raise WorkerError("The building process has no pipes.")
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(order))
        process.stdin.close()
    answer: JsonObject = {}
    count = 0
    for message in _messages(process.stdout, limits.line):
        if "level" not in message:
            answer = message
            continue
        count += 1
        if count <= limits.lines:
            level: Level = "error" if message["level"] == "error" else "warn" if message["level"] == "warn" else "info"
            log(str(message["message"])[: limits.line], level)
        elif count == limits.lines + 1:
            log(f"More than {limits.lines} lines; the others are left out.", "warn")
    return answer


def _messages(stream: IO[str], longest: int) -> Iterator[JsonObject]:
    # Twice and more the length of a message: JSON writes some characters as six.
    while line := stream.readline(8 * longest):
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message


def _judge(answer: JsonObject, code: int | None) -> int:
    pages = answer.get("pages")
    if isinstance(pages, int):
        return pages
    if "failure" in answer:
        raise BuildFailedError(f"MkDocs could not build the documentation: {answer['failure']}")
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise BuildFailedError(
            "The build took more processor time or memory than it may.", remedy="Make the pages smaller."
        )
    raise WorkerError(f"The building process ended with {code} and without an answer.")


def _end(process: subprocess.Popen[str]) -> None:
    """End the process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _close(stream: IO[str] | None) -> None:
    if stream is not None:
        stream.close()
