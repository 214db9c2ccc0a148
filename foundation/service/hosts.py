"""The names in DNS that a service is reached by."""

from __future__ import annotations

from collections.abc import Iterator

from foundation.errors import Problem
from foundation.service.model import Service
from foundation.settings import PlatformSettings
from foundation.yaml import Document

# Where hosts have no environment in front.
PRODUCTION = "production"
# Characters of the name in DNS that a certificate of ACM is asked for:
# https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
LONGEST_PUBLIC = 64
# RFC 1035, 2.3.4, without the root's dot.
LONGEST = 253


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


def host_problems(service: Service, document: Document, settings: PlatformSettings) -> Iterator[Problem]:
    """The hosts that are too long once the environment and the domain are in them."""
    for environment in service.environments:
        host = host_of(service, environment, settings)
        public = service.in_environment(environment).exposure.visibility == "public"
        longest = LONGEST_PUBLIC if public else LONGEST
        if host and len(host) > longest:
            why = "a public certificate has" if public else "DNS takes"
            message = f"exposure.host: {host} has {len(host)} characters in {environment}, and {why} {longest} at most."
            path = ("spec", "exposure", "host")
            yield document.problem(path, message, "Give a shorter host, for this environment under `overrides`.")
