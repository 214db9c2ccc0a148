"""Everything that the environment decides, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How the job runs."""

    environment: str = "local"
    # As the platform searches them; text is for a terminal.
    log_format: str = "json"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`, whose variables the platform sets."""
    return Settings(
        environment=environ.get("ENVIRONMENT", Settings.environment),
        log_format=environ.get("LOG_FORMAT", Settings.log_format),
    )
