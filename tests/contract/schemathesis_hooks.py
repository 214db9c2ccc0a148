"""What Schemathesis cannot know by itself: how a packed workspace is sent."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/gzip")
def gzip(_: object, value: Any) -> bytes:
    """Whatever was made up, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode()
