"""A secret store to write to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from foundation.settings import VaultSettings
from scaffolder_actions.credentials import Entries
from tests.openbao import ROOT_TOKEN, running_openbao


@pytest.fixture(scope="package")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultSettings]:
    """An OpenBao server, and a token that may do everything there."""
    folder = tmp_path_factory.mktemp("bao")
    (folder / "token").write_text(ROOT_TOKEN)
    with running_openbao(folder) as address:
        yield VaultSettings(address, folder / "token")


@pytest.fixture
def entries(vault: VaultSettings) -> Entries:
    return Entries(vault)
