"""Tells the platform whether the worker goes on: `python -m worker.alive` ends with 0 while it does."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from worker.settings import Settings

# Seconds. As long as a message is hidden while it is worked on: after that, another one has it anyway.
LONGEST = 120


def is_alive(file: Path, now: float) -> bool:
    """Whether the worker has begun something lately."""
    return file.exists() and now - file.stat().st_mtime < LONGEST


if __name__ == "__main__":
    sys.exit(0 if is_alive(Settings.alive, time.time()) else 1)
