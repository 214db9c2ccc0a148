from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from catalog_provider.health import EntityHealth, EnvironmentHealth, Status, Verdict
from catalog_provider.history import HealthHistory, HistoryRecorder, Place, Transition, spent
from foundation.runs.tables import normalised_url, open_database
from foundation.settings import StateSettings

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
PLACE = Place("component:default/order-api", "production", "eu")
GONE = Place("component:default/gone", "production", "eu")


def at(hours: float, status: Status, place: Place = PLACE) -> Transition:
    """A transition so many hours before NOW."""
    return Transition(place, NOW - timedelta(hours=hours), status, None, f"is {status.value}")


@pytest.fixture
def engine(state: StateSettings) -> Iterator[sa.Engine]:
    made = open_database(normalised_url(state.database_url()))
    yield made
    made.dispose()


@pytest.fixture
def history(engine: sa.Engine) -> HealthHistory:
    made = HealthHistory(engine)
    made.create_tables()
    made.create_tables()
    return made


def statuses(history: HealthHistory, hours: float = 100) -> list[Status]:
    return [each.status for each in history.of_entity(PLACE.entity_ref, NOW - timedelta(hours=hours))]


def test_a_status_that_stays_is_written_once(history: HealthHistory) -> None:
    """Two servers that see the same change write one transition."""
    for each in (at(3, Status.HEALTHY), at(2, Status.DEGRADED)):
        history.record([each])
        history.record([each])
    assert statuses(history) == [Status.HEALTHY, Status.DEGRADED]
    assert history.latest() == {PLACE: (Status.DEGRADED, NOW - timedelta(hours=2))}


def test_a_batch_may_name_a_place_often(history: HealthHistory) -> None:
    there_and_back = [at(9, Status.HEALTHY), at(8, Status.DEGRADED), at(7, Status.DEGRADED), at(6, Status.HEALTHY)]
    history.record([*there_and_back, at(5, Status.MISSING, GONE)])
    assert statuses(history) == [Status.HEALTHY, Status.DEGRADED, Status.HEALTHY]
    assert history.latest()[GONE][0] is Status.MISSING


def test_servers_that_write_the_same_at_once_write_it_once(history: HealthHistory) -> None:
    places = [PLACE._replace(entity_ref=f"component:default/{number}") for number in range(50)]
    orders = [places, places[::-1], places[25:] + places[:25]]

    def serve(order: list[Place]) -> None:
        for status in (Status.HEALTHY, Status.DEGRADED):
            history.record([at(1, status, place) for place in order])
            together.wait(30)

    together = threading.Barrier(len(orders))
    with ThreadPoolExecutor() as servers:
        list(servers.map(serve, orders))
    for place in places:
        written = history.of_entity(place.entity_ref, NOW - timedelta(hours=9))
        assert [each.status for each in written] == [Status.HEALTHY, Status.DEGRADED]


def test_what_a_container_says_last_may_be_no_text(history: HealthHistory) -> None:
    """A NUL among its last words must not hold back all that comes after."""
    history.record([Transition(PLACE, NOW, Status.DEGRADED, "Error\0", "ended: \0\0")])
    [written] = history.of_entity(PLACE.entity_ref, NOW)
    assert (written.reason, written.message) == (
        "Error\N{REPLACEMENT CHARACTER}",
        "ended: " + 2 * "\N{REPLACEMENT CHARACTER}",
    )


def test_a_window_begins_with_what_stood_then(history: HealthHistory) -> None:
    history.record([at(50, Status.HEALTHY), at(40, Status.DEGRADED), at(10, Status.HEALTHY)])
    assert statuses(history, hours=24) == [Status.DEGRADED, Status.HEALTHY]


def test_old_transitions_go_and_the_one_that_still_stands_stays(history: HealthHistory) -> None:
    history.record([at(50, Status.HEALTHY), at(40, Status.DEGRADED), at(10, Status.HEALTHY)])
    assert history.forget(NOW - timedelta(hours=24)) == 1
    assert history.forget(NOW - timedelta(hours=24)) == 0
    assert statuses(history) == [Status.DEGRADED, Status.HEALTHY]


def test_of_an_entity_that_is_gone_nothing_stays_for_longer_than_transitions_do(history: HealthHistory) -> None:
    """What one that is there was last stays, for however long."""
    history.record([at(50, Status.HEALTHY), at(50, Status.HEALTHY, GONE), at(40, Status.DEGRADED, GONE)])
    assert history.forget_gone(NOW - timedelta(hours=45), [PLACE.entity_ref]) == []
    assert history.forget_gone(NOW - timedelta(hours=24), [PLACE.entity_ref]) == [GONE.entity_ref]
    assert set(history.latest()) == {PLACE}
    assert not history.of_entity(GONE.entity_ref, NOW - timedelta(hours=100))
    assert statuses(history) == [Status.HEALTHY]


def test_an_entity_in_two_places_is_kept_while_one_of_them_changes(history: HealthHistory) -> None:
    elsewhere = GONE._replace(environment="staging")
    history.record([at(50, Status.HEALTHY, GONE), at(5, Status.HEALTHY, elsewhere)])
    assert history.forget_gone(NOW - timedelta(hours=24), [PLACE.entity_ref]) == []
    assert set(history.latest()) == {GONE, elsewhere}


@pytest.mark.parametrize(("known", "kept"), [([PLACE.entity_ref], {PLACE}), ([], {PLACE, GONE})])
def test_a_recorder_forgets_who_is_gone_once_the_catalog_is_known(
    history: HealthHistory, known: list[str], kept: set[Place]
) -> None:
    """One that comes back is new, and written anew."""
    history.record([at(50, Status.HEALTHY, GONE)])
    recorder = HistoryRecorder(history, lambda: NOW, days=1, known=lambda: known)
    recorder.start()
    recorder.take({PLACE.entity_ref: health(Status.HEALTHY)})
    recorder.stop()
    assert set(history.latest()) == kept
    recorder.take({GONE.entity_ref: health(Status.HEALTHY)})
    recorder.start()
    recorder.stop()
    assert set(history.latest()) == {PLACE, GONE}


def health(status: Status, reason: str | None = None, since: datetime | None = None) -> EntityHealth:
    verdict = Verdict(status, f"is {status.value}", reason, since)
    return EntityHealth("order-api", verdict, (EnvironmentHealth("production", "eu", verdict),))


def test_a_recorder_writes_what_is_news_and_knows_the_past_after_a_restart(history: HealthHistory) -> None:
    first = HistoryRecorder(history, lambda: NOW, days=30)
    first.start()
    for status in (Status.HEALTHY, Status.HEALTHY, Status.DEGRADED):
        first.take({PLACE.entity_ref: health(status)})
    first.stop()
    assert statuses(history) == [Status.HEALTHY, Status.DEGRADED]
    again = HistoryRecorder(history, lambda: NOW + timedelta(hours=1), days=30)
    again.start()
    assert again.past(PLACE.entity_ref, health(Status.DEGRADED).environments[0]) == (Status.DEGRADED, NOW)
    again.take({PLACE.entity_ref: health(Status.UNKNOWN, "Starting")})
    again.take({PLACE.entity_ref: health(Status.DEGRADED)})
    again.take({"component:default/other": None})
    again.stop()
    assert statuses(history) == [Status.HEALTHY, Status.DEGRADED]


def test_no_transition_lies_before_the_one_before_it(history: HealthHistory) -> None:
    recorder = HistoryRecorder(history, lambda: NOW, days=30)
    recorder.start()
    recorder.take({PLACE.entity_ref: health(Status.DEGRADED)})
    recorder.take({PLACE.entity_ref: health(Status.HEALTHY, since=NOW - timedelta(days=3))})
    recorder.stop()
    assert [each.at for each in history.of_entity(PLACE.entity_ref, NOW - timedelta(days=9))] == [NOW, NOW]


def test_what_a_database_did_not_take_is_written_later(history: HealthHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_provider.history.recorder.PAUSE", 0.001)
    failures, written = iter([True, True]), threading.Event()
    real = history.record

    def record(given: list[Transition]) -> None:
        is_away = bool(given) and next(failures, False)
        if is_away:
            raise OperationalError("INSERT", {}, Exception("away"))
        real(given)
        written.set()

    monkeypatch.setattr(history, "record", record)
    recorder = HistoryRecorder(history, lambda: NOW, days=30)
    recorder.start()
    recorder.take({PLACE.entity_ref: health(Status.DEGRADED)})
    assert written.wait(10)
    recorder.stop()
    assert statuses(history) == [Status.DEGRADED]


def test_nothing_known_is_neither_all_nor_nothing() -> None:
    assert spent([], NOW - timedelta(days=1), NOW).healthy is None
    assert spent([at(20, Status.UNKNOWN)], NOW - timedelta(days=1), NOW).healthy is None


def test_unknown_time_counts_for_nothing() -> None:
    found = spent([at(10, Status.HEALTHY), at(6, Status.UNKNOWN), at(2, Status.DEGRADED)], NOW - timedelta(days=1), NOW)
    assert found.healthy == pytest.approx(4 / 6)
    assert found.seconds[Status.UNKNOWN] == 4 * 3600


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(list(Status))), max_size=20))
def test_what_is_spent_is_the_window_from_the_first_transition_on(given: list[tuple[float, Status]]) -> None:
    transitions = [at(hours, status) for hours, status in sorted(given, reverse=True)]
    found = spent(transitions, NOW - timedelta(hours=50), NOW)
    first = min(50.0, max((hours for hours, _ in given), default=0.0))
    assert sum(found.seconds.values()) == pytest.approx(first * 3600, abs=1)
    assert found.healthy is None or 0 <= found.healthy <= 1
