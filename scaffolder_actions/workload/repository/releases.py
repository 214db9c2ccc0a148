"""The release that a repository is rendered by, of a platform that has releases of its own."""

from __future__ import annotations

from foundation.service import Service, find_release
from foundation.settings import PlatformSettings

RELEASES = "deploy/releases"


def release_copy(service: Service, settings: PlatformSettings) -> dict[str, str]:
    """The text of the service's release by its path: the pipeline and people render by it, who have no other.

    Nothing for a platform with the releases that the command carries itself.
    """
    if settings.releases is None:
        return {}
    release = find_release(service.platform, settings)
    return {f"{RELEASES}/{release.name}.yaml": release.text}
