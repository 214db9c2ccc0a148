"""Real systems to connect to, each started once and stopped at the end."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from foundation.settings import AwsSettings, PostgresSettings, Secret
from tests.openbao import running_openbao


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
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an OpenBao server, unsealed, in memory."""
    with running_openbao(tmp_path_factory.mktemp("bao")) as address:
        yield address


@pytest.fixture(scope="session")
def postgres(postgres_address: str) -> PostgresSettings:
    """A PostgreSQL server."""
    return PostgresSettings(Secret(postgres_address))
