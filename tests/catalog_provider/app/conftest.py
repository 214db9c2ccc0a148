"""The plugin `live` on a real server, over real bare repositories and folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foundation.settings import (
    BackstageSettings,
    CatalogSettings,
    GitSettings,
    LinkTemplate,
    Secret,
    Settings,
    StateSettings,
    StaticToken,
)

from .live_server import ORGANISATION, TOKEN, Repositories, Server


@pytest.fixture
def repositories(tmp_path: Path) -> Repositories:
    return Repositories(tmp_path)


@pytest.fixture
def settings(tmp_path: Path, repositories: Repositories) -> Settings:
    organisation = tmp_path / "organisation.yaml"
    organisation.write_text(ORGANISATION)
    return Settings(
        # Nothing listens there.
        backstage=BackstageSettings(url="http://127.0.0.1:9", static_tokens=(StaticToken("cli", Secret(TOKEN)),)),
        state=StateSettings(directory=tmp_path / "state"),
        catalog=CatalogSettings(
            organisation=organisation,
            links=(LinkTemplate("Traces", "https://traces.example/{name}?env={environment}"),),
            poll_seconds=0.05,
        ),
        git=GitSettings(directory=repositories.folder, url="http://git.example"),
    )


@pytest.fixture
def serve() -> Iterator[Callable[[Settings], Server]]:
    servers: list[Server] = []

    def start(settings: Settings) -> Server:
        server = Server(settings)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
