"""Notices changed documentation and orders its build."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from foundation.errors import GreenroomError
from techdocs.builds.places import Place, PlaceKind, Places
from techdocs.builds.service import WATCHER, Builds

logger = logging.getLogger(__name__)

# Seconds before a build that failed for want of Git or the storage is taken up again.
RETRY_SECONDS = 60.0
# Errors that another look may not meet.
PASSING = frozenset({"ServiceUnavailableError", "NotAllowedError"})
# Seconds that a stop waits for the look under way.
STOP_SECONDS = 5.0


class Watcher:
    """Looks at every place each `seconds`; each revision of each place is looked into once.

    Where two places document the same entity, the first one counts.
    """

    def __init__(
        self,
        builds: Builds,
        places: Places,
        *,
        namespace: str,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._builds = builds
        self._places = places
        self._namespace = namespace
        self._seconds = seconds
        self._clock = clock
        self._seen: dict[tuple[PlaceKind, str], str] = {}
        self._owners: dict[str, tuple[PlaceKind, str]] = {}
        self._ordered: dict[str, tuple[Place, str]] = {}
        self._retry_at: dict[str, float] = {}
        self._problems: dict[str, str] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look from now on, in a thread."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="docs-watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def look(self) -> None:
        """Order the builds of what has changed since the last look. Says problems once, and never raises."""
        try:
            places = self._places.all()
        except GreenroomError as error:
            self._complain("places", error)
            return
        self._problems.pop("places", None)
        present = {(place.kind, place.location) for place in places}
        self._release({reference for reference, owner in self._owners.items() if owner not in present})
        for place in places:
            if self._stopping.is_set():
                return
            self._guarded(place.location, lambda place=place: self._look_at(place))  # type: ignore[misc]  # bound now
        for run_id in list(self._ordered):
            self._guarded(run_id, lambda run_id=run_id: self._look_after(run_id))  # type: ignore[misc]  # bound now

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(self._seconds)

    def _look_at(self, place: Place) -> None:
        key = (place.kind, place.location)
        revision = place.revision()
        if revision is None or self._seen.get(key) == revision:
            return
        try:
            entities = place.entities(revision, namespace=self._namespace)
        except GreenroomError as error:
            if error.status < 500:  # noqa: PLR2004 this revision is wrong itself, so another look at it says the same
                self._seen[key] = revision
            raise
        documented = {str(entity.reference) for entity in entities}
        self._release({each for each, owner in self._owners.items() if owner == key and each not in documented})
        for entity in entities:
            reference = entity.reference
            if self._owners.setdefault(str(reference), key) != key:
                logger.warning("%s %s documents %s, which another place does already", *key, reference)
                continue
            if self._builds.published_revision(reference) != revision:
                run = self._builds.order(reference, place, revision, caller=WATCHER)
                self._ordered[run.id] = (place, revision)
        self._seen[key] = revision

    def _release(self, references: set[str]) -> None:
        """Let another place have these entities; it was looked into before, so all are looked into anew."""
        for reference in references:
            del self._owners[reference]
        if references:
            self._seen.clear()

    def _look_after(self, run_id: str) -> None:
        """Take a build up again that failed for a passing reason, while it is still the newest."""
        run = self._builds.get(run_id)
        if not run.finished:
            return
        place, revision = self._ordered[run_id]
        passing = run.status == "failed" and run.error is not None and run.error.name in PASSING
        if not passing or self._seen.get((place.kind, place.location)) != revision:
            del self._ordered[run_id]
            self._retry_at.pop(run_id, None)
        elif self._clock() >= self._retry_at.setdefault(run_id, self._clock() + RETRY_SECONDS):
            del self._retry_at[run_id]
            self._builds.again(run)

    def _guarded(self, name: str, function: Callable[[], None]) -> None:
        try:
            function()
        except GreenroomError as error:
            self._complain(name, error)
        except Exception:
            # One place in an odd state must not end the looks at all the others.
            if self._problems.get(name) != "unexpected":
                logger.exception("Could not look at %s", name)
            self._problems[name] = "unexpected"
        else:
            self._problems.pop(name, None)

    def _complain(self, name: str, error: GreenroomError) -> None:
        if self._problems.get(name) != error.message:
            logger.warning("Could not look at %s: %s", name, error)
        self._problems[name] = error.message
