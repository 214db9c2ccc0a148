"""Runs once: `python -m job`. It ends with 0 when the run is done, and with 1 when it failed."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping

from job.logs import configure_logs
from job.settings import Settings, load_settings
from job.telemetry import traced
from job.work import work

log = logging.getLogger(__name__)


def main(environ: Mapping[str, str], task: Callable[[Settings], None] = work) -> int:
    """One run; its exit code."""
    settings = load_settings(environ)
    configure_logs(settings.log_format)
    try:
        with traced(environ):
            log.info("The run begins")
            task(settings)
            log.info("The run is done")
    except Exception:
        log.exception("The run failed")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
