"""What one run does. Replace it with what the job is for."""

from __future__ import annotations

import logging

from job.settings import Settings

log = logging.getLogger(__name__)


def work(settings: Settings) -> None:
    """Do it once. What is raised fails the run, which is then tried again.

    A run may follow one that ended half-way, so begin with what is there.
    """
    log.info("Nothing was left over in %s", settings.environment)
