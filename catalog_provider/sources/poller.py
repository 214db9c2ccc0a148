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

_log = structlog.get_logger(__name__)


class SourcePoller:
    """Reads one source every `interval` seconds, or less often while it fails."""

    def __init__(self, source: Source, catalogue: Catalogue, interval: float) -> None:
        self.source = source
        self._catalogue = catalogue
        self._interval = interval
        # One look at a time: sources keep what they read last.
        self._reading = threading.Lock()
        self._stopped = threading.Event()
        self._failures = 0
        # Processor seconds that the last look took.
        self._cost = 0.0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"source {self.source.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            # A look at a host that hangs ends by its own timeout, in a daemon thread.
            self._thread.join(timeout=5)

    def look(self) -> None:
        """Read the source now; what it gave is published when this returns. Raises what reading raised."""
        with self._reading:
            began = time.thread_time()
            try:
                reading = self.source.read()
            except GreenroomError as error:
                self._catalogue.fail(self.source.name, error)
                raise
            finally:
                self._cost = time.thread_time() - began
            self._catalogue.take(self.source.name, reading)

    def pause(self) -> float:
        """Seconds until the next look."""
        # Ten doublings lead from the shortest interval beyond the longest pause.
        doubled = self._interval * float(1 << min(self._failures, 10))
        return max(self._cost / SHARE, min(doubled, max(LONGEST_PAUSE, self._interval)))

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._try_to_look()
            self._stopped.wait(self.pause())

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
