"""The names in DNS that a service is reached by."""

from __future__ import annotations

from foundation.service.model import Service
from foundation.settings import PlatformSettings

# Where hosts have no environment in front.
PRODUCTION = "production"


def host_of(service: Service, environment: str, settings: PlatformSettings) -> str | None:
    """The host of `service` in `environment`; None where it is not exposed."""
    exposure = service.in_environment(environment).exposure
    if exposure.visibility == "none":
        return None
    here = "" if environment == PRODUCTION else f"{environment}."
    if exposure.host:
        # A host that the environment itself gives is meant as it stands.
        return exposure.host if environment in service.hosts_given else f"{here}{exposure.host}"
    domain = settings.public_domain if exposure.visibility == "public" else settings.internal_domain
    return f"{service.name}.{here}{domain}"
