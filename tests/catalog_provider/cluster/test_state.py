from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalog_provider.cluster.state import Connectivity, KindState, summarise

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
FRESH = KindState(synced=True, heard_at=NOW)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("state", "fresh"),
    [
        (KindState(), False),
        (FRESH, True),
        (KindState(synced=True, heard_at=ago(75)), True),
        (KindState(synced=True, heard_at=ago(76)), False),
        (KindState(synced=True, heard_at=ago(60), trouble="gone", failing_since=ago(9)), True),
        (KindState(synced=True, heard_at=ago(60), trouble="gone", failing_since=ago(11)), False),
        (KindState(synced=True, heard_at=ago(76), trouble="gone", failing_since=ago(1)), False),
        (KindState(synced=True, heard_at=NOW, refused=True), False),
        (KindState(synced=False, heard_at=NOW), False),
    ],
)
def test_freshness_of_a_kind(state: KindState, fresh: bool) -> None:
    """75 s of silence, or 10 s of trouble, and what is kept says nothing any more."""
    assert state.is_fresh(NOW) is fresh


@pytest.mark.parametrize(
    ("kinds", "connectivity", "message"),
    [
        ({"Pod": KindState(), "Job": KindState()}, Connectivity.STARTING, None),
        ({"Pod": FRESH, "Job": KindState()}, Connectivity.STARTING, None),
        ({"Pod": FRESH, "Job": FRESH}, Connectivity.CONNECTED, None),
        ({"Pod": KindState(trouble="refused"), "Job": KindState()}, Connectivity.UNREACHABLE, "refused"),
        ({"Pod": FRESH, "Job": KindState(trouble="no right", refused=True)}, Connectivity.CONNECTED, "no right"),
        (
            {"Pod": KindState(synced=True, heard_at=ago(300))},
            Connectivity.UNREACHABLE,
            "It has not been heard of for over 75 seconds.",
        ),
    ],
)
def test_state_of_a_cluster(kinds: dict[str, KindState], connectivity: Connectivity, message: str | None) -> None:
    """A cluster answers when one kind does; it is starting until each is listed or refused."""
    state = summarise(kinds, NOW)
    assert (state.connectivity, state.message) == (connectivity, message)


def test_last_seen_is_the_latest_answer_to_anything() -> None:
    """One silent kind does not make the cluster older than it is."""
    kinds = {"Pod": KindState(synced=True, heard_at=ago(100)), "Job": KindState(synced=True, heard_at=ago(200))}
    assert summarise(kinds, NOW).last_seen_at == ago(100)
