"""What is done about a message. Replace it with what the worker is for."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


def handle(body: str) -> None:
    """Work on one message. What is raised leaves it in the queue, from where it comes again.

    The same message may come twice, so do nothing that must not be done twice.
    """
    log.info("Worked on a message of %d characters", len(body))
