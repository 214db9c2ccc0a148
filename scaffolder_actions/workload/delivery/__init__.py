"""How a change gets from a commit to production: the pipeline in GitHub Actions."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings


def workflows(service: Service, settings: PlatformSettings) -> dict[str, JsonObject]:
    """Workflow documents by their file name under `.github/workflows`."""
    return {}
