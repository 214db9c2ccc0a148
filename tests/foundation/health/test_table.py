from __future__ import annotations

import pytest

from foundation.health import Status
from foundation.health.kinds import GroupKind
from foundation.health.rulebook import load_rulebook
from foundation.health.table import Example, built_in
from tests.foundation.health.objects import NOW

_EXAMPLES = [
    pytest.param(each, id=f"{table.project}-{each.kind}-{number}")
    for table in built_in()
    for number, each in enumerate(table.examples)
]


@pytest.mark.parametrize("example", _EXAMPLES)
def test_an_example_of_a_table_is_judged_as_it_says(example: Example) -> None:
    """The examples beside the rules are what the reference page shows."""
    verdict = load_rulebook().judge(example.item, NOW)
    assert verdict.status is example.status, verdict
    if example.message:
        assert verdict.message == example.message
    assert (verdict.status is Status.HEALTHY) or verdict.reason
    assert GroupKind(*example.kind)
