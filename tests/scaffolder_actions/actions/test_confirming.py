"""What must be said before something is done that cannot be undone."""

from __future__ import annotations

import pytest

from foundation.errors import ConflictError
from scaffolder_actions.actions.confirming import require_confirmed, require_possible
from scaffolder_actions.errors import NotConfirmedError
from scaffolder_actions.plans import Change, Verb


def change(verb: Verb, *, holds_data: bool = True, blocked: str | None = None) -> Change:
    return Change(
        where="aws",
        environment="staging",
        place="staging-order-api",
        kind="AWS::RDS::DBInstance",
        name="Database",
        verb=verb,
        impact="Unavailable for ten minutes." if verb == "replace" else "",
        holds_data=holds_data,
        blocked=blocked,
    )


def test_what_cannot_be_done() -> None:
    """Every reason at once."""
    changes = [change("update", blocked="RDS cannot shrink storage."), change("keep"), change("create", blocked="No.")]
    with pytest.raises(ConflictError) as raised:
        require_possible("order-api", "staging", changes)
    assert raised.value.message == (
        "order-api cannot be applied to staging: AWS::RDS::DBInstance Database: RDS cannot shrink storage. "
        "AWS::RDS::DBInstance Database: No."
    )
    require_possible("order-api", "staging", [change("update")])


@pytest.mark.parametrize("confirm", [None, "", "order-ap", "Order-API", "order-api "])
@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("delete", "Database (AWS::RDS::DBInstance) would be deleted."),
        ("replace", "Database (AWS::RDS::DBInstance) would be replaced by a new one. Unavailable for ten minutes."),
    ],
)
def test_data_is_let_go_by_name_alone(verb: Verb, words: str, confirm: str | None) -> None:
    """What would be lost, what it means, and what to type."""
    with pytest.raises(NotConfirmedError) as raised:
        require_confirmed("order-api", "staging", [change(verb), change("keep")], confirm)
    assert words in raised.value.message
    assert 'confirm: "order-api"' in str(raised.value)
    assert "--confirm order-api" in str(raised.value)


def test_what_needs_no_word() -> None:
    """Nothing is asked for what holds no data, or stays, or was confirmed."""
    require_confirmed("order-api", "staging", [change("delete", holds_data=False), change("update")], None)
    require_confirmed("order-api", "staging", [change("delete")], "order-api")
