"""Runs `git` so that neither the machine's configuration nor a repository can change what it does."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from foundation.errors import PayloadTooLargeError, ServiceUnavailableError

# Seconds. The largest step is the fetch of one commit; a host that is silent this long is not answering.
TIMEOUT = 120
# Bytes that a command may print: a list of a million files. A few kilobytes of nested trees can name billions.
LARGEST_OUTPUT = 64 * 1024 * 1024
_PIECE = 64 * 1024


class GitCommandError(ServiceUnavailableError):
    """`git` failed; the message is its own last line, which never holds the credentials we pass."""


def git(
    arguments: Sequence[str], *, repository: Path | None = None, environment: Mapping[str, str] | None = None
) -> bytes:
    """What `git` prints.

    Raises GitCommandError when it fails or takes over two minutes, PayloadTooLargeError when it prints over 64 MiB.
    """
    printed = io.BytesIO()
    git_into(printed, arguments, repository=repository, environment=environment)
    return printed.getvalue()


def git_into(
    target: IO[bytes],
    arguments: Sequence[str],
    *,
    repository: Path | None = None,
    environment: Mapping[str, str] | None = None,
    limit: int = LARGEST_OUTPUT,
) -> None:
    """Write what `git` prints into `target`. Raises as `git` does, with `limit` bytes for its 64 MiB."""
    command = ["git", *(["--git-dir", str(repository)] if repository else []), *arguments]
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                command,
                env={**clean_environment(), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        except FileNotFoundError as error:
            raise GitCommandError("git is not installed.", remedy="Install git.") from error
        ended_late = threading.Event()

        def end() -> None:
            ended_late.set()
            process.kill()

        alarm = threading.Timer(TIMEOUT, end)
        alarm.start()
        try:
            _copy(process, target, limit, arguments[0])
            status = process.wait()
        finally:
            alarm.cancel()
            process.kill()
            process.wait()
        if ended_late.is_set():
            raise GitCommandError(f"git {arguments[0]} did not finish in {TIMEOUT} s.")
        if status:
            raise GitCommandError(f"git {arguments[0]} failed: {_last_line(said)}")


def _copy(process: subprocess.Popen[bytes], target: IO[bytes], limit: int, what: str) -> None:
    assert process.stdout is not None  # noqa: S101 it was asked for
    with process.stdout as printed:
        left = limit
        while piece := printed.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise PayloadTooLargeError(
                    f"The repository is too large: git {what} gives more than {limit:,} bytes.",
                    remedy="Keep large files and generated ones elsewhere.",
                )
            target.write(piece)


def _last_line(said: IO[bytes]) -> str:
    # The reason stands at the end, however much was said before.
    said.seek(max(0, said.seek(0, io.SEEK_END) - _PIECE))
    lines = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
    return lines[-1][:300]


def clean_environment() -> dict[str, str]:
    """An environment without prompts, hooks of the machine, or any `GIT_` variable of the caller."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "SSL_CERT_FILE"}}
    return kept | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "http:https:file",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "core.hooksPath",
        "GIT_CONFIG_VALUE_0": os.devnull,
        "GIT_CONFIG_KEY_1": "safe.directory",
        "GIT_CONFIG_VALUE_1": "*",
    }


def with_header(header: str) -> dict[str, str]:
    """Environment that adds an HTTP header, so that a token stands neither in an argument nor in an address."""
    return {"GIT_CONFIG_COUNT": "3", "GIT_CONFIG_KEY_2": "http.extraHeader", "GIT_CONFIG_VALUE_2": header}
