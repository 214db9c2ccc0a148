"""The loop against a model of the server, through whatever can happen, in any order."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from catalog_provider.cluster.pace import BETWEEN_LISTS
from tests.catalog_provider.cluster.scripted_api import Loop, Trouble

NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
# More than any chain of troubles that a run can queue, each of which costs a step or two.
ENOUGH_STEPS = 150


class ListWatch(RuleBasedStateMachine):
    """Changes and troubles come in any order; when they end, the cache is what the server has."""

    @initialize(limit=st.integers(1, 4), chunk=st.integers(1, 300))
    def start(self, limit: int, chunk: int) -> None:
        self.loop = Loop()
        self.loop.api.limit = limit
        self.loop.api.chunk = chunk

    @rule(name=NAMES)
    def add_or_modify(self, name: str) -> None:
        self.loop.api.put(name)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        self.loop.api.delete(name)

    @rule(name=NAMES)
    def change_between_two_pages(self, name: str) -> None:
        self.loop.api.between_pages.append(name)

    @rule()
    def expire_all_versions(self) -> None:
        self.loop.api.compact()

    @rule(bookmarks=st.booleans())
    def change_bookmarks(self, bookmarks: bool) -> None:
        self.loop.api.bookmarks = bookmarks

    @rule(at=st.sampled_from(["list", "watch"]), code=st.sampled_from([0, 401, 403, 410, 429, 500, 503, 504]))
    def refuse_a_request(self, at: str, code: int) -> None:
        self.loop.api.troubles.append(Trouble(at, code, "7" if code == 429 else ""))

    @rule(at=st.sampled_from(["end", "reset", "torn", "unknown"]))
    def break_a_watch(self, at: str) -> None:
        self.loop.api.troubles.append(Trouble(at))

    @rule(code=st.sampled_from([410, 500, 504]))
    def end_a_watch_with_an_error(self, code: int) -> None:
        self.loop.api.troubles.append(Trouble("error", code))

    @rule(times=st.integers(1, 4))
    def go_on(self, times: int) -> None:
        self.loop.step(times)

    @rule()
    def quiet_down(self) -> None:
        """The cache equals the server when it is quiet."""
        self.loop.api.troubles.clear()
        self.loop.api.between_pages.clear()
        for _ in range(ENOUGH_STEPS):
            self.loop.step()
            if self.loop.kept() == self.loop.served() and not self.loop.reflector.state.trouble:
                break
        assert self.loop.kept() == self.loop.served()
        assert self.loop.reflector.state.synced

    @invariant()
    def lists_are_spaced(self) -> None:
        """At most one list each four seconds, unless the one before was refused."""
        if not hasattr(self, "loop"):
            return
        for earlier, later in itertools.pairwise(self.loop.asked("list")):
            # A refused list costs the server next to nothing; the backoff spaces those.
            assert later.at - earlier.at >= (BETWEEN_LISTS if earlier.answered else timedelta(seconds=0.4))

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.quiet_down()


TestListWatch = ListWatch.TestCase
TestListWatch.settings = settings(
    max_examples=500, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
