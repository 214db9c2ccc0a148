"""A platform without its portal, and the command as a user runs it against it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from greenroom.local.layout import Layout
from greenroom.local.platform import LocalPlatform
from tests.running_platform import free_ports

Greenroom = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running platform, with its two example services."""
    local = LocalPlatform(Layout(tmp_path_factory.mktemp("command"), free_ports()))
    try:
        local.up(print, with_portal=False)
        yield local.layout.home
    finally:
        local.down(print)


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """What a shell has in which that platform was started: other servers are not looked at."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    return {**kept, "GREENROOM_HOME": str(home)}


@pytest.fixture
def greenroom(environment: dict[str, str]) -> Greenroom:
    """The command in that shell, outside of any terminal."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "greenroom", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL
        )

    return run


@pytest.fixture
def examples(checkout: Path) -> Path:
    return checkout / "examples"
