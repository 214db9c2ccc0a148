"""What can go wrong while the local platform starts, in words for the person who started it."""

from __future__ import annotations

from foundation.errors import GreenroomError


class LocalPlatformError(GreenroomError):
    """A part of the local platform cannot be set up, started or stopped."""
