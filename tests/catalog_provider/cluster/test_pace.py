from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalog_provider.cluster.pace import CALM, LONGEST_DELAY, LONGEST_REFUSED_DELAY, LONGEST_RETRY_AFTER, Pace

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AT_ONCE = timedelta()


def test_waits_double_up_to_a_limit() -> None:
    """0.8 s, 1.6 s and so on, never above 30 s."""
    pace = Pace(lambda: 1.0)
    waits = [pace.after_failure(AT_ONCE) for _ in range(8)]
    assert waits == [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, LONGEST_DELAY, LONGEST_DELAY]


def test_a_wait_may_grow_longer_where_nothing_is_lost_by_it() -> None:
    pace = Pace(lambda: 1.0)
    waits = [pace.after_failure(AT_ONCE, longest=LONGEST_REFUSED_DELAY) for _ in range(12)]
    assert waits[5:9] == [25.6, 51.2, 102.4, 204.8]
    assert waits[9:] == [LONGEST_REFUSED_DELAY] * 3


@pytest.mark.parametrize(("random", "wait"), [(0.0, 0.4), (0.5, 0.6)])
def test_jitter_takes_up_to_half_of_a_wait(random: float, wait: float) -> None:
    """Many loops that lost the same server do not come back in step."""
    assert Pace(lambda: random).after_failure(AT_ONCE) == pytest.approx(wait)


def test_calm_or_success_starts_over() -> None:
    """An attempt that held is no part of a series of failures."""
    pace = Pace(lambda: 1.0)
    for _ in range(5):
        pace.after_failure(AT_ONCE)
    assert pace.after_failure(CALM) == 0.8
    pace.succeeded()
    assert pace.after_failure(AT_ONCE) == 0.8


@pytest.mark.parametrize(("asked", "wait"), [(None, 0.8), (0.1, 0.8), (20.0, 20.0), (1e9, LONGEST_RETRY_AFTER)])
def test_a_server_may_ask_for_a_longer_wait(asked: float | None, wait: float) -> None:
    """Longer than our own, and within reason."""
    assert Pace(lambda: 1.0).after_failure(AT_ONCE, asked) == wait


def test_lists_keep_their_distance() -> None:
    """The first list waits for nothing, the next for the rest of four seconds."""
    pace = Pace(lambda: 1.0)
    assert pace.before_list(NOW) == 0.0
    pace.listed(NOW)
    assert pace.before_list(NOW + timedelta(seconds=1)) == 3.0
    assert pace.before_list(NOW + timedelta(seconds=9)) == 0.0
