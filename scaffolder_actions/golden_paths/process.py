"""A worker process: started with an empty environment, asked with a time limit, killed when it does not answer."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaffolder_actions.golden_paths.confinement import PROCESSOR_TIME
from scaffolder_actions.golden_paths.errors import RendererUnavailableError, RenderingError

# Seconds for the worker to import cookiecutter, which takes 0.3 s on an idle machine.
START = 30.0
# Bytes of an answer: a name or a message. More is not an answer.
LONGEST_ANSWER = 64 * 1024
# Bytes that a pipe takes whether or not the other side reads; a request must not block.
LONGEST_REQUEST = 60 * 1024
# Bytes of what the worker said last, for the log.
_LAST_WORDS = 2000


class WorkerProcess:
    """One worker. It is not for several threads at once."""

    def __init__(self, home: Path) -> None:
        self._said = tempfile.TemporaryFile(dir=home)  # noqa: SIM115  lives as long as the process
        self._process = subprocess.Popen(
            # -I: nothing of the environment or the current folder is imported. -B: nothing is written.
            [sys.executable, "-I", "-B", "-m", "scaffolder_actions.golden_paths.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            cwd=home,
            env={"HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", "PATH": os.defpath},
            # Signals to the server's group, such as ^C, are the server's to handle.
            start_new_session=True,
        )
        self._unread = b""
        try:
            self._answer(START)
        except RenderingError as error:
            said = self.last_words()
            self.stop()
            raise RendererUnavailableError(
                "Golden paths cannot be rendered: the worker does not start.",
                remedy=f"It said: {said or error.message}",
            ) from error

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: Mapping[str, object], seconds: float) -> dict[str, Any]:
        """The answer to `request`. Raises RenderingError when there is none in time, and the worker is dead then."""
        line = json.dumps(request).encode() + b"\n"
        if len(line) > LONGEST_REQUEST:
            raise RenderingError("The values are too long together.", remedy="Shorten them.")
        assert self._process.stdin is not None  # noqa: S101  it was asked for
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line)
            self._process.stdin.flush()
        return self._answer(seconds)

    def last_words(self) -> str:
        """What the worker wrote to its standard error last."""
        self._said.seek(max(0, self._said.seek(0, os.SEEK_END) - _LAST_WORDS))
        return self._said.read().decode(errors="replace").strip()

    def stop(self) -> None:
        """End the worker; it has nothing to finish."""
        self._kill()
        for stream in (self._process.stdin, self._process.stdout, self._said):
            # What was not sent to a dead worker is not sent any more.
            with contextlib.suppress(BrokenPipeError):
                if stream is not None:
                    stream.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answer(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        assert self._process.stdout is not None  # noqa: S101  it was asked for
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self._kill()
                    raise RenderingError(
                        f"Rendering took longer than {seconds:.0f} s.", remedy="Simplify the templates."
                    )
                part = os.read(self._process.stdout.fileno(), LONGEST_ANSWER)
                if not part or len(self._unread) > LONGEST_ANSWER:
                    self._kill()
                    raise RenderingError(*self._cause_of_death())
                self._unread += part
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _cause_of_death(self) -> tuple[str]:
        if self._process.returncode == -signal.SIGXCPU:
            return (f"Rendering took more than {PROCESSOR_TIME} s of processor time.",)
        return ("Rendering ended before it was done.",)
