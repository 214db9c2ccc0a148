"""The memory of this process, as the system counts it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import resource
import sys

import psutil

# The unit of `ru_maxrss`: bytes on macOS, kilobytes on Linux.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def peak_bytes() -> int:
    """The most that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT


def settled_bytes() -> int:
    """What this process holds once all that is free was given back to the system."""
    gc.collect()
    # Only glibc has it; elsewhere the figure holds what is free, too.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return int(psutil.Process().memory_info().rss)
