"""What a service's repository holds beside its code: the catalog's file and the first pages of documentation."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings


def catalog_info(service: Service, settings: PlatformSettings) -> tuple[JsonObject, ...]:
    """The entities of `catalog-info.yaml`, for a Backstage that reads repositories itself."""
    return ()


def documentation(service: Service, settings: PlatformSettings) -> dict[str, str]:
    """The first pages by their paths; written once, and the team's own from then on."""
    return {}
