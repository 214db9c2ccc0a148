"""How long to wait before the next attempt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

# The steps of client-go's reflectors (k8s.io/client-go/tools/cache/reflector.go): 0.8 s, doubled up to 30 s.
FIRST_DELAY = 0.8
LONGEST_DELAY = 30.0
# What we may not see stays so until somebody grants it, for good in many clusters: whoever does waits a few minutes at most.
LONGEST_REFUSED_DELAY = 240.0
# An attempt that held for this long was a success, and the next trouble starts at the first step again.
CALM = timedelta(seconds=30)
# Seconds that a server may ask to be left alone; one that asks for more is asked again all the same.
LONGEST_RETRY_AFTER = 300.0
# Lists are dear to an API server: at most one each four seconds, however often a version expires.
BETWEEN_LISTS = timedelta(seconds=4)


class Pace:
    """The waits of one loop. `random` gives numbers from 0 up to 1, so that many loops do not fall into step."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._failures = 0
        self._listed_at: datetime | None = None

    def after_failure(
        self, held: timedelta, retry_after: float | None = None, *, longest: float = LONGEST_DELAY
    ) -> float:
        """Seconds to wait after an attempt that held for `held`, up to `longest`, or as long as the server asked for."""
        if held >= CALM:
            self._failures = 0
        step = min(longest, FIRST_DELAY * 2.0 ** min(self._failures, 16))
        self._failures += 1
        own = step * (1 + self._random()) / 2
        return max(own, min(retry_after or 0.0, LONGEST_RETRY_AFTER))

    def succeeded(self) -> None:
        self._failures = 0

    def before_list(self, now: datetime) -> float:
        """Seconds to wait before a list that starts at `now` or after."""
        if self._listed_at is None:
            return 0.0
        return max(0.0, (self._listed_at + BETWEEN_LISTS - now).total_seconds())

    def listed(self, now: datetime) -> None:
        """The server has answered a page of a list."""
        self._listed_at = now
