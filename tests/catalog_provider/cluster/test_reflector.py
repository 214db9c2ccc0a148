from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from catalog_provider.cluster.pace import BETWEEN_LISTS
from catalog_provider.cluster.reflector import PAGE, SILENCE
from catalog_provider.cluster.state import FAILING_AFTER
from tests.catalog_provider.cluster.scripted_api import Loop, Trouble


@pytest.fixture
def loop() -> Loop:
    """Three pods, listed and watched once."""
    loop = Loop()
    for name in "abc":
        loop.api.put(name)
    loop.step()
    return loop


def test_it_lists_in_pages_and_watches_from_there() -> None:
    """A list names its page size and goes on by token; the watch asks for bookmarks from the list's version."""
    loop = Loop()
    loop.api.limit = 2
    for name in "abcde":
        loop.api.put(name)
    loop.step()
    assert loop.kept() == loop.served()
    assert [each.query.get("limit") for each in loop.api.asked[:3]] == [PAGE] * 3
    (watch,) = loop.asked("watch")
    assert watch.query["allowWatchBookmarks"] is True
    assert watch.query["resourceVersion"] == str(loop.api.version)
    assert 300 <= int(watch.query["timeoutSeconds"]) <= 600


def test_a_watch_goes_on_where_the_last_one_ended(loop: Loop) -> None:
    """A time limit costs no list, and nothing that happened in between is lost."""
    loop.api.put("d")
    loop.api.delete("a")
    loop.step()
    assert loop.kept() == loop.served()
    assert len(loop.asked("list")) == 1


def test_a_change_names_the_service_it_concerns(loop: Loop) -> None:
    """One change, one service; a list names all of them at once."""
    assert loop.changed == [frozenset({"service-a", "service-b", "service-c"})]
    loop.api.put("b")
    loop.step()
    assert loop.changed[1:] == [frozenset({"service-b"})]


@pytest.mark.parametrize("how", [None, Trouble("watch", 410), Trouble("error", 410)])
def test_an_expired_version_is_listed_again(loop: Loop, how: Trouble | None) -> None:
    """However it is told, what is kept stands until the new list is whole."""
    loop.api.delete("a")
    if how:
        loop.api.troubles.append(how)
    else:
        loop.api.compact()
    loop.step()
    assert set(loop.kept()) == {"a", "b", "c"}
    loop.step(2)
    assert loop.kept() == loop.served()
    assert len(loop.asked("list")) == 2


def test_expiry_after_expiry_lists_no_more_often_than_every_four_seconds(loop: Loop) -> None:
    """A history that is always too short must not become a storm of lists."""
    for _ in range(50):
        loop.api.put("a")
        loop.api.troubles.append(Trouble("error", 410))
        loop.step()
    lists = [each.at for each in loop.asked("list")]
    assert all(later - earlier >= BETWEEN_LISTS for earlier, later in itertools.pairwise(lists))
    loop.step(2)
    assert loop.kept() == loop.served()


def test_a_list_that_expires_between_pages_is_asked_for_whole() -> None:
    """A collection that is longer than the server's history would never be listed in pages."""
    loop = Loop()
    loop.api.limit = 1
    loop.api.put("a")
    loop.api.put("b")
    original = loop.api.request

    def expiring(*args: object, **kwargs: object) -> object:
        response = original(*args, **kwargs)  # type: ignore[arg-type]  # handed through as it came
        if len(loop.asked("list")) == 1:
            loop.api.compact()
        return response

    loop.api.request = expiring  # type: ignore[method-assign, assignment]  # the server's history ends after each page
    loop.step(2)
    loop.api.limit = 500
    loop.step(2)
    assert loop.kept() == loop.served()
    assert "limit" not in loop.asked("list")[-1].query


def test_retry_after_is_honoured(loop: Loop) -> None:
    """A busy server says how long it wants to be left alone."""
    loop.api.troubles.append(Trouble("watch", 429, "7"))
    assert loop.reflector.step() == 7.0


def test_a_server_that_is_gone_is_asked_less_and_less(loop: Loop) -> None:
    """Ten minutes of refused connections are some twenty attempts, then the cache is as if nothing had been."""
    gone_at = loop.time()
    before = len(loop.api.asked)
    loop.api.down = True
    while loop.time() - gone_at < timedelta(minutes=10):
        loop.step()
    assert len(loop.api.asked) - before < 40
    state = loop.reflector.state
    assert not state.is_fresh(loop.time())
    assert state.trouble == "the connection was refused"
    loop.api.down = False
    loop.api.put("d")
    loop.step(2)
    assert loop.kept() == loop.served()
    assert loop.reflector.state.trouble is None


def test_what_is_known_stands_for_a_short_outage(loop: Loop) -> None:
    """An API server that restarts within ten seconds makes nothing Unknown, however quiet it was before."""
    loop.api.troubles.append(Trouble("watch"))
    failing = loop.time()
    loop.step()
    state = loop.reflector.state
    assert state.trouble
    assert state.failing_since == failing
    assert state.is_fresh(failing + FAILING_AFTER)
    assert not state.is_fresh(failing + FAILING_AFTER + timedelta(seconds=1))


def test_streams_that_end_at_once_are_not_reopened_in_a_hurry(loop: Loop) -> None:
    """A proxy that ends every watch must not be called thousands of times a second."""
    loop.api.troubles.extend([Trouble("end")] * 10)
    began = loop.time()
    loop.step(10)
    assert loop.time() - began > timedelta(minutes=1)
    assert loop.reflector.state.trouble is None


def test_the_wait_is_short_again_after_calm(loop: Loop) -> None:
    """Trouble that is over does not slow down the next recovery."""
    loop.api.troubles.extend([Trouble("watch", 500)] * 8)
    loop.step(8)
    loop.step()
    loop.api.troubles.append(Trouble("watch", 500))
    assert loop.reflector.step() < 1


def test_a_half_open_watch_is_noticed_and_opened_anew(loop: Loop) -> None:
    """Silence ends the watch before what is known counts as stale, and at no time is it Unknown."""
    loop.api.bookmarks = False
    states = loop.states
    loop.step()
    assert loop.reflector.state.is_fresh(loop.time())
    assert loop.reflector.step() == 0.0
    assert loop.reflector.state.is_fresh(loop.time())
    assert loop.states == states


def test_a_watch_without_a_single_line_is_listed_again(loop: Loop) -> None:
    """A version that the server has yet to reach is answered with silence, and would be forever."""
    loop.api.bookmarks = False
    loop.step()
    assert loop.time() - loop.api.asked[-1].at == timedelta(seconds=SILENCE)
    loop.step()
    assert len(loop.asked("list")) == 2


def test_a_server_that_knows_less_than_we_do_is_listed_again(loop: Loop) -> None:
    """After an outage another server may answer, restored from a backup or made anew."""
    loop.api.troubles.append(Trouble("watch"))
    loop.step()
    loop.api.compact()
    loop.api.items.clear()
    loop.api.version, loop.api.floor = 3, 0
    loop.api.put("new")
    loop.step()
    assert loop.kept() == {"new": "4"}


def test_a_line_that_is_torn_again_and_again_is_gone_round(loop: Loop) -> None:
    """Where going on from a version meets a broken line, a list leads past it."""
    loop.api.put("d")
    loop.api.troubles.extend([Trouble("torn"), Trouble("torn")])
    loop.step(4)
    assert loop.kept() == loop.served()


def test_a_kind_that_may_not_be_listed_says_so_and_recovers() -> None:
    """The reason is kept for people; granting the right is enough."""
    loop = Loop()
    loop.api.troubles.append(Trouble("list", 403))
    loop.step()
    assert loop.reflector.state.refused
    assert loop.states == 1
    loop.api.put("a")
    loop.step()
    assert not loop.reflector.state.refused
    assert loop.kept() == loop.served()


@pytest.mark.parametrize(("code", "most"), [(401, 340), (403, 60), (404, 60)])
def test_what_may_not_be_listed_is_asked_for_seldom(code: int, most: int) -> None:
    """A kind that is refused for good costs its cluster little; credentials may be renewed at any moment."""
    loop = Loop()
    began = loop.time()
    while loop.time() - began < timedelta(hours=2):
        loop.api.troubles.append(Trouble("list", code))
        loop.step()
    assert most / 2 < len(loop.asked("list")) <= most


def test_an_unknown_type_of_event_is_passed_over(loop: Loop) -> None:
    """A newer server may say more than is understood here."""
    loop.api.troubles.append(Trouble("unknown"))
    loop.api.put("d")
    loop.step()
    assert loop.kept() == loop.served()
    assert len(loop.asked("list")) == 1
