"""Entries of a secret store."""

from __future__ import annotations

import pytest

from foundation.settings import VaultSettings
from scaffolder_actions.credentials import Entries


@pytest.fixture
def entries(vault: VaultSettings) -> Entries:
    return Entries(vault)
