"""Everything that the environment decides, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How the worker runs; `alive` is a file that it touches as long as it goes on."""

    queue_url: str
    environment: str = "local"
    # As the platform searches them; text is for a terminal.
    log_format: str = "json"
    # The one folder that a pod can write to.
    alive: Path = Path("/tmp/alive")  # noqa: S108


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`, whose variables the platform sets. Raises KeyError without a queue."""
    return Settings(
        queue_url=environ["QUEUE_URL"],
        environment=environ.get("ENVIRONMENT", Settings.environment),
        log_format=environ.get("LOG_FORMAT", Settings.log_format),
    )
