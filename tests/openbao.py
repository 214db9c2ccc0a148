"""An OpenBao server for tests: the real one, unsealed, in memory."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT_TOKEN = "root-token-of-the-tests"


@contextmanager
def running_openbao(home: Path) -> Iterator[str]:
    """The address of the server while the block lasts; `ROOT_TOKEN` may do everything there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    program = Path(sys.executable).with_name("bao")
    arguments = [f"-dev-listen-address={address}", f"-dev-root-token-id={ROOT_TOKEN}", "-dev-no-store-token"]
    process = subprocess.Popen(
        [program, "server", "-dev", *arguments],
        env={"HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        if not any("Development mode should NOT be used" in line for line in process.stdout):
            pytest.fail("OpenBao did not start")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
