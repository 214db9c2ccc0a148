"""Removes old workspaces, now and then."""

from __future__ import annotations

import logging
import threading

from scaffolder_actions.runs.workspaces import Workspaces

logger = logging.getLogger(__name__)

# Seconds. What is removed is a week old; an hour more or less does not matter.
INTERVAL = 3600.0


class Housekeeping:
    """A thread that collects garbage between `start` and `stop`."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, name="workspaces", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while True:
            try:
                removed = self._workspaces.collect_garbage()
                if removed:
                    logger.info("Removed %d old workspaces", removed)
            except OSError:
                logger.warning("Could not look for old workspaces", exc_info=True)
            if self._stopping.wait(INTERVAL):
                return
