"""On whose behalf a run is made."""

from __future__ import annotations

import pytest

from foundation.backstage.caller import Caller
from foundation.errors import InputError
from scaffolder_actions.runs.requests import acting_user

ANN, BOB = "user:default/ann", "user:default/bob"


@pytest.mark.parametrize(
    ("caller", "named", "acting"),
    [
        (Caller(ANN, "user", ANN), None, ANN),
        (Caller(ANN, "user", ANN), BOB, ANN),
        (Caller("plugin:scaffolder", "service", ANN), BOB, ANN),
        (Caller("plugin:scaffolder", "service"), BOB, BOB),
        (Caller("plugin:scaffolder", "service"), None, "plugin:scaffolder"),
        (Caller("cli", "service"), BOB, "cli"),
    ],
)
def test_acting_user(caller: Caller, named: str | None, acting: str) -> None:
    """The person whom a token proves comes first; only a plugin's own token is believed about another."""
    assert acting_user(caller, named) == acting


def test_a_name_that_is_none() -> None:
    """What a plugin says about a person is held to the form of a reference."""
    with pytest.raises(InputError):
        acting_user(Caller("plugin:scaffolder", "service"), "user:default/\0")
