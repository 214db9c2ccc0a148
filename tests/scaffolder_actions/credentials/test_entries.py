"""Entries of the secret store, in OpenBao."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from foundation.connections.vault import connect_vault
from foundation.errors import InputError, NotAllowedError, ServiceUnavailableError
from foundation.settings import VaultSettings
from scaffolder_actions.credentials import Entries

CANARY = "canary-9f3c1e"
VALUES = {"DATABASE_URL": f"postgresql://user:{CANARY}@host/db", "DATABASE_PASSWORD": CANARY}


def test_writing(entries: Entries) -> None:
    """An entry has what was written last, and a version that rises with each change."""
    assert (entries.version("commerce/a"), entries.names("commerce/a")) == (0, None)
    assert entries.write("commerce/a", VALUES) == 1
    assert entries.names("commerce/a") == frozenset(VALUES)
    assert entries.write("commerce/a", {"REDIS_URL": "rediss://host"}) == 2
    assert entries.names("commerce/a") == frozenset({"REDIS_URL"})


def test_what_is_there_makes_no_version(entries: Entries) -> None:
    """To write the same again changes nothing, whatever the order of the names."""
    entries.write("commerce/b", VALUES)
    assert entries.write("commerce/b", dict(reversed(VALUES.items()))) == 1
    assert entries.version("commerce/b") == 1


def test_removing_can_be_undone(entries: Entries, vault: VaultSettings) -> None:
    """What was removed is no entry any more, and comes back by `undelete`; to remove it twice is fine."""
    entries.write("commerce/c", VALUES)
    assert entries.remove("commerce/c")
    assert (entries.version("commerce/c"), entries.names("commerce/c")) == (0, None)
    assert not entries.remove("commerce/c")
    connect_vault(vault).secrets.kv.v2.undelete_secret_versions("commerce/c", versions=[1], mount_point="secret")
    assert entries.names("commerce/c") == frozenset(VALUES)


@pytest.mark.parametrize("how", ["deleted", "destroyed"])
def test_writing_over_what_is_gone(how: str, entries: Entries, vault: VaultSettings) -> None:
    """A service that comes back writes anew, after the number that was last."""
    path = f"commerce/{how}"
    entries.write(path, VALUES)
    engine = connect_vault(vault).secrets.kv.v2
    if how == "deleted":
        entries.remove(path)
    else:
        engine.destroy_secret_versions(path, versions=[1], mount_point="secret")
    assert entries.write(path, VALUES) == 2


def test_two_writers(entries: Entries) -> None:
    """Both are right: what one of them wrote stands, whole."""
    with ThreadPoolExecutor() as pool:
        written = list(pool.map(lambda value: entries.write("commerce/d", {"A": value, "B": value}), ("1", "2")))
    assert sorted(written) == [1, 2]


@pytest.fixture
def limited(vault: VaultSettings, tmp_path: Path) -> Entries:
    """Entries by a token that may do nothing."""
    client = connect_vault(vault)
    token = client.auth.token.create(policies=["default"], no_default_policy=False)["auth"]["client_token"]
    (tmp_path / "token").write_text(token)
    return Entries(VaultSettings(vault.address, tmp_path / "token"))


def test_what_is_refused(limited: Entries, caplog: pytest.LogCaptureFixture) -> None:
    """The error names what was tried and the path, and nothing that was to be written."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NotAllowedError, match="does not let the platform write secret/commerce/e") as raised:
        limited.write("commerce/e", VALUES)
    assert raised.value.__suppress_context__
    assert CANARY not in f"{raised.value!r} {raised.value} {caplog.text}"


@pytest.fixture
def documented(vault: VaultSettings, tmp_path: Path) -> Entries:
    """Entries by a token that may do what the documentation asks for."""
    page = (Path(__file__).parents[3] / "docs/how-to/apply-and-delete.md").read_text()
    client = connect_vault(vault)
    client.sys.create_or_update_policy("platform", page.partition("```hcl\n")[2].partition("```")[0])
    (tmp_path / "token").write_text(client.auth.token.create(policies=["platform"])["auth"]["client_token"])
    return Entries(VaultSettings(vault.address, tmp_path / "token"))


def test_the_documented_policy_is_enough(documented: Entries, entries: Entries) -> None:
    """Connections are written and removed, the team's own secrets looked at and removed, and nothing else is open."""
    connections, secrets = "commerce/order-api/staging/connections", "commerce/order-api/staging/secrets"
    assert documented.write(connections, VALUES) == 1
    assert documented.write(connections, {"A": "b"}) == 2
    assert documented.remove(connections)
    entries.write(secrets, VALUES)
    assert documented.names(secrets) == frozenset(VALUES)
    with pytest.raises(NotAllowedError):
        documented.write(secrets, {"A": "b"})
    assert documented.remove(secrets)
    with pytest.raises(NotAllowedError):
        documented.names("commerce/order-api/staging/other")


def test_another_engine(entries: Entries, vault: VaultSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no such engine is mounted, that is what the error says."""
    monkeypatch.setattr("scaffolder_actions.credentials.entries.MOUNT", "nowhere")
    with pytest.raises(ServiceUnavailableError, match="mounted at nowhere/"):
        entries.write("commerce/f", VALUES)


def test_without_a_store(vault: VaultSettings) -> None:
    """Where there is none, it can be known before anything is asked; whoever asks all the same is told."""
    assert Entries(vault).is_configured
    missing = Entries(VaultSettings())
    assert not missing.is_configured
    with pytest.raises(InputError, match="There is no Vault here"):
        missing.check()
