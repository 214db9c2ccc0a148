"""Runs `git` so that neither the machine's configuration nor a repository can change what it does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from foundation.errors import ServiceUnavailableError

# Seconds. The largest step is the fetch of one commit; a host that is silent this long is not answering.
TIMEOUT = 120


class GitCommandError(ServiceUnavailableError):
    """`git` failed; the message is its own last line, which never holds the credentials we pass."""


def git(
    arguments: Sequence[str],
    *,
    repository: Path | None = None,
    environment: Mapping[str, str] | None = None,
    input: bytes | None = None,  # noqa: A002 the name that subprocess gives it
) -> bytes:
    """What `git` prints. GitCommandError when it fails or takes over two minutes."""
    command = ["git", *(["--git-dir", str(repository)] if repository else []), *arguments]
    try:
        done = subprocess.run(
            command,
            input=input,
            env={**clean_environment(), **(environment or {})},
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError as error:
        raise GitCommandError("git is not installed.", remedy="Install git.") from error
    except subprocess.TimeoutExpired as error:
        raise GitCommandError(f"git {arguments[0]} did not finish in {TIMEOUT} s.") from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise GitCommandError(f"git {arguments[0]} failed: {lines[-1][:300]}")
    return done.stdout


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
