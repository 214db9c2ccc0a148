"""What several rooms' tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from greenroom.cli.client import Client
from greenroom.local.credentials import ensure_credentials
from greenroom.local.layout import Layout
from greenroom.local.platform import LocalPlatform
from tests.running_platform import Platform, free_ports


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The whole platform, started as `make up` starts it, with its portal."""
    layout = Layout(tmp_path_factory.mktemp("platform"), free_ports())
    local = LocalPlatform(layout)
    try:
        local.up(print)
        token = ensure_credentials(layout).token
        yield Platform(layout, local, Client(layout.ports.url("server"), token))
    finally:
        local.down(print)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The checkout that is tested."""
    return Path(__file__).parents[1]
