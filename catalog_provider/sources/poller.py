"""A thread for each source: look, tell the catalogue, wait."""

from __future__ import annotations

import threading
import time

import structlog

from catalog_provider.sources.catalogue import Catalogue
from catalog_provider.sources.model import Source
from foundation.errors import GreenroomError, ServiceUnavailableError

# Seconds. A source in trouble is asked at ever longer intervals up to this: soon enough for people who wait
# for it to come back, and seldom enough for a host that is overloaded or limits our calls.
LONGEST_PAUSE = 60.0
# Of a processor that looks at one source may take: a folder of thousands of files is looked at every few seconds
# instead of each one, so that health is never late for it.
SHARE = 0.05
# Seconds, at least, between looks at a source that says itself when there is something new: what a rollout does in a
# moment is one look, and whoever waits for a change in the catalog has not noticed yet.
SOONEST = 0.2

_log = structlog.get_logger(__name__)


class SourcePoller:
    """Reads one source every `interval` seconds, less often while it fails, and sooner when it is woken."""

    def __init__(self, source: Source, catalogue: Catalogue, interval: float) -> None:
        self.source = source
        self._catalogue = catalogue
        self._interval = interval
        # One look at a time: sources keep what they read last.
        self._reading = threading.Lock()
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._failures = 0
        # Processor seconds that the last look took, and the one before.
        self._costs = (0.0, 0.0)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"source {self.source.name}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is something new; returns at once."""
        self._woken.set()

    def stop(self) -> None:
        self._stopped.set()
        self._woken.set()
        if self._thread:
            # A look at a host that hangs ends by its own timeout, in a daemon thread.
            self._thread.join(timeout=5)

    def look(self) -> None:
        """Read the source now; what it gave is published when this returns. Raises what reading raised."""
        with self._reading:
            # What comes from now on is news that this look may miss.
            self._woken.clear()
            began = time.thread_time()
            try:
                self._catalogue.take(self.source.name, self.source.read())
            except GreenroomError as error:
                self._catalogue.fail(self.source.name, error)
                raise
            finally:
                self._costs = (time.thread_time() - began, self._costs[0])

    def pause(self) -> float:
        """Seconds until the next look, if nobody wakes us."""
        # Ten doublings lead from the shortest interval beyond the longest pause.
        doubled = self._interval * float(1 << min(self._failures, 10))
        return max(self._rest(), min(doubled, max(LONGEST_PAUSE, self._interval)))

    def _rest(self) -> float:
        # A look that found a whole cluster is no measure of the next one.
        return min(self._costs) / SHARE

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._try_to_look()
            self._wait()

    def _wait(self) -> None:
        pause = self.pause()
        if self._failures:
            self._stopped.wait(pause)
            return
        rest = min(pause, max(self._rest(), SOONEST))
        if not self._stopped.wait(rest):
            self._woken.wait(pause - rest)

    def _try_to_look(self) -> None:
        try:
            self.look()
        except GreenroomError as error:
            self._failures += 1
            if self._failures == 1:
                _log.warning("source cannot be read", source=self.source.name, reason=error.message)
        except Exception:  # noqa: BLE001 a fault of ours must neither end the thread nor pass for an answer
            self._failures += 1
            _log.exception("source failed", source=self.source.name)
            self._catalogue.fail(self.source.name, ServiceUnavailableError("It failed; the server's log says how."))
        else:
            if self._failures:
                _log.info("source can be read again", source=self.source.name)
            self._failures = 0
