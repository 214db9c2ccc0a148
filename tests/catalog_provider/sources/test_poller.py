from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from catalog_provider.sources.catalogue import Catalogue
from catalog_provider.sources.model import SourceReading
from catalog_provider.sources.poller import LONGEST_PAUSE, SourcePoller
from foundation.errors import ServiceUnavailableError

from .conftest import Published
from .samples import component, document, reading


class Source:
    """A source that gives what the test puts into it."""

    name = "git"
    kind = "git"

    def __init__(self) -> None:
        self.answer: SourceReading | Exception = reading(document("a", component("a")))
        self.looks = 0
        self.looked = threading.Condition()

    def read(self) -> SourceReading:
        with self.looked:
            self.looks += 1
            self.looked.notify_all()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def wait_for_looks(self, count: int) -> None:
        with self.looked:
            assert self.looked.wait_for(lambda: self.looks >= count, timeout=10)


@pytest.fixture
def catalogue(start: Callable[[], Catalogue]) -> Catalogue:
    catalogue = start()
    catalogue.take("folder", reading())
    return catalogue


def test_a_look_is_published_when_it_returns(catalogue: Catalogue, published: Published) -> None:
    """Whoever registers a document finds it in the catalog afterwards."""
    SourcePoller(Source(), catalogue, 60).look()
    assert set(published[-1]) == {"component:default/a"}


def test_a_source_in_trouble_is_asked_less_and_less_often(catalogue: Catalogue) -> None:
    """Up to a minute; the first success brings the ordinary interval back."""
    source = Source()
    poller = SourcePoller(source, catalogue, 1)
    source.answer = ServiceUnavailableError("It does not answer.")
    pauses = []
    for _ in range(8):
        poller._try_to_look()
        pauses.append(poller.pause())
    assert pauses == [2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    source.answer = reading()
    poller._try_to_look()
    assert poller.pause() == 1


def test_an_expensive_source_is_looked_at_less_often(catalogue: Catalogue) -> None:
    """Looking takes a twentieth of a processor at most, whatever the settings say."""
    poller = SourcePoller(Source(), catalogue, 1)
    poller._costs = (0.2, 0.3)
    assert poller.pause() == 4
    poller._costs = (0.01, 0.3)
    assert poller.pause() == 1


def test_a_look_that_found_much_delays_nothing(catalogue: Catalogue) -> None:
    """Listing a whole cluster takes seconds once; the look after it may take a moment."""
    poller = SourcePoller(Source(), catalogue, 1)
    poller._costs = (20.0, 0.001)
    assert poller.pause() == 1


def test_a_source_that_has_news_is_looked_at_soon(catalogue: Catalogue) -> None:
    """Not after its interval, and news that come while it is looked at are looked at again."""
    source = Source()
    poller = SourcePoller(source, catalogue, 3600)
    poller.start()
    source.wait_for_looks(1)
    poller.wake()
    source.wait_for_looks(2)
    poller.stop()


def test_news_do_not_hurry_a_source_in_trouble(catalogue: Catalogue) -> None:
    """It is asked less and less often, whatever is told of it."""
    source = Source()
    source.answer = ServiceUnavailableError("It does not answer.")
    poller = SourcePoller(source, catalogue, 3600)
    poller.start()
    source.wait_for_looks(1)
    poller.wake()
    poller.stop()
    assert source.looks == 1


def test_the_thread_outlives_a_fault(catalogue: Catalogue) -> None:
    """A fault of our own in one source is shown as its failure, and it is looked at again."""
    source = Source()
    source.answer = ValueError("of our own")
    poller = SourcePoller(source, catalogue, 0.01)
    poller.start()
    source.wait_for_looks(2)
    (state, _), _ = catalogue.sources()
    assert (state.state, "log" in (state.message or "")) == ("failing", True)
    source.answer = reading(document("a", component("a")))
    looks = source.looks
    source.wait_for_looks(looks + 2)
    poller.stop()
    catalogue.require_ready()
