from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _quiet_log() -> Iterator[None]:
    """Thousands of invented troubles are not worth a line each."""
    with structlog.testing.capture_logs():
        yield
