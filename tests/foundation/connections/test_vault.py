"""Vault, against an OpenBao server."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.connections.vault import connect_vault
from foundation.errors import InputError, NotAllowedError, ServiceUnavailableError
from foundation.settings import VaultSettings
from tests.openbao import ROOT_TOKEN


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(f"{ROOT_TOKEN}\n")
    return file


def test_a_client(bao: str, token_file: Path) -> None:
    """Its token is good, and it reads and writes."""
    client = connect_vault(VaultSettings(bao, token_file))
    client.secrets.kv.v2.create_or_update_secret("orders", secret={"a": "b"})
    read = client.secrets.kv.v2.read_secret_version("orders", raise_on_deleted_version=True)
    assert read["data"]["data"] == {"a": "b"}


def test_a_renewed_token_is_read(bao: str, token_file: Path) -> None:
    """The file is read each time: an agent renews it."""
    settings = VaultSettings(bao, token_file)
    fresh = connect_vault(settings).auth.token.create()["auth"]["client_token"]
    token_file.write_text(fresh)
    assert connect_vault(settings).token == fresh


def test_a_wrong_token(bao: str, token_file: Path) -> None:
    """Refused, and not repeated."""
    token_file.write_text("hvs.wrong")
    with pytest.raises(NotAllowedError, match="refuses the token") as raised:
        connect_vault(VaultSettings(bao, token_file))
    assert "hvs.wrong" not in str(raised.value)


def test_vault_out_of_reach(nowhere: str, token_file: Path) -> None:
    """The error names the address, and no secret."""
    with pytest.raises(ServiceUnavailableError, match=nowhere) as raised:
        connect_vault(VaultSettings(f"http://{nowhere}", token_file))
    assert ROOT_TOKEN not in str(raised.value)


def test_settings_that_are_missing(bao: str, tmp_path: Path) -> None:
    """Each says which setting is to be set."""
    empty = tmp_path / "empty"
    empty.touch()
    for settings, named in [
        (VaultSettings(), "vault.address"),
        (VaultSettings(bao), "vault.token_file"),
        (VaultSettings(bao, tmp_path / "none"), "vault.token_file"),
        (VaultSettings(bao, empty), "token"),
    ]:
        with pytest.raises(InputError, match=named):
            connect_vault(settings)
