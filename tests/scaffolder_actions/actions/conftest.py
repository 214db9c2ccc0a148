"""The parts that services are applied to, with AWS and Vault, and services that no other test has."""

from __future__ import annotations

import dataclasses
import itertools
import threading
from typing import cast

import pytest

from foundation.connections.vault import connect_vault
from foundation.settings import AwsSettings, VaultSettings
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.credentials import Entries
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.rollouts import refreshing, removing, watching
from tests.local_aws import KEYS
from tests.scaffolder_actions.conftest import Recorder

_numbers = itertools.count(1)


@pytest.fixture
def with_everything(parts: Parts, aws: AwsSettings, vault: VaultSettings, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """The parts with AWS and Vault."""
    for name in KEYS:
        monkeypatch.setenv(name, "local")
    stacks = Stacks(aws)
    sources = dataclasses.replace(parts.sources, stacks=stacks)
    return Parts(sources, stacks, Entries(vault))


@pytest.fixture
def patient(context: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often, since what is simulated is quick; a pause is then a moment of the real clock."""
    turn = threading.Event()
    context.on_pause = lambda: cast("None", turn.wait(0.01))
    for module in (watching, refreshing, removing):
        monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)


@pytest.fixture
def name() -> str:
    """The name of a service that no other test has: AWS and Vault are shared."""
    return f"order-api-{next(_numbers)}"


@dataclasses.dataclass(frozen=True)
class Values:
    """What lies in Vault for a service in staging, as its pods would be given it."""

    vault: VaultSettings
    base: str

    def connections(self) -> dict[str, str]:
        return self._read("connections")

    def put(self, **secrets: str) -> None:
        """Write the team's own secrets."""
        engine = connect_vault(self.vault).secrets.kv.v2
        engine.create_or_update_secret(f"{self.base}/secrets", secret=secrets, mount_point="secret")

    def _read(self, entry: str) -> dict[str, str]:
        engine = connect_vault(self.vault).secrets.kv.v2
        path = f"{self.base}/{entry}"
        answer = engine.read_secret_version(path, mount_point="secret", raise_on_deleted_version=True)
        return cast("dict[str, str]", answer["data"]["data"])


@pytest.fixture
def values(vault: VaultSettings, name: str) -> Values:
    return Values(vault, f"commerce/{name}/staging")
